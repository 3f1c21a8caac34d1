package io.troupe.env;

/** A clock that a test moves by hand. */
public final class HandClock implements Clock {
    private long millis = 1_000;

    /** So many milliseconds pass. */
    public void pass(long more) {
        millis += more;
    }

    @Override
    public long monotonicNanos() {
        return millis * 1_000_000;
    }

    @Override
    public long wallMillis() {
        return 1_700_000_000_000L + millis;
    }

    @Override
    public void alarm(long nanos, Runnable task) {
        throw new AssertionError("nobody was expected to set an alarm");
    }
}
