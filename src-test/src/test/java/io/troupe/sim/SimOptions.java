package io.troupe.sim;

import java.time.Duration;

/**
 * How one run is made.
 *
 * @param seed decides everything that is left to chance
 * @param nodes voters of the ensemble
 * @param explore whether what is ready runs in random order instead of in the order of its arrival
 * @param serialize whether every message between nodes passes through its bytes
 * @param timerLateness how late timers may fire
 */
record SimOptions(long seed, int nodes, boolean explore, boolean serialize, Duration timerLateness, Trace trace) {
    /** The share of each mode among the seeds: three in four explore, one in eight serializes. */
    static SimOptions of(long seed, int nodes, Trace trace) {
        return new SimOptions(
                seed, nodes, seed % 4 != 0, seed % 8 == 3, Duration.ofMillis(seed % 3 == 0 ? 0 : 10), trace);
    }
}
