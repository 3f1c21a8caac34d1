package io.troupe.broadcast.pipeline;

import io.troupe.env.Clock;
import java.time.Duration;

/**
 * How long requests that had to wait for a batch to commit wait for company. Where a round takes longer than the spacing, as on
 * most networks, they do not; where rounds are quick, many of them with a request or two would cost more messages and fsyncs
 * for each than they save time (decisions 012, 044).
 */
public final class Pacing {
    /** More requests than so many times the company are full load. */
    private static final int CROWD = 8;

    private final Clock clock;
    private final Duration spacing;
    private final long company;
    private long lastNanos;
    private int lastRequests;
    private boolean holding;

    /**
     * Nothing was proposed yet.
     *
     * @param spacing between two batches
     * @param company so many requests leave without it
     */
    public Pacing(Clock clock, Duration spacing, int company) {
        this.clock = clock;
        this.spacing = spacing;
        this.company = company;
    }

    /** A batch of so many requests has left. */
    public void proposed(int requests) {
        lastNanos = clock.monotonicNanos();
        lastRequests = requests;
    }

    /** Nanoseconds to hold back what waits, from now on and until {@link #release}; 0, and nothing is held back, where it may leave. */
    public long hold(long waiting) {
        long early = spacing.toNanos() - (clock.monotonicNanos() - lastNanos);
        if (holding || early <= 0 || hasCompany(waiting)) {
            return 0;
        }
        holding = true;
        return early;
    }

    /** The time is over. */
    public void release() {
        holding = false;
    }

    /** Whether what waits is held back. */
    public boolean holds() {
        return holding;
    }

    /** Whether so many that wait are still held back. */
    public boolean holds(long waiting) {
        return holding && !hasCompany(waiting);
    }

    /** Under full load all that the spacing costs is latency that there is anyway, and it saves processors what they lack. */
    private boolean hasCompany(long waiting) {
        return waiting >= company && Math.max(waiting, lastRequests) <= CROWD * company;
    }
}
