package io.troupe.app.console;

import io.troupe.app.tls.TlsContext;
import io.troupe.node.HttpSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** Jetty, as small as it goes: a thread that waits for requests, one or more that answer, and a timer. */
final class HttpPort implements AutoCloseable {
    private static final int MOST_THREADS = 4;
    private static final int LEAST_THREADS = 2;
    private static final int IDLE_MILLIS = 30_000;

    /** Connections beside those of streams. */
    private static final int CONNECTIONS = 128;

    private static final int MOST_HEADER_BYTES = 16 << 10;

    private static final int LARGEST_BUFFER = 64 << 10;
    private static final int BUFFERS_OF_A_SIZE = 64;
    private static final long MOST_POOLED = 2 << 20;

    private final Server server;
    private final ServerConnector connector;
    private final QueuedThreadPool threads;
    private final Scheduler scheduler;

    /**
     * Does not listen yet.
     *
     * @param tls keys and certificates; null where nothing is encrypted
     */
    HttpPort(HttpSettings settings, @Nullable TlsContext tls) {
        threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS, IDLE_MILLIS);
        threads.setName("http");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        scheduler = new ScheduledExecutorScheduler("http-timer", true);
        server = new Server(threads, scheduler, buffers());
        // Who asks is no reason to stop later.
        server.setStopTimeout(0);
        server.setErrorHandler(HttpPort::explain);
        connector = connector(settings, tls);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(CONNECTIONS + settings.watchStreams(), connector));
    }

    /** Jetty would keep a part of the heap otherwise that grows with the heap. */
    private static ByteBufferPool buffers() {
        return new ArrayByteBufferPool(0, -1, LARGEST_BUFFER, BUFFERS_OF_A_SIZE, MOST_POOLED, MOST_POOLED);
    }

    /** The one place that knows how a connection begins. */
    private ServerConnector connector(HttpSettings settings, @Nullable TlsContext tls) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(MOST_HEADER_BYTES);
        ConnectionFactory[] beginnings =
                tls == null ? new ConnectionFactory[] {new HttpConnectionFactory(http)} : HttpTls.factories(tls, http);
        ServerConnector made = new ServerConnector(server, 0, 1, beginnings);
        made.setHost(settings.host());
        made.setPort(settings.port());
        made.setIdleTimeout(IDLE_MILLIS);
        return made;
    }

    /** Where answers are made that do not come from the thread of a request. */
    Executor executor() {
        return threads;
    }

    /** Runs an action once, later. */
    void schedule(Runnable action, long millis) {
        scheduler.schedule(action, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Listens.
     *
     * @throws IOException when it cannot
     */
    void open(Handler handler) throws IOException {
        server.setHandler(handler);
        try {
            server.start();
        } catch (IOException e) {
            close();
            throw e;
        } catch (Exception e) {
            close();
            throw new IOException(e.toString(), e);
        }
    }

    /** Where it listens. */
    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP port does not stop", e);
        }
    }

    /** What Jetty itself refuses, before any route is looked for. */
    private static boolean explain(Request request, Response response, Callback callback) {
        Reply reply = Problem.of(
                        response.getStatus(),
                        "malformed",
                        "The request cannot be read",
                        "it is no request of HTTP/1.1 as this port takes them")
                .reply();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        Content.Sink.write(response, true, new String(reply.body(), StandardCharsets.UTF_8), callback);
        return true;
    }
}
