package io.troupe.app.command;

import ch.qos.logback.classic.LoggerContext;
import com.typesafe.config.Config;
import io.troupe.actorport.ActorPortSettings;
import io.troupe.app.clientport.ClientPort;
import io.troupe.app.clientport.ClientPortSettings;
import io.troupe.app.clientport.ClientPortSettings.Limits;
import io.troupe.app.clientport.ClientPortSettings.Secure;
import io.troupe.app.clientport.ClientPortSettings.ShownConfiguration;
import io.troupe.app.clientport.auth.ActorIdentification;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.app.clientport.tls.TlsContext;
import io.troupe.app.config.JaasSection;
import io.troupe.app.config.OperatorFile;
import io.troupe.edge.Frontend;
import io.troupe.env.system.SystemClock;
import io.troupe.env.system.SystemEntropy;
import io.troupe.node.ConfigurationException;
import io.troupe.node.ExitReason;
import io.troupe.node.ExitReason.Kind;
import io.troupe.node.NodeRunner;
import io.troupe.node.NodeSettings;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.NodeStartException;
import io.troupe.node.ProcessSettings;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code troupe server FILE}: one node in the foreground, until it is told to stop or has to. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        description = "Runs one node in the foreground.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            " 0:stopped as asked (143 when asked by SIGTERM)",
            " 1:anything without a status of its own",
            " 2:bad configuration or command line",
            " 3:memory exhausted",
            " 4:data directory unusable",
            " 5:data directory in use by another process",
            " 6:data written by a newer release",
            " 7:a write or fsync failed",
            " 8:this node's tree differs from the leader's",
            " 9:a port is in use"
        })
