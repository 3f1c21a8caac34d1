package io.troupe.snapshot;

import io.troupe.env.DamagedFileException;
import io.troupe.env.Disk;
import io.troupe.env.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One finished snapshot: the tree's encoding, then {@code long length of it, int CRC32C of it, int magic}.
 *
 * @param zxid the position it was taken at
 * @param size of the whole file in bytes
 * @param crc the CRC32C of the content
 */
public record SnapshotFile(String name, long zxid, long size, int crc) {
    static final int TRAILER = 8 + 4 + 4;
    static final int MAGIC = 0x5452534e;
    private static final int BUFFER = 256 * 1024;

    static String nameFor(long zxid) {
        return "snapshot-%016x".formatted(zxid);
    }

    static boolean isSnapshot(String name) {
        return name.matches("snapshot-[0-9a-f]{16}");
    }

    static long zxidOf(String name) {
        return Long.parseUnsignedLong(name.substring("snapshot-".length()), 16);
    }

    static ByteBuffer trailer(long length, CRC32C crc) {
        return ByteBuffer.allocate(TRAILER)
                .putLong(length)
                .putInt((int) crc.getValue())
                .putInt(MAGIC)
                .flip();
    }

    /**
     * Reads the whole file once.
     *
     * @throws DamagedFileException when it is not what was written
     */
    static SnapshotFile verify(Disk disk, String name) throws IOException {
        return verify(disk, name, zxidOf(name));
    }

    /** As {@link #verify(Disk, String)}, whatever it is called. */
    static SnapshotFile verify(Disk disk, String name, long zxid) throws IOException {
        try (DiskFile file = disk.openForReading(name)) {
            SnapshotFile claimed = claimed(file, name, zxid);
            long length = claimed.size - TRAILER;
            CRC32C crc = new CRC32C();
            ByteBuffer chunk = ByteBuffer.allocate(BUFFER);
            for (long at = 0; at < length; at += BUFFER) {
                chunk.clear().limit((int) Math.min(BUFFER, length - at));
                file.read(chunk, at);
                crc.update(chunk.flip());
            }
            if ((int) crc.getValue() != claimed.crc) {
                throw new DamagedFileException(name, 0, "the checksum of " + length + " bytes does not match");
            }
            return claimed;
        }
    }

    /** What the end of a file says of it. */
    private static SnapshotFile claimed(DiskFile file, String name, long zxid) throws IOException {
        long size = file.size();
        long length = size - TRAILER;
        ByteBuffer trailer = ByteBuffer.allocate(TRAILER);
        if (length < 0 || file.read(trailer, length) < TRAILER || trailer.getInt(12) != MAGIC) {
            throw new DamagedFileException(name, Math.max(0, length), "its end is not that of a finished snapshot");
        }
        if (trailer.getLong(0) != length) {
            throw new DamagedFileException(name, length, "the length recorded does not match");
        }
        return new SnapshotFile(name, zxid, size, trailer.getInt(8));
    }

    /** Whether the file of this name is, by what its end says, this one. */
    boolean isAt(Disk disk) throws IOException {
        try (DiskFile file = disk.openForReading(name)) {
            return equals(claimed(file, name, zxid));
        }
    }

    /** The content as a stream; closing it closes the file. */
    public InputStream content(Disk disk) throws IOException {
        return new ContentStream(disk.openForReading(name), size - TRAILER);
    }

    private static final class ContentStream extends InputStream {
        private final DiskFile file;
        private final long length;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);
        private long position;

        ContentStream(DiskFile file, long length) {
            this.file = file;
            this.length = length;
        }

        private boolean fill() throws IOException {
            if (buffer.hasRemaining()) {
                return true;
            }
            if (position >= length) {
                return false;
            }
            buffer.clear().limit((int) Math.min(BUFFER, length - position));
            int n = file.read(buffer, position);
            buffer.flip();
            position += n;
            return n > 0;
        }

        @Override
        public int read() throws IOException {
            return fill() ? buffer.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            if (count == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int n = Math.min(count, buffer.remaining());
            buffer.get(target, offset, n);
            return n;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
