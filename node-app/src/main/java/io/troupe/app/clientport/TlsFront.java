package io.troupe.app.clientport;

import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.troupe.app.tls.TlsContext;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Puts TLS in front of connections, and keeps the number of handshakes within bounds. Thread-safe. */
final class TlsFront {
    /** Handshakes are the one thing here that takes a processor for milliseconds. */
    private static final int THREADS = 2;

    private static final long IDLE_SECONDS = 30;

    private final TlsContext context;
    private final PortStatistics statistics;
    private final ExecutorService threads;
    private final AtomicInteger handshakes = new AtomicInteger();

    TlsFront(TlsContext context, PortStatistics statistics) {
        this.context = context;
        this.statistics = statistics;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("client-port-tls", true));
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    /** Encrypts a connection that has just been accepted. */
    void encrypt(SocketChannel channel, ClientConnection connection, InetSocketAddress peer) {
        int most = context.settings().handshakes();
        if (handshakes.incrementAndGet() > most && most > 0) {
            handshakes.decrementAndGet();
            statistics.handshakeExceeded();
            connection.drop("came while " + most + " others were at their TLS handshake");
            return;
        }
        statistics.handshakeBegun();
        SslHandler tls = new SslHandler(context.engine(peer), false, threads);
        tls.setHandshakeTimeoutMillis(context.settings().handshakeTimeout().toMillis());
        tls.handshakeFuture().addListener(done -> {
            handshakes.decrementAndGet();
            statistics.handshakeEnded(done.isSuccess());
        });
        channel.pipeline().addFirst(tls, new TlsGate(tls, channel, connection));
    }

    /** Encrypts a connection if its client wants that. */
    void encryptIfAsked(SocketChannel channel, ClientConnection connection, InetSocketAddress peer) {
        channel.pipeline().addFirst(new FirstByte(asked -> {
            if (asked) {
                encrypt(channel, connection, peer);
            } else {
                statistics.cameWithoutCertificate(peer, channel.localAddress());
            }
        }));
    }

    /** Has files that changed read again. */
    void refresh() {
        threads.execute(context::refresh);
    }

    boolean refreshes() {
        return context.settings().reload();
    }

    void stop() {
        threads.shutdownNow();
    }
}