public final class ServerCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCommand.class);

    @Parameters(paramLabel = "FILE", description = "configuration file, see application.conf")
    @Nullable
    File file;

    private final PrintStream errors;
    private final Map<String, String> environment;

    /**
     * A command that can be run once.
     *
     * @param errors where the cause of a failure is written, in one line
     * @param environment of the process, by which the launcher asks for an archive of classes
     */
    public ServerCommand(PrintStream errors, Map<String, String> environment) {
        this.errors = errors;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Integer call() {
        ExitReason reason;
        try {
            reason = run();
        } catch (ConfigurationException e) {
            reason = new ExitReason(Kind.BAD_CONFIGURATION, String.valueOf(e.getMessage()));
        }
        if (reason.kind() != Kind.STOPPED) {
            errors.println("troupe: " + reason.cause());
        }
        return reason.kind().status();
    }

    /** In every line of the log; by its place where the id is yet to be assigned. */
    private static String nameOf(NodeSettings settings) {
        return settings.nodeId() > 0
                ? "node-" + settings.nodeId()
                : "node-at-" + settings.host() + ":" + settings.peerPort();
    }

    private ExitReason run() {
        if (file == null) {
            throw new ConfigurationException("name the configuration file");
        }
        Config operator = OperatorFile.load(file);
        ProcessSettings process = NodeSettingsReader.read(operator);
        NodeSettings settings = process.node();
        Authenticators authenticators = Authenticators.of(process.auth(), JaasSection.read(process.auth()));
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.putProperty("node", nameOf(settings));
        }
        TlsContext tls = process.encrypts() ? TlsContext.load(process.tls()) : null;
        Optional<String> taken = PortCheck.problem(
                        "troupe.client-port", settings.clientBindHost(), settings.clientPort())
                .or(() -> PortCheck.problem(
                        "troupe.secure-client-port", settings.secureClientBindHost(), settings.secureClientPort()))
                .or(() -> PortCheck.problem("troupe.peer-port", settings.bindHost(), settings.peerPort()));
        if (taken.isPresent()) {
            return new ExitReason(Kind.PORT_IN_USE, taken.get());
        }
        LOG.info(
                "starting {} of an ensemble at {}; clients at {}:{}, data in {}",
                nameOf(settings),
                settings.seeds().stream()
                        .map(seed -> seed.host() + ":" + seed.port())
                        .collect(Collectors.joining(", ")),
                settings.clientBindHost(),
                settings.listedClientPort(),
                settings.dataDir());
        try {
            return serve(
                    clientPort(process, authenticators, tls),
                    NodeRunner.start(settings, operator, actorPort(process, authenticators)));
        } catch (NodeStartException e) {
            return e.reason();
        }
    }

    private static Optional<ActorPortSettings> actorPort(ProcessSettings process, Authenticators authenticators) {
        NodeSettings node = process.node();
        return process.actorClients()
                ? Optional.of(new ActorPortSettings(
                        new ActorIdentification(authenticators),
                        node.minSessionTimeout(),
                        node.maxSessionTimeout(),
                        process.ttlNodes(),
                        process.localSessionsUpgrade(),
                        process.maxRequestBytes()))
                : Optional.empty();
    }

    private ExitReason serve(ClientPortSettings settings, NodeRunner node) {
        AtomicReference<@Nullable ClientPort> port = new AtomicReference<>();
        CompletableFuture<ExitReason> ended = node.terminated().toCompletableFuture();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node, port.get()), "stop"));
        try {
            Frontend frontend = node.frontend().toCompletableFuture().join();
            port.set(ClientPort.start(settings, frontend, new SystemClock(), new SystemEntropy(), node.metrics()));
            ClassArchive.wanted(environment).ifPresent(ClassArchive::makeLater);
        } catch (CompletionException e) {
            LOG.debug("the node ended before it could serve", e);
        } catch (IOException e) {
            node.stop();
            return new ExitReason(Kind.PORT_IN_USE, String.valueOf(e.getMessage()));
        }
        ExitReason reason = ended.join();
        close(port.get());
        return reason;
    }

    /** SIGTERM: leadership first, while there are others to take it; then clients, so that none is answered by half a node. */
    private static void stop(NodeRunner node, @Nullable ClientPort port) {
        if (node.terminated().toCompletableFuture().isDone()) {
            return;
        }
        LOG.info("stopping");
        node.handOver();
        close(port);
        node.stop();
        LOG.info("stopped");
    }

    private static void close(@Nullable ClientPort port) {
        if (port != null) {
            port.stop();
        }
    }

    private static ClientPortSettings clientPort(
            ProcessSettings settings, Authenticators authenticators, @Nullable TlsContext tls) {
        NodeSettings node = settings.node();
        Limits usual = Limits.DEFAULT;
        return new ClientPortSettings(
                node.clientBindHost(),
                orNone(node.clientPort()),
                tls == null ? null : new Secure(node.secureClientBindHost(), orNone(node.secureClientPort()), tls),
                settings.clientThreads(),
                node.minSessionTimeout(),
                node.maxSessionTimeout(),
                node.maxConnectionsPerAddress(),
                Set.copyOf(node.fourLetterWords()),
                settings.ttlNodes(),
                settings.reconfig(),
                settings.localSessionsUpgrade(),
                authenticators,
                node.dataDir(),
                new Limits(
                        settings.maxRequestBytes(),
                        usual.maxOutstandingRequests(),
                        usual.maxOutstandingBytes(),
                        usual.maxUnsentBytes()),
                settings.load(),
                shown(node));
    }

    private static int orNone(int port) {
        return port == 0 ? -1 : port;
    }

    private static ShownConfiguration shown(NodeSettings node) {
        long tick = node.heartbeat().tick().toMillis();
        return new ShownConfiguration(
                tick,
                ticks(node.broadcast().syncDeadline(), tick),
                ticks(node.broadcast().proposalDeadline(), tick),
                node.peerPort());
    }

    private static long ticks(Duration length, long tickMillis) {
        return Math.max(1, Math.round((double) length.toMillis() / tickMillis));
    }
}
