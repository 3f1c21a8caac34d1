package io.troupe.tree;

import io.troupe.tree.local.TreeLimits;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits of the data tree actor.
 *
 * @param snapshotEvery requests executed between snapshots
 * @param snapshotSlice how long the tree encodes a snapshot before it looks at other messages again
 * @param snapshotPause how long it leaves the processor to others after a slice
 * @param standaloneEnabled whether an ensemble of one stays alone, and none shrinks to one, as ZooKeeper's
 *     {@code standaloneEnabled} has it
 * @param unreplicatedSessions whether new sessions are known to one node alone (contract 1.9)
 * @param readOnlyAfter how long a node is without a leader before it answers reads all the same to clients that are content
 *     with that (contract 1.10); empty for never
 * @param watchHistoryBytes about what the memory of past changes may take, for watches of actor systems that come back
 * @param limits of what this node's clients may fill its memory with
 */
public record TreeSettings(
        int snapshotEvery,
        Duration snapshotSlice,
        Duration snapshotPause,
        boolean standaloneEnabled,
        boolean unreplicatedSessions,
        Optional<Duration> readOnlyAfter,
        long watchHistoryBytes,
        TreeLimits limits) {
    /** Some tens of thousands of changes. */
    private static final long HISTORY = 4 << 20;

    public static final TreeSettings DEFAULT = new TreeSettings(
            100_000,
            Duration.ofMillis(2),
            Duration.ofMillis(6),
            false,
            false,
            Optional.empty(),
            HISTORY,
            TreeLimits.DEFAULT);
}
