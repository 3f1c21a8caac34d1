package io.troupe.sim;

import java.time.Duration;

/**
 * How one run is made.
 *
 * @param seed decides everything that is left to chance
 * @param nodes voters of the ensemble
 * @param explore whether what is ready runs in random order instead of in the order of its arrival
 * @param serialize whether every message between nodes passes through its bytes
 * @param readDisks whether every acknowledgement is compared with what stands on the disks
 * @param probes whether the death of a process is noticed by its closed connections
 * @param oddSettings whether limits are so small that they are met all the time
 * @param manyFaults whether faults come thick and fast, from the founding on
 * @param memberChanges whether an operator changes the members all the time; not together with {@code readDisks}, which knows
 *     only the first ones
 * @param timerLateness how late timers may fire
 */
record SimOptions(
        long seed,
        int nodes,
        boolean explore,
        boolean serialize,
        boolean readDisks,
        boolean probes,
        boolean oddSettings,
        boolean manyFaults,
        boolean memberChanges,
        Duration timerLateness,
        Trace trace) {
    /** The share of each mode among the seeds: three in four explore, one in eight serializes, one in four reads disks. */
    static SimOptions of(long seed, int nodes, Trace trace) {
        return new SimOptions(
                seed,
                nodes,
                seed % 4 != 0,
                seed % 8 == 3,
                seed % 4 == 2,
                seed % 5 < 3,
                seed % 7 >= 5,
                seed % 11 >= 8,
                seed % 13 >= 10 && seed % 4 != 2,
                Duration.ofMillis(seed % 3 == 0 ? 0 : 10),
                trace);
    }
}
