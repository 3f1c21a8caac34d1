package io.troupe.tree.local;

/**
 * What a node takes on for its own clients, so that no number of them ends its memory. None of it is replicated: the changes of others
 * are executed whatever the limits say.
 *
 * @param sessions that the ensemble may have before no new one is opened here; 0 for any number
 * @param watches of all clients of this node; 0 for any number
 * @param watchesPerSession of one of them; 0 for any number
 * @param treeBytes that the tree may take before nothing is created or set here; 0 for any size
 */
public record TreeLimits(int sessions, int watches, int watchesPerSession, long treeBytes) {
    /** Nothing is refused. */
    public static final TreeLimits NONE = new TreeLimits(0, 0, 0, 0);

    private static final long HEAP = Runtime.getRuntime().maxMemory();
    private static final long BYTES_FOR_SESSION = 16 << 10;
    private static final long BYTES_FOR_WATCH = 2 << 10;
    private static final int LEAST = 1_000;

    /** What follows from the heap, so that half of it is left to the collector. */
    public static final TreeLimits DEFAULT =
            new TreeLimits(share(BYTES_FOR_SESSION), share(BYTES_FOR_WATCH), share(BYTES_FOR_WATCH), HEAP / 2);

    /** What a znode takes besides its name and its data, and a session, about; docs/resources.md. */
    private static final long BYTES_OF_ZNODE = 100;

    private static final long BYTES_OF_SESSION = 1_000;

    private static int share(long bytesForEach) {
        return (int) Math.max(LEAST, Math.min(Integer.MAX_VALUE, HEAP / bytesForEach));
    }

    /**
     * What a tree takes of the heap, about.
     *
     * @param dataBytes of all names and data
     */
    public static long estimatedBytes(long dataBytes, long znodes, long sessions) {
        return dataBytes + BYTES_OF_ZNODE * znodes + BYTES_OF_SESSION * sessions;
    }
}
