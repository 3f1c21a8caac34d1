package io.troupe.log.segment;

import io.troupe.env.Disk;
import io.troupe.env.DiskFile;
import io.troupe.env.NewerFormatException;
import io.troupe.env.TextFile;
import io.troupe.log.LogSettings;
import io.troupe.request.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The whole log: contiguous segments, the last of which is written to. Every change but an append is durable on return. */
public final class TransactionLog {
    /** Tells of damage until the node has taken note: the repair itself leaves no trace of it. */
    private static final String DAMAGE = "log.damage";

    private final Disk disk;
    private final LogSettings settings;
    private final List<Segment> segments = new ArrayList<>();
    private final RecordBuffer buffer = new RecordBuffer();
    private long commitZxid;
    private long synced;
    private @Nullable String damage;

    private TransactionLog(Disk disk, LogSettings settings) {
        this.disk = disk;
        this.settings = settings;
    }

    /**
     * Scans what is there; a torn tail is cut, damaged segments are set aside.
     *
     * @throws NewerFormatException when a later release wrote it
     */
    public static TransactionLog open(Disk disk, LogSettings settings) throws IOException {
        TransactionLog log = new TransactionLog(disk, settings);
        List<String> names = disk.list().stream().filter(Segment::isSegment).toList();
        log.damage = reportedDamage(disk).orElse(null);
        boolean contiguous = true;
        for (int i = 0; i < names.size() && contiguous; i++) {
            contiguous = log.scan(names, i);
        }
        if (log.segments.isEmpty()) {
            log.segments.add(Segment.create(disk, 0, settings.preallocateBytes()));
        }
        // A process that was killed leaves its last writes to the operating system: what was read just now may still
        // be lost, and must not be acknowledged before it cannot. After an fsync that failed another one would do
        // nothing
        // for what is still readable: it takes another write.
        log.current().rewriteBehind(log.synced);
        log.current().file().sync();
        disk.syncDirectory();
        return log;
    }

    /** False when the log ends here, whatever comes behind. */
    private boolean scan(List<String> names, int i) throws IOException {
        boolean last = i == names.size() - 1;
        SegmentScan scan = SegmentScan.scan(disk, names.get(i), last);
        Segment segment = scan.segment();
        String found = scan.damage();
        if (segment != null && !segments.isEmpty() && segment.base() != lastZxid()) {
            found = names.get(i) + ": offset 0: it does not continue the segment before it";
            segment = null;
        }
        if (found != null) {
            report(found);
            setAside(names.subList(segment == null ? i : i + 1, names.size()));
        }
        if (segment == null) {
            if (found == null) {
                // A segment whose very creation was torn holds nothing.
                disk.delete(names.get(i));
            }
            return false;
        }
        commitZxid = Math.max(commitZxid, scan.commitZxid());
        synced = scan.synced();
        if (!scan.clean()) {
            if (damage != null && disk.usableBytes() - segment.file().size() >= settings.reserveBytes()) {
                copyAside(segment);
            }
            segment.cutTail();
        }
        segments.add(segment);
        return found == null;
    }

    private void report(String found) throws IOException {
        damage = damage == null ? found : damage + "; " + found;
        reportDamage(disk, damage);
    }

    /** Something that this log held is lost: it stays {@link #damage()} until the node has followed it up. */
    public void damaged(String found) throws IOException {
        report(found);
    }

    static Optional<String> reportedDamage(Disk disk) throws IOException {
        return new TextFile(disk, DAMAGE).read();
    }

    /** As {@link #damaged}, of a log that is not open. */
    public static void reportDamage(Disk disk, String found) throws IOException {
        new TextFile(disk, DAMAGE).write(found);
    }

    /** The node has durably taken the consequences of {@link #damage()}: the next opening need not report it again. */
    public void forgetDamage() throws IOException {
        new TextFile(disk, DAMAGE).delete();
    }

    private void setAside(List<String> names) throws IOException {
        for (String name : names) {
            disk.rename(name, name + ".damaged");
        }
        disk.syncDirectory();
    }

    private void copyAside(Segment segment) throws IOException {
        try (DiskFile copy = disk.open(segment.name() + ".damaged")) {
            copy.truncate(0);
            ByteBuffer chunk = ByteBuffer.allocate(1024 * 1024);
            long size = segment.file().size();
            for (long at = 0; at < size; at += chunk.capacity()) {
                chunk.clear();
                if (segment.file().read(chunk, at) > 0) {
                    copy.write(chunk.flip(), at);
                }
            }
            copy.sync();
        }
        disk.syncDirectory();
    }

