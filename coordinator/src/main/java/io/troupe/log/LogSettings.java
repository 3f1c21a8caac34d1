package io.troupe.log;

/**
 * Sizes of the transaction log.
 *
 * @param segmentBytes a new segment begins once the current one holds this much
 * @param preallocateBytes a segment's space is reserved in steps of this size
 */
public record LogSettings(int segmentBytes, int preallocateBytes) {
    /** What a node writes besides its log at any moment: its promises, in a new file each time. */
    private static final long SMALL_FILES = 64 * 1024;

    public static final LogSettings DEFAULT = new LogSettings(64 * 1024 * 1024, 8 * 1024 * 1024);

    /**
     * Bytes of the disk that are never used on purpose: a log, a snapshot or a transfer that would need them does not grow, so
     * that no write of this node can fail for lack of room.
     */
    public long reserveBytes() {
        return 2L * preallocateBytes + SMALL_FILES;
    }

    /** Bytes that must be free for a node to take part (again): behind the reserve the log can grow for a while. */
    public long roomToStart() {
        return reserveBytes() + 2L * preallocateBytes;
    }

    /** With less than this free, clients' writes are refused: what the ensemble itself must log still goes on for a while. */
    public long roomForClients() {
        return roomToStart() + 2L * preallocateBytes;
    }

    /** With this free again, clients' writes are taken again. */
    public long roomForClientsAgain() {
        return roomForClients() + 2L * preallocateBytes;
    }

    /** Bytes that must be free for the small files alone. */
    public long smallFilesBytes() {
        return SMALL_FILES / 2;
    }
}
