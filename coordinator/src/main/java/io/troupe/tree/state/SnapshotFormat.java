package io.troupe.tree.state;

/**
 * The content of a snapshot. It begins with {@link #MAGIC} and {@link #VERSION} as ints; then come frames, each an int
 * length, a byte that says what it holds, and that.
 *
 * <pre>
 * tables   long zxid; membership; sessions; origins; ACL lists with the ids that the znodes use. Exactly one, first
 * znodes   any number of znodes; every path once, in no particular order: a znode that was about to change comes early
 * trailer  long zxid, long digest, long number of znodes. Exactly one, last
 * </pre>
 */
final class SnapshotFormat {
    /** {@code TRPS}. */
    static final int MAGIC = 0x54525053;

    /** Raised whenever a release writes what an earlier one cannot read. */
    static final int VERSION = 1;

    static final int TABLES = 1;
    static final int ZNODES = 2;
    static final int TRAILER = 3;

    /** Size at which a frame of znodes is handed out; one large znode can exceed it. */
    static final int FRAME_BYTES = 64 * 1024;

    private SnapshotFormat() {}
}
