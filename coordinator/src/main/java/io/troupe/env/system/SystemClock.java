package io.troupe.env.system;

import io.troupe.env.Clock;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The machine's clocks. */
public final class SystemClock implements Clock, AutoCloseable {
    private final ScheduledThreadPoolExecutor alarms = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "troupe-alarm");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public void alarm(long nanos, Runnable task) {
        Future<?> unused = alarms.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    /** No alarm goes off any more. */
    @Override
    public void close() {
        alarms.shutdownNow();
    }
}
