package io.troupe.heartbeat;

/**
 * When the silence of one peer becomes suspicious: well beyond what its beats have been like lately, in the manner of
 * phi-accrual detectors, within fixed bounds. Times in milliseconds of a monotonic clock.
 */
final class Suspicion {
    private static final double WEIGHT = 0.05;
    private static final double DEVIATIONS = 8;

    private final long atLeast;
    private final long atMost;
    private double mean;
    private double variance;
    private long lastHeard;

    Suspicion(long now, long expectedInterval, long atLeast, long atMost) {
        this.lastHeard = now;
        this.mean = expectedInterval;
        this.atLeast = atLeast;
        this.atMost = atMost;
    }

    /** A beat came. */
    void heard(long now) {
        double deviation = now - lastHeard - mean;
        mean += WEIGHT * deviation;
        variance = (1 - WEIGHT) * (variance + WEIGHT * deviation * deviation);
        lastHeard = now;
    }

    /** This node itself stood still for a while: the peer cannot be blamed for it. */
    void discount(long pause, long now) {
        // Never into the future: what waited in the mailbox may have been heard already.
        lastHeard = Math.min(now, lastHeard + pause);
    }

    /** How long the peer may be silent. */
    long tolerance() {
        return Math.min(atMost, Math.max(atLeast, Math.round(mean + DEVIATIONS * Math.sqrt(variance))));
    }

    long silence(long now) {
        return now - lastHeard;
    }

    boolean suspicious(long now) {
        return silence(now) > tolerance();
    }
}
