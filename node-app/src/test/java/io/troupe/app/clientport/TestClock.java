package io.troupe.app.clientport;

import io.troupe.env.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Stands still until a test moves it, so that no verdict hangs on how busy the machine is. */
public final class TestClock implements Clock {
    private final long startedMillis = System.currentTimeMillis();
    private final AtomicLong nanos = new AtomicLong();

    /** Time passes. */
    public void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Override
    public long monotonicNanos() {
        return nanos.get();
    }

    @Override
    public long wallMillis() {
        return startedMillis + TimeUnit.NANOSECONDS.toMillis(nanos.get());
    }

    @Override
    public void alarm(long nanos, Runnable task) {
        throw new AssertionError("no edge sets alarms");
    }
}
