package io.troupe.log.segment;

import io.troupe.env.Disk;
import io.troupe.env.DiskFile;
import io.troupe.env.NewerFormatException;
import io.troupe.request.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment from its beginning as far as it is whole.
 *
 * @param segment null when not even the header is whole
 * @param commitZxid the greatest commit point recorded in it
 * @param synced up to here the log was durable for certain when the last of its records was written
 * @param clean whether nothing but zeros stands behind its end, and nothing is known to be missing there
 * @param damage what is wrong behind its end, when that cannot be a write that was torn by a crash
 */
record SegmentScan(
        @Nullable Segment segment,
        long commitZxid,
        long synced,
        boolean clean,
        @Nullable String damage) {
    private static final int CHUNK = 64 * 1024;
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(CHUNK).asReadOnlyBuffer();

    static SegmentScan scan(Disk disk, String name, boolean last) throws IOException {
        DiskFile file = disk.open(name);
        Long base = readHeader(file, name);
        if (base == null) {
            return new SegmentScan(null, 0, 0, false, damageOfHeader(file, name, last));
        }
        long size = file.size();
        BatchIndex index = new BatchIndex();
        long offset = Segment.HEADER;
        long lastZxid = base;
        long commit = 0;
        long mark = Segment.readMark(file, base);
        long synced = mark;
        while (true) {
            Segment.Entry entry = Segment.readAt(file, offset, size);
            if (entry == null || !entry.batch().follows(lastZxid)) {
                break;
            }
            Batch batch = entry.batch();
            index.add(batch.lastZxid(), offset);
            lastZxid = batch.lastZxid();
            commit = Math.max(commit, batch.commitZxid());
            synced = Math.max(synced, entry.synced());
            offset += entry.bytes();
        }
        boolean clean = mark <= lastZxid && zeros(file, offset, size);
        String damage = clean ? null : damageBehind(file, name, offset, size, lastZxid, mark, last);
        Segment segment = new Segment(name, file, base, index, offset);
        segment.marked(synced);
        return new SegmentScan(segment, commit, synced, clean, damage);
    }

    /** A segment is created durably before anything is written to it: only one that holds nothing can have a torn header. */
    private static @Nullable String damageOfHeader(DiskFile file, String name, boolean last) throws IOException {
        return last && zeros(file, Segment.HEADER, file.size()) ? null : name + ": offset 0: the header is damaged";
    }

    private static @Nullable Long readHeader(DiskFile file, String name) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(Segment.HEADER_FIELDS);
        if (file.size() < Segment.HEADER
                || file.read(header, 0) < Segment.HEADER_FIELDS
                || header.getInt(0) != Segment.MAGIC) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, Segment.HEADER_FIELDS - 4);
        if ((int) crc.getValue() != header.getInt(Segment.HEADER_FIELDS - 4)) {
            return null;
        }
        int format = header.getInt(4);
        if (format > Segment.FORMAT) {
            throw new NewerFormatException(name, format, Segment.FORMAT);
        }
        if (format < Segment.FORMAT) {
            throw new IOException(
                    ("%s has format %d, of a build before the first release, and %d is the oldest that can be"
                                    + " read; move the data directory away and let the node join anew")
                            .formatted(name, format, Segment.FORMAT));
        }
        return header.getLong(8);
    }

    private static boolean zeros(DiskFile file, long from, long size) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (long at = from; at < size; at += CHUNK) {
            chunk.clear().limit((int) Math.min(CHUNK, size - at));
            file.read(chunk, at);
            if (chunk.flip().mismatch(ZEROS.slice(0, chunk.limit())) >= 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * A crash may leave the unsynced end of the last segment in any state, whole records behind broken ones included. It
     * cannot leave a record behind that was written when the broken ones were durable already: then this is damage.
     */
    private static @Nullable String damageBehind(
            DiskFile file, String name, long offset, long size, long lastZxid, long mark, boolean last)
            throws IOException {
        String where = name + ": offset " + offset + ": ";
        if (!last) {
            return where + "a record is unreadable and the log goes on in a later segment";
        }
        if (mark > lastZxid) {
            return where + "a record is unreadable though the header says that it was durable";
        }
        if (durableRecord(file, offset + 1, size, lastZxid)) {
            return where + "a record is unreadable though a later one says that it was durable";
        }
        return null;
    }

    /** Whether a whole record stands anywhere in this range that was written when the log was durable behind {@code zxid}. */
    private static boolean durableRecord(DiskFile file, long from, long size, long zxid) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK + Segment.RECORD_HEADER);
        for (long at = from; at < size; at += CHUNK) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), size - at));
            int n = file.read(chunk, at);
            for (int i = 0; i < Math.min(CHUNK, n - Segment.RECORD_HEADER + 1); i++) {
                if (chunk.getInt(i) >= Batch.HEADER
                        && chunk.getLong(i + 8) > zxid
                        && Segment.readAt(file, at + i, size) != null) {
                    return true;
                }
            }
        }
        return false;
    }
}
