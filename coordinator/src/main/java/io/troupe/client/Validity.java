package io.troupe.client;

import io.troupe.env.Clock;
import java.time.Duration;

/**
 * Until when a session certainly lives, by the clock of its owner's machine; so that it ends in time also for an owner who stood still and
 * hears of nothing. The ensemble counts from when it hears of the session, which is no sooner than the owner has sent what it answers, and
 * ends it no sooner than its timeout after that. A node may go on answering for a moment after it was cut off from the leader, who
 * does not hear of the session any more then, and clocks do not run alike: for both a quarter of the timeout is taken off. Written by the
 * session's actor, read by all.
 */
final class Validity {
    private static final int MARGIN_PARTS = 4;

    private final Clock clock;
    private volatile long until;

    Validity(Clock clock) {
        this.clock = clock;
        this.until = clock.monotonicNanos();
    }

    long now() {
        return clock.monotonicNanos();
    }

    /** What was sent at that moment has been answered. */
    void renew(long sentAt, int timeoutMillis) {
        Duration timeout = Duration.ofMillis(timeoutMillis);
        long renewed = sentAt + timeout.minus(timeout.dividedBy(MARGIN_PARTS)).toNanos();
        if (renewed - until > 0) {
            until = renewed;
        }
    }

    /** The session is over. */
    void end() {
        long now = now();
        if (until - now > 0) {
            until = now;
        }
    }

    long until() {
        return until;
    }

    Duration remaining() {
        return Duration.ofNanos(Math.max(0, until - now()));
    }

    boolean isOver() {
        return until - now() <= 0;
    }
}
