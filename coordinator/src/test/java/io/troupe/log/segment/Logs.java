package io.troupe.log.segment;

import io.troupe.env.Disk;
import io.troupe.log.Batches;
import io.troupe.log.LogSettings;
import io.troupe.request.Batch;
import java.io.IOException;
import java.util.List;

/** Short words for what tests do with a log. */
final class Logs {
    /** A segment takes three of the sample batches. */
    static final LogSettings SMALL = new LogSettings(380, 700, 1_400);

    /** One segment takes everything. */
    static final LogSettings LARGE = new LogSettings(1 << 20, 4096, 8192);

    private Logs() {}

    /** Appends batches as the log actor does that syncs after each. */
    static void append(TransactionLog log, List<Batch> batches) throws IOException {
        for (Batch batch : batches) {
            log.append(batch, log.lastZxid());
            log.file().sync();
        }
    }

    /** A log of {@code count} batches of one request each, durable. */
    static List<Batch> write(Disk disk, LogSettings settings, int count) throws IOException {
        List<Batch> batches = Batches.chain(0, count);
        append(TransactionLog.open(disk, settings), batches);
        return batches;
    }

    /** Ends of all batches in the log. */
    static List<Long> ends(TransactionLog log) throws IOException {
        return Batches.ends(log.read(log.baseZxid(), Integer.MAX_VALUE));
    }

    static List<Long> ends(Disk disk, LogSettings settings) throws IOException {
        return ends(TransactionLog.open(disk, settings));
    }

    static List<String> segments(Disk disk) throws IOException {
        return disk.list().stream().filter(Segment::isSegment).toList();
    }

    /** Where the record behind {@code batches} begins. */
    static int offsetBehind(List<Batch> batches) {
        return Segment.HEADER
                + batches.stream()
                        .mapToInt(b -> Segment.RECORD_HEADER + b.image().length)
                        .sum();
    }
}
