package io.troupe.snapshot;

import io.troupe.env.Disk;
import io.troupe.env.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Writes one snapshot under a temporary name; it becomes visible, whole and durable, or not at all. */
final class SnapshotWriter {
    private static final String SUFFIX = ".tmp";

    /** So much is made durable at a time: an fsync of the log that comes meanwhile waits for no more than that. */
    private static final long PIECE = 4L << 20;

    private final Disk disk;
    private final long zxid;
    private final String name;
    private final DiskFile file;
    private final CRC32C crc = new CRC32C();
    private long length;
    private long synced;

    SnapshotWriter(Disk disk, long zxid) throws IOException {
        this.disk = disk;
        this.zxid = zxid;
        this.name = SnapshotFile.nameFor(zxid);
        disk.delete(name + SUFFIX);
        this.file = disk.open(name + SUFFIX);
    }

    /** Whether a file is a snapshot being written, or one whose writing was cut off. */
    static boolean isUnfinished(String name) {
        return name.endsWith(SUFFIX) && SnapshotFile.isSnapshot(name.substring(0, name.length() - SUFFIX.length()));
    }

    long zxid() {
        return zxid;
    }

    void write(byte[] bytes) throws IOException {
        file.write(ByteBuffer.wrap(bytes), length);
        crc.update(bytes);
        length += bytes.length;
    }

    /** Whether so much has been written that it should be made durable. */
    boolean hasPiece() {
        return length - synced >= PIECE;
    }

    /** Makes durable, elsewhere, what has been written. */
    void sync(DiskFile.SyncListener listener) {
        synced = length;
        file.sync(listener);
    }

    /** Writes the trailer and syncs elsewhere; {@link #publish()} may follow once the listener was told of success. */
    void seal(DiskFile.SyncListener listener) throws IOException {
        file.write(SnapshotFile.trailer(length, crc), length);
        file.sync(listener);
    }

    /** Gives the finished file its name, durably. */
    void publish() throws IOException {
        file.close();
        disk.rename(name + SUFFIX, name);
        disk.syncDirectory();
    }

    void abandon() throws IOException {
        file.close();
        disk.delete(name + SUFFIX);
    }
}
