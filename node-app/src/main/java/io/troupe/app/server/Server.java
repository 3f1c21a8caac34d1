package io.troupe.app.server;

import com.typesafe.config.Config;
import io.troupe.actorport.ActorPortSettings;
import io.troupe.app.clientport.ClientLimits;
import io.troupe.app.clientport.ClientPort;
import io.troupe.app.clientport.ClientPortSettings;
import io.troupe.app.clientport.ClientPortSettings.Limits;
import io.troupe.app.clientport.ClientPortSettings.Secure;
import io.troupe.app.clientport.ClientPortSettings.ShownConfiguration;
import io.troupe.app.clientport.auth.ActorIdentification;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.app.clientport.tls.TlsContext;
import io.troupe.edge.Frontend;
import io.troupe.env.system.SystemClock;
import io.troupe.env.system.SystemEntropy;
import io.troupe.node.Interposer;
import io.troupe.node.NodeRunner;
import io.troupe.node.NodeSettings;
import io.troupe.node.NodeStartException;
import io.troupe.node.ProcessSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One server: a node, and the port where ZooKeeper clients reach it. Thread-safe. */
public final class Server {
    private final NodeRunner node;
    private final ClientPortSettings settings;
    private final ClientLimits limits;
    private final SystemClock clock;
    private @Nullable ClientPort port;

    private Server(NodeRunner node, ClientPortSettings settings, ClientLimits limits, SystemClock clock) {
        this.node = node;
        this.settings = settings;
        this.limits = limits;
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
     */
    public static Server start(
            ProcessSettings process,
            Config operator,
            Authenticators authenticators,
            @Nullable TlsContext tls,
            Interposer interposer)
            throws NodeStartException {
        ClientPortSettings clients = clientPort(process, authenticators, tls);
        SystemClock clock = new SystemClock();
        ClientLimits limits = ClientLimits.of(clients, clock, new SystemEntropy());
        try {
            NodeRunner node =
                    NodeRunner.start(process.node(), operator, actorPort(process, authenticators, limits), interposer);
            return new Server(node, clients, limits, clock);
        } catch (NodeStartException e) {
            clock.close();
            throw e;
        }
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
                        process.maxRequestBytes()))
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
