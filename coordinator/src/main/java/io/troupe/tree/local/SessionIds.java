package io.troupe.tree.local;

import io.troupe.env.Clock;

/**
 * Draws session ids: the node's id in the high byte, then 40 bits of a millisecond clock, then a counter (contract 1.6). A
 * collision is refused when the session is created, and another id is drawn.
 */
public final class SessionIds {
    private final long base;
    private long drawn;

    public SessionIds(int nodeId, Clock clock) {
        this.base = ((long) nodeId << 56) | ((clock.wallMillis() << 24) >>> 8);
    }

    /** An id not drawn before in this process. */
    public long next() {
        long id = base + drawn++;
        return id == 0 || id == Long.MIN_VALUE ? base + drawn++ : id;
    }
}
