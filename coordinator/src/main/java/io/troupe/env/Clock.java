package io.troupe.env;

/** Time as the protocol sees it; virtual in simulations. Implementations are thread-safe. */
public interface Clock {
    /** Nanoseconds of a clock that never goes back and has no relation to the time of day. Timeouts use only this one. */
    long monotonicNanos();

    /** Milliseconds since 1970. May jump; only stamped into requests by the leader, never compared with timeouts. */
    long wallMillis();

    /**
     * Runs {@code task} once, on any thread, no sooner than {@code nanos} from now and soon after; turn it into a message at
     * once. For what Akka's timers, which tick every 10 ms, are too coarse for.
     */
    void alarm(long nanos, Runnable task);

    /** {@link #monotonicNanos()} in milliseconds. */
    default long monotonicMillis() {
        return monotonicNanos() / 1_000_000L;
    }
}
