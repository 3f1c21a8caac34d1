package io.troupe.heartbeat;

/**
 * When the silence of one peer becomes suspicious: well beyond what its beats have been like lately, in the manner of
 * phi-accrual detectors, within fixed bounds; and more while its JVM, or ours, is cold. Times in milliseconds of a monotonic clock.
 */
final class Suspicion {
    private static final double WEIGHT = 0.05;
    private static final double DEVIATIONS = 8;

    private final long atLeast;
    private final long atMost;
    private final long warmUp;
    private double mean;
    private double variance;
    private long lastHeard;
    private long givenUpAfter;
    private long incarnation;
    private long warmFrom;

    /** @param coldFor how much longer this node itself is cold */
    Suspicion(long now, long coldFor, HeartbeatSettings settings) {
        this.lastHeard = now;
        this.mean = settings.beat().toMillis();
        this.atLeast = settings.suspectAfter().toMillis();
        this.atMost = settings.suspectAtMost().toMillis();
        this.warmUp = settings.warmUp().toMillis();
        this.warmFrom = now + coldFor;
    }

    /** A beat came. */
    void heard(long now, long fromIncarnation) {
        if (incarnation != 0 && incarnation != fromIncarnation) {
            warmFrom = now + warmUp;
        }
        incarnation = fromIncarnation;
        long interval = now - lastHeard;
        // No tolerance would have covered more: the peer was away, which says nothing about its beats.
        if (interval <= atMost) {
            learn(interval);
        }
        lastHeard = now;
    }

    private void learn(long interval) {
        double deviation = interval - mean;
        mean += WEIGHT * deviation;
        variance = (1 - WEIGHT) * (variance + WEIGHT * deviation * deviation);
    }

    /** The peer is taken for dead, or out of reach. */
    void giveUp(long now) {
        givenUpAfter = silence(now);
    }

    /** The peer is watched again: should it have been given up, that was too soon, and it is allowed more from now on. */
    void resume(long now) {
        if (givenUpAfter != 0) {
            learn(givenUpAfter);
            givenUpAfter = 0;
        }
        lastHeard = now;
    }

    /** This node itself stood still for a while: the peer cannot be blamed for it. */
    void discount(long pause, long now) {
        // Never into the future: what waited in the mailbox may have been heard already.
        lastHeard = Math.min(now, lastHeard + pause);
    }

    /** How long the peer may be silent. */
    long tolerance(long now) {
        return Math.min(atMost, Math.max(allowedAnyway(now), Math.round(mean + DEVIATIONS * Math.sqrt(variance))));
    }

    private long allowedAnyway(long now) {
        return now >= warmFrom ? atLeast : atLeast + (atMost - atLeast) * (warmFrom - now) / warmUp;
    }

    long silence(long now) {
        return now - lastHeard;
    }

    boolean suspicious(long now) {
        return silence(now) > tolerance(now);
    }
}
