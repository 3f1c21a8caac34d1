package io.troupe.tree;

import java.time.Duration;

/**
 * Limits of the data tree actor.
 *
 * @param snapshotEvery requests executed between snapshots
 * @param snapshotSlice how long the tree encodes a snapshot before it looks at other messages again
 * @param standaloneEnabled whether an ensemble of one stays alone, and none shrinks to one, as ZooKeeper's
 *     {@code standaloneEnabled} has it
 */
public record TreeSettings(int snapshotEvery, Duration snapshotSlice, boolean standaloneEnabled) {
    public static final TreeSettings DEFAULT = new TreeSettings(100_000, Duration.ofMillis(2), false);
}
