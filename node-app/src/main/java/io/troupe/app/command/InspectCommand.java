package io.troupe.app.command;

import io.troupe.app.backup.Backup;
import io.troupe.app.backup.BackupException;
import io.troupe.app.command.Findings.Finding;
import io.troupe.app.zookeeper.MoveException;
import io.troupe.app.zookeeper.TreeSummary;
import io.troupe.app.zookeeper.ZooKeeperHistory;
import io.troupe.ensemble.Zxid;
import io.troupe.env.Disk;
import io.troupe.env.system.ReadOnlyDirectory;
import io.troupe.log.NodeMeta;
import io.troupe.log.segment.LogInspection.SegmentFinding;
import io.troupe.offline.StoredHistory;
import io.troupe.request.Batch;
import io.troupe.request.RequestCodec;
import io.troupe.request.RequestFormatException;
import io.troupe.request.Section;
import io.troupe.snapshot.SnapshotInspection.SnapshotFinding;
import io.troupe.tree.state.DataTree;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe inspect DIR|FILE}: what stands in a data directory, and whether it is sound. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = {
            "Reads a data directory, one snapshot or log in it, or a backup, and says what is there and whether it is sound.",
            "",
            "Nothing is changed, and a node may run on it meanwhile. The data directory of a ZooKeeper server can be read too."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            " 0:sound",
            " 1:not sound, or it cannot be read; each problem is named with file and offset",
            " 2:bad command line"
        })
public final class InspectCommand implements Callable<Integer> {
    private static final int NOT_SOUND = 1;

    @Parameters(paramLabel = "PATH", description = "data directory, or one file in it")
    @Nullable
    Path path;

    @Option(names = "--records", description = "print every record of the log")
    boolean records;

    @Option(names = "--json", description = "one JSON object a line")
    boolean json;

    private final PrintStream output;
    private final PrintStream errors;

    /** A command that can be run once. */
    public InspectCommand(PrintStream output, PrintStream errors) {
        this.output = output;
        this.errors = errors;
    }

    @Override
    public Integer call() {
        Path given = Objects.requireNonNull(path);
        Findings findings = new Findings(output, json);
        try {
            if (!Files.exists(given)) {
                throw new IOException(given + " does not exist; name a data directory or a file in one");
            }
            if (!given.toAbsolutePath().getFileName().toString().matches("(snapshot|import)-.*")
                    && Backup.isOne(given)) {
                backup(given, findings);
            } else if (ZooKeeperHistory.isIn(given)) {
                zooKeeper(given, findings);
            } else {
                Disk disk = Files.isDirectory(given) ? new ReadOnlyDirectory(given) : ReadOnlyDirectory.ofFile(given);
                troupe(disk, given, findings);
            }
        } catch (IOException | MoveException e) {
            errors.println("troupe inspect: " + e.getMessage());
            return NOT_SOUND;
        }
        findings.print(
                new Finding("result").with("sound", findings.problems() == 0).with("problems", findings.problems()));
        return findings.problems() == 0 ? 0 : NOT_SOUND;
    }

    // ---- ours ----

    private static void backup(Path given, Findings findings) throws IOException {
        try {
            Backup backup = Backup.read(given);
            findings.print(new Finding("backup").with("file", given.toString()).with("bytes", backup.bytes()));
            findings.print(tree(backup.tree())
                    .with("digest", Long.toHexString(backup.tree().digest())));
        } catch (BackupException e) {
            findings.problem(String.valueOf(e.getMessage()));
        }
    }

