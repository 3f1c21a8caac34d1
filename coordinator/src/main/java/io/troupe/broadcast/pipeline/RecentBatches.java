package io.troupe.broadcast.pipeline;

import io.troupe.ensemble.Zxid;
import io.troupe.request.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log in memory, without a gap: everything not yet delivered to the tree, and behind it as much of the
 * delivered past as fits, so that a learner that is a little late need not be served from disk.
 */
public final class RecentBatches {
    private final TreeMap<Long, Batch> byFirstZxid = new TreeMap<>();
    private final long keepBytes;
    private long bytes;
    private long lastZxid;
    private long delivered;

    /**
     * @param zxid end of the log so far, all of it delivered
     * @param keepBytes how much of the delivered past is kept
     */
    public RecentBatches(long zxid, long keepBytes) {
        this.lastZxid = zxid;
        this.delivered = zxid;
        this.keepBytes = keepBytes;
    }

    /** End of the log. */
    public long lastZxid() {
        return lastZxid;
    }

    /** Up to here batches have been handed to the tree. */
    public long delivered() {
        return delivered;
    }

    /**
     * Adds the next batch.
     *
     * @throws IllegalStateException when it leaves a gap (contract 9.6 item 3)
     */
    public void append(Batch batch) {
        if (!batch.follows(lastZxid)) {
            throw new IllegalStateException(batch + " does not follow " + Zxid.hex(lastZxid));
        }
        byFirstZxid.put(batch.firstZxid(), batch);
        bytes += batch.image().length;
        lastZxid = batch.lastZxid();
        trim();
    }

    private void trim() {
        while (bytes > keepBytes && byFirstZxid.size() > 1) {
            Map.Entry<Long, Batch> first = byFirstZxid.firstEntry();
            if (first.getValue().lastZxid() > delivered) {
                return;
            }
            bytes -= first.getValue().image().length;
            byFirstZxid.remove(first.getKey());
        }
    }

    /** The batch that directly follows {@code zxid}, null when it is not here (any more, or yet). */
    public @Nullable Batch after(long zxid) {
        Map.Entry<Long, Batch> entry = byFirstZxid.higherEntry(zxid);
        return entry != null && entry.getValue().follows(zxid) ? entry.getValue() : null;
    }

    /** Batches up to {@code commitZxid} that the tree has not been given, in order; they count as given from now on. */
    public List<Batch> deliver(long commitZxid) {
        List<Batch> due = new ArrayList<>();
        for (Batch batch : byFirstZxid.tailMap(delivered, false).values()) {
            if (batch.lastZxid() > commitZxid) {
                break;
            }
            due.add(batch);
            delivered = batch.lastZxid();
        }
        trim();
        return due;
    }

    /** What is logged and not delivered, in order. */
    public List<Batch> undelivered() {
        return List.copyOf(byFirstZxid.tailMap(delivered, false).values());
    }

    /**
     * Drops every batch that does not end at or before {@code zxid}.
     *
     * @throws IllegalStateException when some of it was delivered: histories have diverged
     */
    public void truncate(long zxid) {
        while (!byFirstZxid.isEmpty() && byFirstZxid.lastEntry().getValue().lastZxid() > zxid) {
            Batch dropped = byFirstZxid.pollLastEntry().getValue();
            bytes -= dropped.image().length;
            if (dropped.firstZxid() <= delivered) {
                throw new IllegalStateException("asked to remove history behind " + Zxid.hex(zxid) + ", but "
                        + Zxid.hex(delivered) + " is executed");
            }
            lastZxid = byFirstZxid.isEmpty()
                    ? delivered
                    : byFirstZxid.lastEntry().getValue().lastZxid();
        }
        if (zxid < delivered) {
            throw new IllegalStateException("asked to remove history behind " + Zxid.hex(zxid) + ", but "
                    + Zxid.hex(delivered) + " is executed");
        }
    }
}
