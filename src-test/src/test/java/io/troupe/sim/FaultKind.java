package io.troupe.sim;

import java.util.Locale;

/** Everything that a seed can make go wrong, and how often it does in comparison with the rest. */
enum FaultKind {
    // Processes
    KILL(12),
    KILL_LEADER(8),
    KILL_ALL(2),
    /** As an operator does it: each is asked to stop, and hands over first if it leads. */
    ROLLING_RESTART(3),
    STOP_LEADER(5),
    PAUSE(8),
    PAUSE_LEADER(4),
    // Machines
    POWER_LOSS(7),
    /** Between two changes to the disk that one step of an actor makes. */
    POWER_LOSS_WHILE_WRITING(8),
    /** After some step of any of the node's actors. */
    CRASH_AT_STEP(6),
    /** While the node sends a certain message of the protocol. */
    CRASH_WHILE_SENDING(8),
    POWER_LOSS_OF_ALL(3),
    CLOCK_JUMP(3),
    // Network
    CUT_ONE_WAY(8),
    CUT_BOTH_WAYS(6),
    ISOLATE(6),
    ISOLATE_LEADER(6),
    /** Two groups that do not hear each other. */
    SPLIT(4),
    /** As {@link #SPLIT}, but one node hears both groups. */
    BRIDGE(3),
    FLAPPING_LINK(4),
    /** What was sent to a node before it died reaches its next process. */
    LATE_DELIVERY_AFTER_RESTART(5),
    /** Loss, duplication, delay and reordering on all links. */
    BAD_NETWORK(8),
    // Disks
    SLOW_DISK(6),
    FAIL_SYNC(3),
    FULL_DISK(3),
    LOST_DISK(3),
    BIT_FLIP_IN_LOG(3),
    BIT_FLIP_IN_SNAPSHOT(2),
    /** A sector of a log or a snapshot reads as zeros. */
    ZEROED_SECTOR(2),
    // Clients
    SILENT_CLIENT(6),
    CUT_CLIENT(6),
    // Applications: these come by a plan of their own, in runs that have some.
    APPLICATION_STANDS_STILL(0),
    APPLICATION_DIES(0),
    APPLICATION_CUT_OFF(0),
    APPLICATION_CUT_FROM_NODE(0),
    BAD_REMOTING(0);

    private final int weight;

    FaultKind(int weight) {
        this.weight = weight;
    }

    int weight() {
        return weight;
    }

    /** Whether every run's plan may draw it. */
    boolean ofEveryRun() {
        return weight > 0;
    }

    /** In words. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
