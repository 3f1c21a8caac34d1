package io.troupe.app.command;

import io.troupe.app.backup.Backup;
import io.troupe.app.backup.BackupException;
import io.troupe.app.backup.Progress;
import io.troupe.app.zookeeper.MoveException;
import io.troupe.app.zookeeper.NewDirectory;
import io.troupe.app.zookeeper.SnapshotExport;
import io.troupe.app.zookeeper.TreeSummary;
import io.troupe.ensemble.Zxid;
import io.troupe.env.system.SystemDisk;
import io.troupe.log.NodeMeta;
import io.troupe.offline.StoredHistory;
import io.troupe.tree.state.DataTree;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe export DIR --to DIR}: what a node holds becomes what ZooKeeper's servers start from. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a dataDir for ZooKeeper 3.9 from the data directory of a node, or from a backup.",
            "",
            "Stop the ensemble first, and choose the node with the greatest last zxid, which this command prints. Then give every"
                    + " ZooKeeper server a copy of the directory it wrote, with a myid of its own. What it reads is never"
                    + " changed. See docs/migration.md."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            " 0:exported",
            " 1:not exported, and nothing left behind; the last line says why and what to do",
            " 2:bad command line"
        })
public final class ExportCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Parameters(paramLabel = "DIR", description = "troupe.data-dir of a node that is stopped, or a backup")
    @Nullable
    Path source;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            required = true,
            description = "dataDir of the ZooKeeper servers; must not exist, or be empty")
    @Nullable
    Path target;

    private final PrintStream output;
    private final PrintStream errors;
    private final Progress progress;

    /** A command that can be run once. */
    public ExportCommand(PrintStream output, PrintStream errors) {
        this.output = output;
        this.errors = errors;
        this.progress = new Progress(errors, HttpTarget.watched());
    }

    @Override
    public Integer call() {
        try {
            export();
            return 0;
        } catch (MoveException | BackupException e) {
            progress.end();
            errors.println("troupe export: " + e.getMessage());
        } catch (IOException e) {
            progress.end();
            errors.println("troupe export: " + e.getMessage() + "; nothing was left behind");
        }
        return FAILED;
    }

    private void export() throws IOException, MoveException, BackupException {
        Path from = Objects.requireNonNull(source);
        Path to = Objects.requireNonNull(target);
        NewDirectory.requireFree(to);
        progress.stage("Reading " + from);
        if (Backup.isOne(from)) {
            DataTree tree = Backup.read(from).begun();
            export(from, tree, Zxid.epoch(tree.lastZxid()), List.of(), to);
        } else {
            exportDirectory(from, to);
        }
    }

    private void exportDirectory(Path from, Path to) throws IOException, MoveException {
        if (!Files.isDirectory(from)) {
            throw new MoveException(
                    from + " is neither a directory nor a backup; name the troupe.data-dir of a node, or a backup");
        }
        StoredHistory history;
        // Taken, so that no node writes meanwhile.
        try (SystemDisk disk = SystemDisk.open(from)) {
            history = StoredHistory.read(disk, (segment, offset, batch) -> {});
        }
        DataTree tree = history.tree();
        if (!history.problems().isEmpty()) {
            throw new MoveException(String.join("; ", history.problems())
                    + ". Export from another node of the ensemble; troupe inspect " + from + " says more");
        }
        if (tree == null) {
            throw new MoveException("there is no history in " + from + "; name the troupe.data-dir of a node");
        }
        NodeMeta meta = history.meta();
        long epoch = Math.max(Zxid.epoch(tree.lastZxid()), meta == null ? 0 : meta.acceptedEpoch());
        export(from, tree, epoch, history.notes(), to);
    }

    private void export(Path from, DataTree tree, long epoch, List<String> notes, Path to)
            throws IOException, MoveException {
        progress.end();
        output.printf("Read        %s, up to zxid %s of epoch %d%n", from, Zxid.hex(tree.lastZxid()), epoch);
        TreeSummary summary = TreeSummary.of(tree);
        summary.lines().forEach(output::println);
        notes.forEach(note -> output.println("Note        " + note));
        progress.stage("Writing " + to + " and reading it back");
        Path written = SnapshotExport.write(tree, epoch, to);
        progress.end();
        output.printf("Wrote       %s, and read it back%n", written);
        if (summary.ttlNodes() > 0) {
            output.printf(
                    "Note        %d znodes have a time to live: start every server with -Dzookeeper.extendedTypesEnabled=true, or it takes them for ephemerals of ended sessions and deletes them%n",
                    summary.ttlNodes());
        }
        output.println(
                "Next        copy it to every ZooKeeper server as its dataDir, put its myid there, then start them");
    }
}
