package io.troupe.env;

/** Time as the protocol sees it; virtual in simulations. Implementations are thread-safe. */
public interface Clock {
    /** Nanoseconds of a clock that never goes back and has no relation to the time of day. Timeouts use only this one. */
    long monotonicNanos();

    /** Milliseconds since 1970. May jump; only stamped into requests by the leader, never compared with timeouts. */
    long wallMillis();

    /** {@link #monotonicNanos()} in milliseconds. */
    default long monotonicMillis() {
        return monotonicNanos() / 1_000_000L;
    }
}
