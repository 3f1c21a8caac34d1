package io.troupe.log.segment;

import io.troupe.env.DamagedFileException;
import io.troupe.env.Disk;
import io.troupe.env.NewerFormatException;
import io.troupe.request.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at a log without opening it: nothing is cut, set aside or written. */
public final class LogInspection {
    private LogInspection() {}

    /**
     * What was found of one segment.
     *
     * @param name of the file
     * @param base it holds what is behind this zxid
     * @param lastZxid of the last whole record, the base where there is none
     * @param batches whole records that hold requests
     * @param end where the last whole record ends, in bytes
     * @param size of the file in bytes
     * @param commitZxid the greatest commit point recorded in it
     * @param torn whether something unreadable stands behind its end that a crash may have left there
     * @param damage what is wrong with it that no crash can have left; null when it is whole
     */
    public record SegmentFinding(
            String name,
            long base,
            long lastZxid,
            int batches,
            long end,
            long size,
            long commitZxid,
            boolean torn,
            @Nullable String damage) {}

    /** Receives what the log holds. */
    @FunctionalInterface
    public interface Visitor {
        /** The next batch, in the order of the log. */
        void visit(String segment, long offset, Batch batch) throws IOException;
    }

    /**
     * Reads every segment as far as it is whole; {@code visitor} gets no batch behind the first damage, or behind a gap.
     *
     * @throws NewerFormatException when a later release wrote it
     */
    public static List<SegmentFinding> inspect(Disk disk, Visitor visitor) throws IOException {
        List<SegmentFinding> findings = new ArrayList<>();
        List<String> names = disk.list().stream().filter(Segment::isSegment).toList();
        boolean whole = true;
        long previous = 0;
        for (int i = 0; i < names.size(); i++) {
            SegmentFinding finding = inspect(disk, names.get(i), i == 0 ? null : previous, i == names.size() - 1);
            findings.add(finding);
            if (whole && finding.batches() > 0) {
                visit(disk, finding, visitor);
            }
            whole &= finding.damage() == null;
            previous = finding.lastZxid();
        }
        return findings;
    }

    /** What the node has found damaged and not followed up yet: the log has been cut there, and is whole since. */
    public static Optional<String> reportedDamage(Disk disk) throws IOException {
        return TransactionLog.reportedDamage(disk);
    }

    private static SegmentFinding inspect(Disk disk, String name, @Nullable Long previous, boolean last)
            throws IOException {
        SegmentScan scan = SegmentScan.scan(disk, name, last);
        Segment segment = scan.segment();
        if (segment == null) {
            return new SegmentFinding(name, 0, 0, 0, 0, 0, 0, scan.damage() == null, scan.damage());
        }
        try (var file = segment.file()) {
            String damage = scan.damage();
            int batches = segment.batches();
            if (previous != null && previous != segment.base()) {
                damage = name + ": offset 0: it does not continue the segment before it";
                batches = 0;
            }
            return new SegmentFinding(
                    name,
                    segment.base(),
                    segment.lastZxid(),
                    batches,
                    segment.end(),
                    file.size(),
                    scan.commitZxid(),
                    damage == null && !scan.clean(),
                    damage);
        }
    }

    private static void visit(Disk disk, SegmentFinding finding, Visitor visitor) throws IOException {
        try (var file = disk.openForReading(finding.name())) {
            long offset = Segment.HEADER;
            while (offset < finding.end()) {
                Segment.Entry entry = Segment.readAt(file, offset, finding.end());
                if (entry == null) {
                    throw new DamagedFileException(finding.name(), offset, "a record could be read a moment ago");
                }
                visitor.visit(finding.name(), offset, entry.batch());
                offset += entry.bytes();
            }
        }
    }
}
