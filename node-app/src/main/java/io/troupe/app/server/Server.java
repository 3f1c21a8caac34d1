package io.troupe.app.server;

import akka.remote.artery.tcp.SSLEngineProvider;
import com.typesafe.config.Config;
import io.troupe.actorport.ActorPortSettings;
import io.troupe.app.audit.AuditFiles;
import io.troupe.app.audit.AuditTrail;
import io.troupe.app.audit.ClientAudit;
import io.troupe.app.clientport.ClientLimits;
import io.troupe.app.clientport.ClientPort;
import io.troupe.app.clientport.ClientPortSettings;
import io.troupe.app.clientport.ClientPortSettings.Limits;
import io.troupe.app.clientport.ClientPortSettings.Secure;
import io.troupe.app.clientport.ClientPortSettings.ShownConfiguration;
import io.troupe.app.clientport.PortStatus;
import io.troupe.app.clientport.auth.ActorIdentification;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.app.console.Console;
import io.troupe.app.console.Surroundings;
import io.troupe.app.tls.PeerEngines;
import io.troupe.app.tls.TlsContext;
import io.troupe.edge.Audit;
import io.troupe.edge.Frontend;
import io.troupe.env.system.SystemClock;
import io.troupe.env.system.SystemEntropy;
import io.troupe.node.ConfigurationException;
import io.troupe.node.Interposer;
import io.troupe.node.NodeRunner;
import io.troupe.node.NodeSettings;
import io.troupe.node.NodeStartException;
import io.troupe.node.ProcessSettings;
import io.troupe.node.TlsSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server: a node, the port where ZooKeeper clients reach it, and the one where operators do. Thread-safe. */
public final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /** How long the start of the HTTP port leaves the processor to a node that does not serve yet. */
    private static final long CONSOLE_PATIENCE_MILLIS = 3_000;

    private static final long POLL_MILLIS = 50;

    private final NodeRunner node;
    private final ProcessSettings process;
    private final ClientPortSettings settings;
    private final ClientLimits limits;
    private final @Nullable TlsContext httpTls;
    private final @Nullable AuditTrail trail;
    private final SystemClock clock;
    private @Nullable ClientPort port;
    private @Nullable Console console;
    private boolean stopped;

    private Server(
            NodeRunner node,
            ProcessSettings process,
            ClientPortSettings settings,
            ClientLimits limits,
            @Nullable TlsContext httpTls,
            @Nullable AuditTrail trail,
            SystemClock clock) {
        this.node = node;
        this.process = process;
        this.settings = settings;
        this.limits = limits;
        this.httpTls = httpTls;
        this.trail = trail;
        this.clock = clock;
    }

    /**
     * Starts the node; {@link #open} has it take clients, once {@link NodeRunner#frontend()} is there.
     *
     * @param process what to run
     * @param operator what it was read from
     * @param authenticators what clients can prove of themselves
     * @param tls keys and certificates; null where the settings encrypt nothing
     * @param interposer what stands between the node and its machine
     * @throws NodeStartException when the data directory or the peer port cannot be used
     * @throws ConfigurationException when the files that protect the peer port or the HTTP port cannot be used
     */
    public static Server start(
            ProcessSettings process,
            Config operator,
            Authenticators authenticators,
            @Nullable TlsContext tls,
            Interposer interposer)
            throws NodeStartException {
        Optional<SSLEngineProvider> peerTls = PeerEngines.of(process.peers());
        TlsSettings http = process.http().tls();
        TlsContext httpTls = http == null ? null : TlsContext.load(http);
        SystemClock clock = new SystemClock();
        AuditTrail trail = AuditFiles.trail(process, clock);
        Authenticators booked = trail == null
                ? authenticators
                : authenticators.with(new ClientAudit(trail, process.audit().level(), authenticators::shown));
        ClientPortSettings clients = clientPort(process, booked, tls);
        ClientLimits limits = ClientLimits.of(clients, clock, new SystemEntropy());
        Server server;
        try {
            NodeRunner node = NodeRunner.start(
                    process.node(), operator, actorPort(process, booked, limits), peerTls, booked.audit(), interposer);
            server = new Server(node, process, clients, limits, httpTls, trail, clock);
            if (trail != null) {
                trail.countIn(node.metrics());
                AuditFiles.prepare(process);
                trail.record(() -> Map.of("operation", "serverStart", "result", "success"));
            }
        } catch (NodeStartException e) {
            if (trail != null) {
                trail.close();
            }
            clock.close();
            throw e;
        }
        if (server.hasOwnHttpPort()) {
            long now = server.clock.monotonicMillis();
            server.openConsole(now + CONSOLE_PATIENCE_MILLIS);
        }
        return server;
    }

    /** Another of the node's ports may have the number that this one has by default: that one is needed more. */
    private boolean hasOwnHttpPort() {
        int http = process.http().port();
        NodeSettings others = process.node();
        if (http > 0
                && (http == others.clientPort() || http == others.secureClientPort() || http == others.peerPort())) {
            LOG.warn(
                    "HTTP is off: its port {} is also another of this node; set troupe.http.port to one of its own, or to 0 for none",
                    http);
            return false;
        }
        return http > 0;
    }

    /**
     * Operators are let in once the node serves, so that they do not make its start longer; or, so that they see what keeps it, at
     * {@code latestMillis}.
     */
    private void openConsole(long latestMillis) {
        boolean serves = frontend().filter(f -> f.status().serving()).isPresent();
        if (serves || clock.monotonicMillis() >= latestMillis) {
            new Thread(this::openConsole, "http-start").start();
        } else if (!node.terminated().toCompletableFuture().isDone()) {
            CompletableFuture.runAsync(
                            () -> openConsole(latestMillis),
                            CompletableFuture.delayedExecutor(POLL_MILLIS, TimeUnit.MILLISECONDS))
                    .exceptionally(failure -> {
                        LOG.error("HTTP is off: its start failed", failure);
                        return null;
                    });
        }
    }

    private void openConsole() {
        Console opened;
        try {
            opened = Console.open(new Surroundings(
                    process,
                    this::frontend,
                    this::clients,
                    node.metrics(),
                    node.overview(),
                    settings.authenticators().with(Audit.NONE),
                    httpTls,
                    trail,
                    clock));
        } catch (RuntimeException e) {
            LOG.error("HTTP is off: its start failed", e);
            return;
        }
        synchronized (this) {
            if (!stopped) {
                console = opened;
                return;
            }
        }
        opened.close();
    }

    private Optional<Frontend> frontend() {
        CompletableFuture<Frontend> found = node.frontend().toCompletableFuture();
        return found.isDone() && !found.isCompletedExceptionally() ? Optional.of(found.join()) : Optional.empty();
    }

    private synchronized Optional<PortStatus> clients() {
        return port == null ? Optional.empty() : Optional.of(port.status());
    }

    /** The node, which may have ended. */
    public NodeRunner node() {
        return node;
    }

    /**
     * Listens for clients, if it does not yet.
     *
     * @param frontend of the node
     * @throws IOException when the port cannot be listened on; the message names it
     */
    public synchronized void open(Frontend frontend) throws IOException {
        if (port == null) {
            port = ClientPort.start(settings, frontend, clock, limits, node.metrics());
        }
    }

    /** Ends the connections of ZooKeeper clients and listens no more, until {@link #open}. Their sessions live on. */
    public synchronized void close() {
        if (port != null) {
            port.stop();
            port = null;
        }
    }

    /** Leadership first, while there are others to take it; then clients, so that none is answered by half a node; then the rest. */
    public void stop() {
        node.handOver();
        stopAtOnce();
    }

    /** {@link #stop} without handing leadership over. */
    public void stopAtOnce() {
        close();
        node.stop();
        Console open;
        synchronized (this) {
            stopped = true;
            open = console;
        }
        if (open != null) {
            open.close();
        }
        if (trail != null) {
            trail.record(() -> Map.of("operation", "serverStop", "result", "invoked"));
            trail.close();
        }
        clock.close();
    }

    private static Optional<ActorPortSettings> actorPort(
            ProcessSettings process, Authenticators authenticators, ClientLimits limits) {
        NodeSettings node = process.node();
        return process.actorClients()
                ? Optional.of(new ActorPortSettings(
                        new ActorIdentification(authenticators),
                        limits,
                        node.minSessionTimeout(),
                        node.maxSessionTimeout(),
                        process.ttlNodes(),
                        process.reconfig(),
                        process.localSessionsUpgrade(),
                        process.maxRequestBytes(),
                        authenticators.audit()))
                : Optional.empty();
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
