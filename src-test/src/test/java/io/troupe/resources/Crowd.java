package io.troupe.resources;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.troupe.conformance.frames.Request;
import io.troupe.process.EnsembleProcesses;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Thousands of sessions in one thread, spread evenly over the servers. Thread-safe. */
final class Crowd implements AutoCloseable {
    private static final int TURN_MILLIS = 10;

    private final List<Integer> ports;
    private final Selector selector;
    private final Thread thread = new Thread(this::run, "crowd");
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<CheapClient> clients = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger expired = new AtomicInteger();
    private final AtomicLong replies = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong watchesSet = new AtomicLong();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean comesBack;
    private volatile boolean closing;

    /** Nobody yet. */
    Crowd(EnsembleProcesses ensemble) throws IOException {
        this(ensemble.servers().stream().map(s -> s.address().clientPort()).toList());
    }

    /** Nobody yet, of the servers at these ports. */
    Crowd(List<Integer> ports) throws IOException {
        this.ports = List.copyOf(ports);
        this.selector = Selector.open();
        thread.setDaemon(true);
        thread.start();
    }

    List<Integer> ports() {
        return ports;
    }

    /** So many more ask for sessions with this timeout. */
    void join(int count, int timeoutMillis) {
        perform(() -> {
            for (int i = 0; i < count; i++) {
                clients.add(new CheapClient(this, clients.size(), timeoutMillis));
            }
        });
    }

    /** Whether those who lose their connection look for another. */
    void comeBack(boolean wanted) {
        comesBack = wanted;
    }

    boolean comesBack() {
        return comesBack;
    }

    /** Each sends requests of its own, in one go. */
    void ask(IntFunction<List<Request>> requests) {
        perform(() -> {
            long now = now();
            for (int i = 0; i < clients.size(); i++) {
                clients.get(i).ask(requests.apply(i), now);
            }
        });
    }

    /** Each will set data watches on its paths again when it has come back. */
    void watch(IntFunction<List<String>> paths) {
        perform(() -> {
            for (int i = 0; i < clients.size(); i++) {
                clients.get(i).watches(paths.apply(i));
            }
        });
    }

    /** None of them reads anything from now on. */
    void stopReading() {
        perform(() -> clients.forEach(CheapClient::stopReading));
    }

    /** All read again. */
    void readAgain() {
        perform(() -> clients.forEach(CheapClient::readAgain));
    }

    /** All connections are dropped without a word, and nobody comes back; the sessions stay behind. */
    void vanish() {
        comesBack = false;
        perform(() -> {
            clients.forEach(CheapClient::close);
            clients.clear();
        });
    }

    /** How many have an open session and a connection. */
    int open() {
        return open.get();
    }

    /** How many were told that their session is over. */
    int expiredSessions() {
        return expired.get();
    }

    /** Answers to requests, pings not counted. */
    long replies() {
        return replies.get();
    }

    /** Those of them that were errors. */
    long errors() {
        return errors.get();
    }

    /** Events of watches. */
    long events() {
        return events.get();
    }

    /** How many who came back have set their watches again. */
    long watchesSet() {
        return watchesSet.get();
    }

    /** Fails if the crowd's own thread has failed. */
    void check() {
        if (end.isCompletedExceptionally()) {
            end.join();
        }
    }

    private void perform(Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        tasks.add(() -> {
            task.run();
            done.complete(null);
        });
        selector.wakeup();
        CompletableFuture.anyOf(done, end).join();
    }

    // What clients report.

    void opened() {
        open.incrementAndGet();
    }

    void closed() {
        open.decrementAndGet();
    }

    void expired() {
        expired.incrementAndGet();
    }

    void heard(int xid, int error) {
        if (xid == -1) {
            events.incrementAndGet();
        } else if (xid == Request.SET_WATCHES_XID) {
            watchesSet.incrementAndGet();
        } else if (xid > 0) {
            replies.incrementAndGet();
            if (error != 0) {
                errors.incrementAndGet();
            }
        }
    }

    private void run() {
        try {
            while (!closing) {
                turn();
            }
            clients.forEach(CheapClient::close);
            selector.close();
            end.complete(null);
        } catch (IOException | RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    private void turn() throws IOException {
        selector.select(TURN_MILLIS);
        long now = now();
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isValid()) {
                ((CheapClient) key.attachment()).ready(now);
            }
        }
        selector.selectedKeys().clear();
        @Nullable Runnable task = tasks.poll();
        while (task != null) {
            task.run();
            task = tasks.poll();
        }
        for (CheapClient client : clients) {
            if (client.isAway()) {
                client.dial(selector, now);
            } else {
                client.tick(now);
            }
        }
    }

    private static long now() {
        return NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        end.join();
    }
}
