package io.troupe.offline;

import io.troupe.ensemble.Zxid;
import io.troupe.env.Disk;
import io.troupe.log.NodeMeta;
import io.troupe.log.segment.LogInspection;
import io.troupe.log.segment.LogInspection.SegmentFinding;
import io.troupe.request.Batch;
import io.troupe.snapshot.SnapshotCatalog;
import io.troupe.snapshot.SnapshotInspection;
import io.troupe.snapshot.SnapshotInspection.SnapshotFinding;
import io.troupe.tree.Beginning;
import io.troupe.tree.execute.Executor;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.SnapshotDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A data directory as a whole: what stands in it, what is wrong with it, and the tree that comes of it. Nothing is changed. A
 * node that runs meanwhile makes the end of the log look torn, and nothing worse.
 */
public final class StoredHistory {
    private static final int DIGESTS = 1024;

    private final List<SnapshotFinding> snapshots;
    private final List<SegmentFinding> segments;
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final @Nullable NodeMeta meta;
    private final @Nullable DataTree tree;
    private final Map<Long, Long> digests = new LinkedHashMap<>();
    private long commitZxid;
    private long requests;

    private StoredHistory(Disk disk, LogInspection.Visitor visitor) throws IOException {
        meta = readMeta(disk);
        snapshots = SnapshotInspection.inspect(disk);
        snapshots.stream().filter(s -> s.damage() != null).forEach(s -> problems.add(String.valueOf(s.damage())));
        DataTree start = beginning(disk);
        Executor executor = start == null ? null : new Executor(start);
        segments = LogInspection.inspect(disk, (segment, offset, batch) -> {
            visitor.visit(segment, offset, batch);
            commitZxid = Math.max(commitZxid, batch.commitZxid());
            requests += batch.count();
            if (executor != null && start != null) {
                execute(start, executor, segment, offset, batch);
            }
        });
        tree = start;
        LogInspection.reportedDamage(disk)
                .ifPresent(
                        damage -> problems.add("the log was damaged and cut there, and what the node had acknowledged"
                                + " behind it is lost here: " + damage));
        judgeLog(start);
    }

    /**
     * Reads everything, and executes the log on the newest snapshot that is whole.
     *
     * @param visitor receives every batch of the log that can be read
     */
    public static StoredHistory read(Disk disk, LogInspection.Visitor visitor) throws IOException {
        return new StoredHistory(disk, visitor);
    }

    private @Nullable NodeMeta readMeta(Disk disk) {
        try {
            return NodeMeta.read(disk);
        } catch (IOException e) {
            problems.add(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private @Nullable DataTree beginning(Disk disk) throws IOException {
        for (SnapshotFinding finding : snapshots) {
            if (finding.damage() == null && finding.name().startsWith("snapshot-")) {
                try (InputStream content = SnapshotInspection.content(disk, finding)) {
                    return SnapshotDecoder.decode(content);
                } catch (IOException e) {
                    problems.add(finding.name() + ": " + e.getMessage());
                }
            }
        }
        if (meta != null && meta.founding() != null) {
            return Beginning.of(new SnapshotCatalog(disk), meta.founding());
        }
        for (SnapshotFinding finding : snapshots) {
            if (finding.damage() == null) {
                try (InputStream content = SnapshotInspection.content(disk, finding)) {
                    return SnapshotDecoder.decode(content);
                }
            }
        }
        return null;
    }

    private void execute(DataTree start, Executor executor, String segment, long offset, Batch batch) {
        if (Long.compareUnsigned(batch.lastZxid(), start.lastZxid()) <= 0) {
            return;
        }
        if (!batch.follows(start.lastZxid())) {
            if (problems.stream().noneMatch(p -> p.startsWith("history is missing"))) {
                problems.add("history is missing between " + Zxid.hex(start.lastZxid()) + " and "
                        + Zxid.hex(batch.firstZxid()) + " (" + segment + ", offset " + offset + ")");
            }
            return;
        }
        Long known = digests.get(batch.digestZxid());
        if (known != null && known != batch.digest()) {
            problems.add("%s: offset %d: the tree at %s has the digest %x here and had %x at the leader"
                    .formatted(segment, offset, Zxid.hex(batch.digestZxid()), known, batch.digest()));
            digests.clear();
        }
        executor.execute(batch, (section, sequence, request, zxid, outcome) -> {});
        digests.put(batch.lastZxid(), start.digest());
        if (digests.size() > DIGESTS) {
            digests.remove(digests.keySet().iterator().next());
        }
    }

    private void judgeLog(@Nullable DataTree start) {
        for (SegmentFinding segment : segments) {
            if (segment.damage() != null) {
                problems.add(segment.damage());
            } else if (segment.torn()) {
                notes.add(
                        "%s: offset %d: the end is torn, as by a crash or by a node that is writing; the next start cuts it"
                                .formatted(segment.name(), segment.end()));
            }
        }
        if (meta != null && start != null && Zxid.epoch(start.lastZxid()) > meta.acceptedEpoch()) {
            problems.add("node.meta has promised epoch " + meta.acceptedEpoch()
                    + ", which is before the end of the history, " + Zxid.hex(start.lastZxid())
                    + ": it is not the one that belongs to these files");
        }
    }

    /** Snapshots, newest first, then imports. */
    public List<SnapshotFinding> snapshots() {
        return snapshots;
    }

    /** Segments of the log, in their order. */
    public List<SegmentFinding> segments() {
        return segments;
    }

    /** What must not be: file, offset and cause, one line each. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** What is no damage but worth knowing, one line each. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** Who the node is and what it has promised; null where no node was, or when it is damaged. */
    public @Nullable NodeMeta meta() {
        return meta;
    }

    /** The tree at the end of what can be read; null where there is nothing, or nothing whole, to begin with. */
    public @Nullable DataTree tree() {
        return tree;
    }

    /** Up to here the log says itself that requests were committed. */
    public long commitZxid() {
        return commitZxid;
    }

    /** Requests in the log. */
    public long requests() {
        return requests;
    }
}
