package io.troupe.log.segment;

import io.troupe.env.DamagedFileException;
import io.troupe.env.Disk;
import io.troupe.env.DiskFile;
import io.troupe.request.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of the log.
 *
 * <pre>
 * int magic, int format, long base (the segment holds what is behind this zxid), int CRC32C of these
 * at {@link #MARK}: long durable (up to here this segment was once), int CRC32C of base and this; zeros where there is no mark
 * from {@link #HEADER} on records: int length, int CRC32C of all else in the record, long synced (up to here this log was
 *     durable when the record was written), image (see {@link Batch})
 * then zeros up to the preallocated size
 * </pre>
 */
final class Segment {
    static final int MAGIC = 0x54525047;
    static final int FORMAT = 3;
    static final int HEADER_FIELDS = 4 + 4 + 8 + 4;

    /** A sector apart from the fields, so that writing it again and again cannot spoil them. */
    static final int MARK = 512;

    static final int MARK_FIELDS = 8 + 4;

    /** A block of the file system: what spoils a block spoils records or the mark that vouches for them, never both. */
    static final int HEADER = 4096;

    static final int RECORD_HEADER = 4 + 4 + 8;
    static final int MAX_IMAGE = 64 * 1024 * 1024;

    private final String name;
    private final DiskFile file;
    private final long base;
    private final BatchIndex index;
    private long end;
    private long allocated;

    /** Up to here the records of this file are known to it themselves to be durable. */
    private long marked;

    Segment(String name, DiskFile file, long base, BatchIndex index, long end) throws IOException {
        this.name = name;
        this.file = file;
        this.base = base;
        this.index = index;
        this.end = end;
        this.allocated = file.size();
        this.marked = base;
    }

    static String nameFor(long base) {
        return "log-%016x".formatted(base);
    }

    static boolean isSegment(String name) {
        return name.matches("log-[0-9a-f]{16}");
    }

    /** Creates an empty segment, durably. */
    static Segment create(Disk disk, long base, int preallocateBytes) throws IOException {
        String name = nameFor(base);
        DiskFile file = disk.allocate(name);
        file.write(header(base), 0);
        file.preallocate(HEADER + preallocateBytes);
        file.sync();
        disk.syncDirectory();
        return new Segment(name, file, base, new BatchIndex(), HEADER);
    }

    private static ByteBuffer header(long base) {
        ByteBuffer header =
                ByteBuffer.allocate(HEADER).putInt(MAGIC).putInt(FORMAT).putLong(base);
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, HEADER_FIELDS - 4);
        return header.putInt((int) crc.getValue()).rewind();
    }

    /** One record of a segment. */
    record Entry(Batch batch, long synced) {
        int bytes() {
            return RECORD_HEADER + batch.image().length;
        }
    }

    /** Up to where the mark of a segment says that it was durable, its base where there is no whole mark. */
    static long readMark(DiskFile file, long base) throws IOException {
        ByteBuffer mark = ByteBuffer.allocate(MARK_FIELDS);
        file.read(mark, MARK);
        long durable = mark.getLong(0);
        return mark.rewind().equals(markOf(base, durable)) ? durable : base;
    }

    private static ByteBuffer markOf(long base, long durable) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(16).putLong(base).putLong(durable).flip());
        return ByteBuffer.allocate(MARK_FIELDS)
                .putLong(durable)
                .putInt((int) crc.getValue())
                .flip();
    }

    static int checksum(int length, long synced, ByteBuffer image) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(12).putInt(length).putLong(synced).flip());
        crc.update(image);
        return (int) crc.getValue();
    }

    String name() {
        return name;
    }

    DiskFile file() {
        return file;
    }

    long base() {
        return base;
    }

    long end() {
        return end;
    }

    long recordBytes() {
        return end - HEADER;
    }

    /** Last zxid in this segment, its base when it is empty. */
    long lastZxid() {
        return index.size() == 0 ? base : index.lastZxid(index.size() - 1);
    }

    /** By how many bytes the file must grow to take this batch in; 0 while what is allocated will do. */
    long growthFor(Batch batch, int preallocateBytes) {
        long needed = end + RECORD_HEADER + batch.image().length;
        return needed <= allocated ? 0 : Math.max(needed, allocated + preallocateBytes) - allocated;
    }

    void append(Batch batch, long synced, int preallocateBytes, RecordBuffer buffer) throws IOException {
        byte[] image = batch.image();
        int bytes = RECORD_HEADER + image.length;
        if (end + bytes > allocated) {
            allocated = Math.max(end + bytes, allocated + preallocateBytes);
            file.preallocate(allocated);
        }
        ByteBuffer record = buffer.take(bytes)
                .putInt(image.length)
                .putInt(checksum(image.length, synced, ByteBuffer.wrap(image)))
                .putLong(synced)
                .put(image)
                .flip();
        file.write(record, end);
        index.add(batch.lastZxid(), end);
        end += bytes;
        marked = Math.max(marked, synced);
    }

    boolean isMarked() {
        return marked == lastZxid();
    }

    /**
     * Writes that everything is durable: without a record behind it, the last one could not be told from one that was torn. A
     * sync makes it durable.
     */
    void mark() throws IOException {
        mark(lastZxid());
    }

    private void mark(long durable) throws IOException {
        file.write(markOf(base, durable), MARK);
        marked = durable;
    }

    /** A scan has found a record, or the mark, that says so. */
    void marked(long synced) {
        marked = Math.max(marked, synced);
    }

    /** Position among this segment's batches of the first one behind {@code zxid}. */
    int firstBehind(long zxid) {
        return index.countThrough(zxid);
    }

    int batches() {
        return index.size();
    }

    /** The greatest end of a batch, or the base, at or below {@code zxid}. */
    long batchEndAtOrBelow(long zxid) {
        int count = index.countThrough(zxid);
        return count == 0 ? base : index.lastZxid(count - 1);
    }

    /** Reads the {@code i}-th batch. */
    Batch read(int i) throws IOException {
        Entry entry = readAt(file, index.offset(i), end);
        if (entry == null) {
            throw new DamagedFileException(name, index.offset(i), "a record that was durable is unreadable");
        }
        return entry.batch();
    }

    /** What is recorded at {@code offset}; null when what stands there is none. */
    static @Nullable Entry readAt(DiskFile file, long offset, long limit) throws IOException {
        if (offset + RECORD_HEADER > limit) {
            return null;
        }
        ByteBuffer header = ByteBuffer.allocate(RECORD_HEADER);
        if (file.read(header, offset) < RECORD_HEADER) {
            return null;
        }
        int length = header.getInt(0);
        if (length < Batch.HEADER || length > MAX_IMAGE || offset + RECORD_HEADER + length > limit) {
            return null;
        }
        ByteBuffer image = ByteBuffer.allocate(length);
        if (file.read(image, offset + RECORD_HEADER) < length
                || checksum(length, header.getLong(8), ByteBuffer.wrap(image.array())) != header.getInt(4)) {
            return null;
        }
        return new Entry(Batch.of(image.array()), header.getLong(8));
    }

    /** Removes, durably, every batch that does not end at or before {@code zxid}. */
    void truncate(long zxid) throws IOException {
        int keep = index.countThrough(zxid);
        if (keep < index.size()) {
            // First, and durably: a mark that says more than the file holds would make damage of it.
            mark(batchEndAtOrBelow(zxid));
            file.sync();
            end = index.offset(keep);
            index.keep(keep);
            cut();
        }
    }

    /** Writes again what is not known to be durable; a sync makes it so. */
    void rewriteBehind(long synced) throws IOException {
        int known = index.countThrough(synced);
        if (known > 0 && known == index.size()) {
            return;
        }
        long from = known == 0 ? 0 : index.offset(known);
        ByteBuffer bytes = ByteBuffer.allocate((int) (end - from));
        if (file.read(bytes, from) != bytes.capacity()) {
            throw new IOException(name + " could be read a moment ago and cannot now, at offset " + from);
        }
        file.write(bytes.flip(), from);
    }

    /** Removes, durably, what stands behind the last whole record. */
    void cutTail() throws IOException {
        if (marked > lastZxid()) {
            mark(lastZxid());
            file.sync();
        }
        cut();
    }

    private void cut() throws IOException {
        file.truncate(end);
        allocated = end;
        file.sync();
    }

    /** Reads batches from the {@code from}-th on into {@code target}; returns the bytes read. */
    int readInto(int from, int maxBytes, List<Batch> target) throws IOException {
        int bytes = 0;
        for (int i = from; i < index.size() && (target.isEmpty() || bytes < maxBytes); i++) {
            Batch batch = read(i);
            target.add(batch);
            bytes += batch.image().length;
        }
        return bytes;
    }
}
