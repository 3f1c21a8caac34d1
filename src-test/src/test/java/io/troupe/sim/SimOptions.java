package io.troupe.sim;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * How one run is made.
 *
 * @param seed decides everything that is left to chance
 * @param voters of the ensemble
 * @param observers nodes beyond these, which learn without a vote from the beginning
 * @param modes what is special about the run
 * @param timerLateness how late timers may fire
 */
record SimOptions(long seed, int voters, int observers, Set<Mode> modes, Duration timerLateness, Trace trace) {
    /** What may be special about a run. */
    enum Mode {
        /** What is ready runs in random order instead of in the order of its arrival. */
        EXPLORE,
        /** Every message between nodes passes through its bytes. */
        SERIALIZE,
        /** Every acknowledgement is compared with what stands on the disks. */
        READ_DISKS,
        /** The death of a process is noticed by its closed connections. */
        PROBES,
        /** Limits are so small that they are met all the time. */
        ODD_SETTINGS,
        /** Nodes beat as often as in production; else four times more seldom, which makes most of a run's cost. */
        PRODUCTION_BEATS,
        /** Faults come thick and fast, from the founding on. */
        MANY_FAULTS,
        /** Clients work as fast as they can instead of a few times a second. */
        BUSY_CLIENTS,
        /** Clocks run up to two per cent too fast or too slow, each its own way. */
        SKEWED_CLOCKS,
        /** An operator changes the members all the time; not with {@link #READ_DISKS}, which knows only the first ones. */
        MEMBER_CHANGES,
        /** The operator also takes votes away by lists that are out of date, so that one change replaces a majority at once. */
        STALE_LISTS,
        /** A node whose files were damaged must heal by itself; else an operator empties the directory of one that refuses to start. */
        HEALS_ALONE
    }

    SimOptions {
        modes = Set.copyOf(modes);
    }

    /**
     * What a seed means: three in four explore, one in eight serializes, one in four reads disks, and so on; all of these
     * in all combinations.
     */
    static SimOptions of(long seed, int voters, Trace trace) {
        Set<Mode> modes = EnumSet.noneOf(Mode.class);
        when(seed % 4 != 0, Mode.EXPLORE, modes);
        when(seed % 8 == 3, Mode.SERIALIZE, modes);
        when(seed % 4 == 2, Mode.READ_DISKS, modes);
        when(seed % 5 < 3, Mode.PROBES, modes);
        when(seed % 7 >= 5, Mode.ODD_SETTINGS, modes);
        when(seed % 9 == 0, Mode.PRODUCTION_BEATS, modes);
        when(seed % 11 >= 8, Mode.MANY_FAULTS, modes);
        when(seed % 17 == 0, Mode.BUSY_CLIENTS, modes);
        when(seed % 19 < 5, Mode.SKEWED_CLOCKS, modes);
        when(seed % 13 >= 10 && seed % 4 != 2, Mode.MEMBER_CHANGES, modes);
        when(seed % 3 == 1 && modes.contains(Mode.MEMBER_CHANGES), Mode.STALE_LISTS, modes);
        when(seed % 3 != 2, Mode.HEALS_ALONE, modes);
        int observers = seed % 23 < 4 ? 1 : 0;
        return new SimOptions(seed, voters, observers, modes, Duration.ofMillis(seed % 3 == 0 ? 0 : 10), trace);
    }

    private static void when(boolean chosen, Mode mode, Set<Mode> modes) {
        if (chosen) {
            modes.add(mode);
        }
    }

    /** The same with more modes. */
    SimOptions with(Set<Mode> more) {
        Set<Mode> all = EnumSet.noneOf(Mode.class);
        all.addAll(modes);
        all.addAll(more);
        return new SimOptions(seed, voters, observers, all, timerLateness, trace);
    }

    boolean has(Mode mode) {
        return modes.contains(mode);
    }

    int nodes() {
        return voters + observers;
    }
}
