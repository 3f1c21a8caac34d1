package io.troupe.log;

/**
 * Sizes of the transaction log.
 *
 * @param segmentBytes a new segment begins once the current one holds this much
 * @param preallocateBytes a segment's space is reserved in steps of this size
 * @param roomBytes free space of the disk is looked at in steps of this size; more than a client's largest request takes
 */
public record LogSettings(int segmentBytes, int preallocateBytes, int roomBytes) {
    /** What a node writes besides its log at any moment: its promises, in a new file each time. */
    private static final long SMALL_FILES = 64 * 1024;

    public static final LogSettings DEFAULT = new LogSettings(64 * 1024 * 1024, 256 * 1024, 16 * 1024 * 1024);

    /**
     * Bytes of the disk that are never used on purpose: a log, a snapshot or a transfer that would need them does not grow, so
     * that no write of this node can fail for lack of room.
     */
    public long reserveBytes() {
        return roomBytes + SMALL_FILES;
    }

    /** Bytes that must be free for a node to take part (again): behind the reserve the log can grow for a while. */
    public long roomToStart() {
        return reserveBytes() + roomBytes;
    }

    /** With less than this free, clients' writes are refused: what the ensemble itself must log still goes on for a while. */
    public long roomForClients() {
        return roomToStart() + roomBytes;
    }

    /** With this free again, clients' writes are taken again. */
    public long roomForClientsAgain() {
        return roomForClients() + roomBytes;
    }

    /** Bytes that must be free for the small files alone. */
    public long smallFilesBytes() {
        return SMALL_FILES / 2;
    }
}
