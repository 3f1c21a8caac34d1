package io.troupe.app.command;

import ch.qos.logback.classic.LoggerContext;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.app.config.JaasSection;
import io.troupe.app.config.OperatorFile;
import io.troupe.app.config.TheirNames;
import io.troupe.app.server.Server;
import io.troupe.app.tls.TlsContext;
import io.troupe.node.ConfigurationException;
import io.troupe.node.ExitReason;
import io.troupe.node.ExitReason.Kind;
import io.troupe.node.Interposer;
import io.troupe.node.NodeRunner;
import io.troupe.node.NodeSettings;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.NodeStartException;
import io.troupe.node.PeerSecurity;
import io.troupe.node.ProcessSettings;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
            " 9:a port is in use",
            "10:the other nodes run a release that this one cannot speak with"
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
        Config operator = ConfigFactory.empty();
        ExitReason reason;
        try {
            operator = configuration();
            reason = run(operator);
        } catch (ConfigurationException e) {
            reason = new ExitReason(Kind.BAD_CONFIGURATION, String.valueOf(e.getMessage()));
        }
        if (reason.kind() != Kind.STOPPED) {
            errors.println("troupe: " + TheirNames.in(reason.cause(), operator));
        }
        return reason.kind().status();
    }

    /** In every line of the log; by its place where the id is yet to be assigned. */
    private static String nameOf(NodeSettings settings) {
        return settings.nodeId() > 0
                ? "node-" + settings.nodeId()
                : "node-at-" + settings.host() + ":" + settings.peerPort();
    }

    private Config configuration() {
        if (file == null) {
            throw new ConfigurationException("name the configuration file");
        }
        return OperatorFile.load(file);
    }

    private ExitReason run(Config operator) {
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
        warnIfOpen(process);
        try {
            return serve(Server.start(process, operator, authenticators, tls, Interposer.NONE));
        } catch (NodeStartException e) {
            return e.reason();
        }
    }

    private static void warnIfOpen(ProcessSettings process) {
        if (process.peers() instanceof PeerSecurity.None none && none.beyondLoopback()) {
            LOG.warn(
                    "whoever reaches {}:{} can speak as a node: let a firewall admit the other nodes only, or give all of them"
                            + " one secret (troupe.peer-tls.secret-file)",
                    process.node().bindHost(),
                    process.node().peerPort());
        }
    }

    private ExitReason serve(Server server) {
        NodeRunner node = server.node();
        CompletableFuture<ExitReason> ended = node.terminated().toCompletableFuture();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
        try {
            server.open(node.frontend().toCompletableFuture().join());
            ClassArchive.wanted(environment).ifPresent(ClassArchive::makeLater);
        } catch (CompletionException e) {
            LOG.debug("the node ended before it could serve", e);
        } catch (IOException e) {
            server.stopAtOnce();
            return new ExitReason(Kind.PORT_IN_USE, String.valueOf(e.getMessage()));
        }
        ExitReason reason = ended.join();
        server.close();
        return reason;
    }

    /** SIGTERM. */
    private static void stop(Server server) {
        if (server.node().terminated().toCompletableFuture().isDone()) {
            return;
        }
        LOG.info("stopping");
        server.stop();
        LOG.info("stopped");
    }
}