    private void troupe(Disk disk, Path given, Findings findings) throws IOException {
        StoredHistory history = StoredHistory.read(disk, (segment, offset, batch) -> {
            if (records) {
                findings.print(record(segment, offset, batch));
            }
        });
        NodeMeta meta = history.meta();
        if (meta != null) {
            findings.print(new Finding("node")
                    .with("id", meta.nodeId())
                    .with("disk", Long.toHexString(meta.diskId()))
                    .with("incarnation", meta.incarnation())
                    .with("accepted_epoch", meta.acceptedEpoch())
                    .with("current_epoch", meta.currentEpoch())
                    .with(
                            "ensemble",
                            meta.founding() == null ? null : meta.founding().ensembleId()));
        }
        history.snapshots().forEach(snapshot -> findings.print(snapshot(snapshot)));
        history.segments().forEach(segment -> findings.print(segment(segment)));
        DataTree tree = history.tree();
        if (tree != null) {
            findings.print(tree(tree)
                    .with("digest", Long.toHexString(tree.digest()))
                    .with("committed", Zxid.hex(Math.max(history.commitZxid(), 0)))
                    .with("logged_requests", history.requests()));
        } else if (history.snapshots().isEmpty() && history.segments().isEmpty() && meta == null) {
            findings.problem(given + " holds nothing of Troupe; name the troupe.data-dir of a node");
        }
        history.notes().forEach(note -> findings.print(new Finding("note").with("text", note)));
        history.problems().forEach(findings::problem);
        if (!history.problems().isEmpty()) {
            findings.print(new Finding("advice")
                    .with(
                            "text",
                            "a node that starts on this sets aside what is damaged and takes it from the leader anew, as docs/storage.md tells;"
                                    + " keep a copy first if it may be the only one"));
        }
    }

    private static Finding snapshot(SnapshotFinding snapshot) {
        return new Finding("snapshot")
                .with("file", snapshot.name())
                .with("zxid", Zxid.hex(snapshot.zxid()))
                .with("bytes", snapshot.size())
                .with("whole", snapshot.damage() == null);
    }

    private static Finding segment(SegmentFinding segment) {
        return new Finding("log")
                .with("file", segment.name())
                .with("behind", Zxid.hex(segment.base()))
                .with("last", Zxid.hex(segment.lastZxid()))
                .with("batches", segment.batches())
                .with("bytes", segment.end())
                .with("allocated", segment.size())
                .with("torn", segment.torn())
                .with("whole", segment.damage() == null);
    }

    private static Finding tree(DataTree tree) {
        Finding finding = new Finding("tree").with("zxid", Zxid.hex(tree.lastZxid()));
        TreeSummary.of(tree).counts().forEach(finding::with);
        return finding;
    }

    private static Finding record(String segment, long offset, Batch batch) {
        return new Finding("record")
                .with("file", segment)
                .with("offset", offset)
                .with("first", Zxid.hex(batch.firstZxid()))
                .with("last", Zxid.hex(batch.lastZxid()))
                .with("time", Instant.ofEpochMilli(batch.timeMillis()).toString())
                .with("committed", Zxid.hex(batch.commitZxid()))
                .with(
                        "requests",
                        batch.sections().stream()
                                .flatMap(s -> requests(s).stream())
                                .toList());
    }

    private static List<String> requests(Section section) {
        String origin = "node " + section.originNode() + " #" + section.firstSequence();
        try {
            return RequestCodec.decode(section).stream()
                    .map(request -> "%s session 0x%x from %s"
                            .formatted(request.operation().getClass().getSimpleName(), request.sessionId(), origin))
                    .collect(Collectors.toList());
        } catch (RequestFormatException e) {
            return List.of("%d requests from %s that cannot be decoded: %s"
                    .formatted(section.count(), origin, e.getMessage()));
        }
    }

    // ---- ZooKeeper's ----

    private void zooKeeper(Path given, Findings findings) throws MoveException {
        if (records) {
            ZooKeeperHistory.transactions(
                    List.of(given),
                    t -> findings.print(new Finding("record")
                            .with("file", t.file().toString())
                            .with("offset", t.offset())
                            .with("zxid", Zxid.hex(t.zxid()))
                            .with("time", Instant.ofEpochMilli(t.timeMillis()).toString())
                            .with("session", "0x" + Long.toHexString(t.sessionId()))
                            .with("transaction", t.kind())));
        }
        try {
            ZooKeeperHistory.Loaded loaded = ZooKeeperHistory.read(List.of(given), false, false);
            findings.print(new Finding("zookeeper")
                    .with("snapshot", loaded.snapshot().toString())
                    .with("logs", loaded.logs())
                    .with("transactions", loaded.transactions())
                    .with("last", Zxid.hex(loaded.lastZxid()))
                    .with("epoch", loaded.epoch())
                    .with("digest_agrees", loaded.digestChecked() ? Boolean.TRUE : null));
            findings.print(tree(loaded.tree()));
            loaded.notes().forEach(note -> findings.print(new Finding("note").with("text", note)));
        } catch (MoveException e) {
            findings.problem(String.valueOf(e.getMessage()));
        }
    }
}