    private Segment current() {
        return segments.get(segments.size() - 1);
    }

    /** The log holds what is behind this position. */
    public long baseZxid() {
        return segments.get(0).base();
    }

    public long lastZxid() {
        return current().lastZxid();
    }

    /** The greatest commit point that any batch found at opening records. */
    public long commitZxid() {
        return commitZxid;
    }

    /** File, offset and cause of damage found at this opening or at an earlier one that was not followed up; null for none. */
    public @Nullable String damage() {
        return damage;
    }

    /**
     * Writes a batch behind the last one; durable only after a sync of {@link #file()}.
     *
     * @param synced up to here the log is durable
     *
     * @throws IllegalStateException when it does not follow the last one
     */
    public void append(Batch batch, long synced) throws IOException {
        if (!batch.follows(lastZxid())) {
            throw new IllegalStateException(batch + " does not follow " + Long.toHexString(lastZxid()) + " in the log");
        }
        if (current().recordBytes() >= settings.segmentBytes()) {
            current().file().sync();
            segments.add(Segment.create(disk, lastZxid(), settings.preallocateBytes()));
        }
        current().append(batch, synced, settings.preallocateBytes(), buffer);
    }

    /** Whether damage to the last record could be told from a torn tail. */
    public boolean isMarked() {
        return current().isMarked();
    }

    /** As {@link Segment#mark}. Everything must be durable. */
    public void mark() throws IOException {
        current().mark();
    }

    /** How many bytes of the disk an append of this batch takes; 0 while what is allocated will do. */
    public long growthFor(Batch batch) {
        if (current().recordBytes() >= settings.segmentBytes()) {
            return Segment.HEADER
                    + (long) settings.preallocateBytes()
                    + Math.max(settings.preallocateBytes(), batch.image().length);
        }
        return current().growthFor(batch, settings.preallocateBytes());
    }

    /** The file that appends go to. */
    public DiskFile file() {
        return current().file();
    }

    /** Removes every batch that does not end at or before {@code zxid}. */
    public void truncate(long zxid) throws IOException {
        // Newest first and each durably, so that a crash in between leaves a log without a gap.
        while (segments.size() > 1 && current().base() >= zxid) {
            remove(segments.size() - 1);
            disk.syncDirectory();
        }
        current().truncate(zxid);
    }

    private void remove(int i) throws IOException {
        Segment gone = segments.remove(i);
        gone.file().close();
        disk.delete(gone.name());
    }

    /** Discards everything; the log begins behind {@code zxid}. */
    public void startAfter(long zxid) throws IOException {
        // Newest first, so that a crash in between leaves a log without a gap.
        while (!segments.isEmpty()) {
            remove(segments.size() - 1);
            disk.syncDirectory();
        }
        segments.add(Segment.create(disk, zxid, settings.preallocateBytes()));
    }

    /** Drops segments that hold nothing behind {@code zxid}. */
    public void purge(long zxid) throws IOException {
        while (segments.size() > 1 && segments.get(1).base() <= zxid) {
            discard(0);
        }
        disk.syncDirectory();
    }

    private void discard(int i) throws IOException {
        Segment gone = segments.remove(i);
        gone.file().close();
        disk.recycle(gone.name());
    }

    /** Whether the position {@code zxid} lies in this log. */
    public boolean reaches(long zxid) {
        return zxid >= baseZxid();
    }

    /** The greatest end of a batch, or the base, at or below {@code zxid}. */
    public long batchEndAtOrBelow(long zxid) {
        return segmentOf(zxid).batchEndAtOrBelow(zxid);
    }

    private Segment segmentOf(long zxid) {
        for (int i = segments.size() - 1; i > 0; i--) {
            if (segments.get(i).base() <= zxid) {
                return segments.get(i);
            }
        }
        return segments.get(0);
    }

    /** Batches behind {@code zxid}: at least one where there is one, and about {@code maxBytes}. */
    public List<Batch> read(long zxid, int maxBytes) throws IOException {
        List<Batch> batches = new ArrayList<>();
        int bytes = 0;
        for (int i = segments.indexOf(segmentOf(zxid)); i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (batches.isEmpty() || bytes < maxBytes) {
                bytes += segment.readInto(segment.firstBehind(zxid), maxBytes - bytes, batches);
            }
        }
        return batches;
    }
}
