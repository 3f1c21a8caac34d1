package io.troupe.resources;

import io.troupe.process.Canary;
import io.troupe.process.ServerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Canaries at work all the time, each in a thread of its own. */
final class Bystanders implements AutoCloseable {
    private static final long PAUSE_MILLIS = 50;

    private final List<Canary> canaries = new ArrayList<>();
    private final AtomicLong slowest = new AtomicLong();
    private final ScheduledExecutorService threads;
    private final List<ScheduledFuture<?>> running = new ArrayList<>();

    Bystanders(List<ServerProcess> servers) throws Exception {
        threads = Executors.newScheduledThreadPool(Math.max(1, servers.size()));
        for (ServerProcess server : servers) {
            canaries.add(new Canary(server));
        }
        for (Canary canary : canaries) {
            running.add(threads.scheduleWithFixedDelay(() -> round(canary), 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        }
    }

    private void round(Canary canary) {
        long start = System.nanoTime();
        try {
            canary.round();
        } catch (Exception e) {
            throw new AssertionError("a bystander", e);
        }
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        slowest.accumulateAndGet(took, Math::max);
    }

    /** How long the slowest round of three operations took. */
    long slowestMillis() {
        return slowest.get();
    }

    void forget() {
        slowest.set(0);
    }

    /** Ends their work, and fails if any of them was refused something, lost its connection or heard what it should not. */
    void assertUndisturbed() throws Exception {
        stop();
        for (Canary canary : canaries) {
            canary.assertUndisturbed();
        }
    }

    private void stop() throws InterruptedException, ExecutionException {
        for (ScheduledFuture<?> each : running) {
            each.cancel(false);
            try {
                each.get();
            } catch (CancellationException asWanted) {
                // A round that failed would have ended it before.
            }
        }
        threads.shutdown();
        if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new AssertionError("a bystander waits for an answer since a minute");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        canaries.forEach(Canary::close);
    }
}
