package io.troupe.snapshot;

/**
 * Limits of the snapshot actor.
 *
 * @param keep snapshots kept, at least 2
 * @param chunkBytes size of one transferred chunk
 * @param chunksInFlight chunks asked for ahead
 */
public record SnapshotSettings(int keep, int chunkBytes, int chunksInFlight) {
    public static final SnapshotSettings DEFAULT = new SnapshotSettings(3, 128 * 1024, 4);
}
