package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Has one operation done again and again, a fixed number at a time. */
final class ApiLoad {
    private static final int SOME = 1 << 16;

    private final ApiClient client;
    private final ApiOperation operation;
    private final int depth;
    private final Semaphore room;
    private long[] nanos = new long[SOME];
    private int answered;
    private @Nullable Throwable failure;

    /**
     * What was done.
     *
     * @param nanos from the beginning of each operation to its answer, ascending
     * @param taken of all
     */
    record Outcome(long[] nanos, long taken) {
        int operations() {
            return nanos.length;
        }

        double perSecond() {
            return nanos.length * 1e9 / taken;
        }

        /** Of this share of the operations at most. */
        double micros(double share) {
            return nanos[(int) Math.min(nanos.length - 1L, (long) (nanos.length * share))] / 1e3;
        }
    }

    private ApiLoad(ApiClient client, ApiOperation operation, int depth) {
        this.client = client;
        this.operation = operation;
        this.depth = depth;
        this.room = new Semaphore(depth);
    }

    /** Measures for so many nanoseconds. */
    static Outcome run(ApiClient client, ApiOperation operation, int depth, long nanos)
            throws IOException, InterruptedException {
        return new ApiLoad(client, operation, depth).run(nanos);
    }

    private Outcome run(long forNanos) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long number = 0;
        while (System.nanoTime() - start < forNanos) {
            awaitRoom(1);
            long begun = System.nanoTime();
            CompletionStage<?> asked = client.begin(operation, number++);
            asked.whenComplete((done, failed) -> end(System.nanoTime() - begun, failed));
        }
        awaitRoom(depth);
        return outcome(System.nanoTime() - start);
    }

    private void awaitRoom(int permits) throws IOException, InterruptedException {
        if (!room.tryAcquire(permits, EnsembleProcesses.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException(client + " has no answer to " + operation.words());
        }
    }

    private void end(long taken, @Nullable Throwable failed) {
        synchronized (this) {
            if (failed != null) {
                failure = failed;
            }
            if (answered == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * nanos.length);
            }
            nanos[answered++] = taken;
        }
        room.release();
    }

    private synchronized Outcome outcome(long taken) throws IOException {
        if (failure != null) {
            throw new IOException(client + " failed in " + operation.words(), failure);
        }
        long[] sorted = Arrays.copyOf(nanos, answered);
        Arrays.sort(sorted);
        return new Outcome(sorted, taken);
    }
}
