package io.troupe.app.clientport;

import io.troupe.env.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The real clock, which a test can move forward. */
final class TestClock implements Clock {
    private final AtomicLong skippedNanos = new AtomicLong();

    void advance(Duration time) {
        skippedNanos.addAndGet(time.toNanos());
    }

    @Override
    public long monotonicNanos() {
        return System.nanoTime() + skippedNanos.get();
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public void alarm(long nanos, Runnable task) {
        throw new UnsupportedOperationException("no edge sets alarms");
    }
}
