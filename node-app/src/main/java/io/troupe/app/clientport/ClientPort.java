package io.troupe.app.clientport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.troupe.app.clientport.ClientPortSettings.Secure;
import io.troupe.app.clientport.auth.SaslThreads;
import io.troupe.app.clientport.jute.RequestDecoder;
import io.troupe.edge.Frontend;
import io.troupe.env.Clock;
import io.troupe.env.Entropy;
import io.troupe.metrics.Metrics;
import io.troupe.node.ClientLoad;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server socket for ZooKeeper clients. {@link #start} listens; {@link #stop} closes every connection. Sessions live
 * on until they expire.
 */
public final class ClientPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientPort.class);

    /** How often silent connections are looked for. */
    private static final long TICK_MILLIS = 500;

    /** How often the files of keys and certificates are looked at. */
    private static final long REFRESH_MILLIS = 2_000;

    private static final long STOP_SECONDS = 5;

    private final PortContext context;
    private final SocketTransport transport;
    private final EventLoopGroup group;
    private final Map<EventExecutor, LoopConnections> loops;
    private final @Nullable TlsFront tls;
    private final SharedReadSizes readSizes = new SharedReadSizes();
    private final List<Channel> listeners = new ArrayList<>();

    private ClientPort(
            PortContext context,
            SocketTransport transport,
            EventLoopGroup group,
            Map<EventExecutor, LoopConnections> loops,
            @Nullable TlsFront tls) {
        this.context = context;
        this.transport = transport;
        this.group = group;
        this.loops = loops;
        this.tls = tls;
    }

    /**
     * Listens and accepts clients for {@code frontend}.
     *
     * @param metrics what the node counts and measures, shown to operators; the port adds its own
     * @throws IOException when an address cannot be listened on; the message names host and port
     */
    public static ClientPort start(
            ClientPortSettings settings, Frontend frontend, Clock clock, Entropy entropy, Metrics metrics)
            throws IOException {
        return start(settings, frontend, clock, ClientLimits.of(settings, clock, entropy), metrics);
    }

    /**
     * The same beside other ports.
     *
     * @param limits of clients of all ports
     */
    public static ClientPort start(
            ClientPortSettings settings, Frontend frontend, Clock clock, ClientLimits limits, Metrics metrics)
            throws IOException {
        SocketTransport transport = SocketTransport.best();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                settings.eventLoops(), new DefaultThreadFactory("client-port", true), transport.handlers());
        Map<EventExecutor, LoopConnections> loops = new LinkedHashMap<>();
        group.forEach(loop -> loops.put(loop, new LoopConnections((EventLoop) loop, frontend)));
        PortContext context = context(settings, frontend, clock, limits, metrics, List.copyOf(loops.values()));
        Secure secure = settings.secure();
        TlsFront tls = secure == null ? null : new TlsFront(secure.context(), context.statistics());
        ClientPort port = new ClientPort(context, transport, group, loops, tls);
        try {
            port.listen();
        } catch (IOException e) {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
            throw e;
        }
        port.beginTicks();
        return port;
    }

    private void listen() throws IOException {
        ClientPortSettings settings = context.settings();
        LOG.info("sockets of clients are served with {}", transport.words());
        Secure secure = settings.secure();
        if (settings.port() >= 0) {
            boolean both = secure != null && secure.context().settings().onClientPort();
            Acceptor.Greeting greeting = tls == null || !both ? this::inPlaintext : tls::encryptIfAsked;
            listeners.add(listen(settings.host(), settings.port(), greeting));
            LOG.info("clients are welcome at {}{}", address(), both ? ", with and without TLS" : "");
        }
        if (secure != null && tls != null && secure.port() >= 0) {
            listeners.add(listen(secure.host(), secure.port(), tls::encrypt));
            LOG.info("clients that speak TLS are welcome at {}", secureAddress());
        }
    }

    private void inPlaintext(SocketChannel channel, ClientConnection connection, InetSocketAddress peer) {
        context.statistics().cameWithoutCertificate(peer, channel.localAddress());
    }

    private Channel listen(String host, int port, Acceptor.Greeting greeting) throws IOException {
        ClientLoad.Connections connections = context.settings().load().connections();
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(transport.listener())
                .option(ChannelOption.SO_BACKLOG, connections.backlog())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, readSizes)
                .childOption(ChannelOption.SO_KEEPALIVE, connections.keepAlive())
                .childHandler(new Acceptor(context, loops, greeting))
                .bind(host, port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw failure(host, port, bound.cause());
        }
        return bound.channel();
    }

    private void beginTicks() {
        for (LoopConnections connections : loops.values()) {
            repeat(connections.loop(), connections::tick, TICK_MILLIS, "silent clients are no longer looked for");
        }
        repeat(group.next(), context.episodes()::tick, TICK_MILLIS, "clients in trouble are no longer counted");
        if (tls != null && tls.refreshes()) {
            repeat(group.next(), tls::refresh, REFRESH_MILLIS, "changed certificates are no longer looked for");
        }
    }

    private static void repeat(EventExecutor loop, Runnable action, long everyMillis, String end) {
        loop.scheduleWithFixedDelay(action, everyMillis, everyMillis, TimeUnit.MILLISECONDS)
                .addListener(ended -> {
                    if (!ended.isCancelled()) {
                        LOG.error(end, ended.cause());
                    }
                });
    }

    private static IOException failure(String host, int port, Throwable cause) {
        String place = host + ":" + port;
        return cause instanceof BindException
                ? new IOException(
                        "cannot listen for clients at " + place + ": the port is in use or the address is"
                                + " not this host's",
                        cause)
                : new IOException("cannot listen for clients at " + place + ": " + cause.getMessage(), cause);
    }

    private static PortContext context(
            ClientPortSettings settings,
            Frontend frontend,
            Clock clock,
            ClientLimits limits,
            Metrics metrics,
            List<LoopConnections> loops) {
        PortStatistics statistics = new PortStatistics(metrics);
        ConnectionsOfLoops connections = new ConnectionsOfLoops(loops);
        StatusTexts texts = new StatusTexts(settings, frontend::status, statistics, metrics, connections);
        MonitorText monitor = new MonitorText(frontend, statistics, limits.connectRate(), metrics, clock);
        FourLetterWords words = new FourLetterWords(settings, texts, monitor, frontend);
        return new PortContext(
                settings,
                frontend,
                clock,
                statistics,
                SaslThreads.named("client-port-sasl"),
                new RequestDecoder(
                        settings.ttlEnabled(),
                        settings.reconfigEnabled(),
                        settings.authenticators().aclSyntax()),
                limits,
                new PortLoad(settings.load(), metrics),
                AllUnsent.ofHeap(settings.limits().maxUnsentBytes()),
                new Episodes(clock),
                words,
                new PortStatus(settings, texts, monitor, words, statistics, connections));
    }

    /** Where it listens for clients without TLS. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listeners.get(0).localAddress();
    }

    /** Where it listens for clients that speak TLS. */
    public InetSocketAddress secureAddress() {
        return (InetSocketAddress) listeners.get(listeners.size() - 1).localAddress();
    }

    /** Counts since the start. */
    public PortStatistics statistics() {
        return context.statistics();
    }

    /** What it can tell of itself. */
    public PortStatus status() {
        return context.status();
    }

    /** What the replies and events hold that clients have not taken yet. */
    long unsentBytes() {
        return context.allUnsent().bytes();
    }

    /** What is known of every connection at this moment. */
    public CompletableFuture<List<ConnectionReport>> connections() {
        return new ConnectionsOfLoops(List.copyOf(loops.values())).reports();
    }

    /** Accepts nobody any more, closes all connections and waits for that, for a few seconds at most. */
    public void stop() {
        if (group.isShuttingDown()) {
            return;
        }
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        for (LoopConnections connections : loops.values()) {
            // Closed connections take no more frames, whose work the threads that end next would refuse.
            connections.loop().submit(connections::closeAll).awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
        }
        // Steps hand their answers to the event loops, which must still be there.
        context.saslThreads().shutdown();
        try {
            if (!context.saslThreads().awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a SASL step still runs after {} s; it is left alone", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
        if (tls != null) {
            tls.stop();
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** Sets up accepted connections, or closes those that one address has too many of. */
    private static final class Acceptor extends ChannelInitializer<SocketChannel> {
        /** What is put between an accepted connection and its client. */
        interface Greeting {
            void prepare(SocketChannel channel, ClientConnection connection, InetSocketAddress peer);
        }

        private final PortContext context;
        private final Map<EventExecutor, LoopConnections> loops;
        private final Greeting greeting;

        Acceptor(PortContext context, Map<EventExecutor, LoopConnections> loops, Greeting greeting) {
            this.context = context;
            this.loops = loops;
            this.greeting = greeting;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            InetSocketAddress peer = channel.remoteAddress();
            LoopConnections siblings = loops.get(channel.eventLoop());
            if (peer == null || siblings == null) {
                channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
                return;
            }
            String refusal = context.limits().addresses().refusal(peer.getAddress());
            if (refusal != null) {
                context.episodes().tell(Episodes.Kind.REFUSED, peer, "refused, " + refusal);
                context.statistics().connectionRejected();
                channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
                return;
            }
            ClientConnection connection = new ClientConnection(context, siblings, channel, peer);
            context.statistics().connectionOpened();
            siblings.add(connection);
            channel.pipeline().addLast(connection.codec());
            greeting.prepare(channel, connection, peer);
        }
    }

    /** Asks each event loop in its own thread and puts the answers together. */
    private record ConnectionsOfLoops(List<LoopConnections> loops) implements StatusTexts.Connections {
        @Override
        public CompletableFuture<List<ConnectionReport>> reports() {
            CompletableFuture<List<ConnectionReport>> all = CompletableFuture.completedFuture(List.of());
            for (LoopConnections connections : loops) {
                all = all.thenCombine(
                        CompletableFuture.supplyAsync(connections::reports, connections.loop()),
                        ConnectionsOfLoops::joined);
            }
            return all;
        }

        private static List<ConnectionReport> joined(List<ConnectionReport> some, List<ConnectionReport> more) {
            List<ConnectionReport> joined = new ArrayList<>(some);
            joined.addAll(more);
            return joined;
        }

        @Override
        public CompletableFuture<Void> resetStatistics() {
            return CompletableFuture.allOf(loops.stream()
                    .map(l -> CompletableFuture.runAsync(l::resetStatistics, l.loop()))
                    .toArray(CompletableFuture<?>[]::new));
        }
    }
}
