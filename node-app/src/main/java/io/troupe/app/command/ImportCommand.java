package io.troupe.app.command;

import io.troupe.app.backup.Progress;
import io.troupe.app.zookeeper.MoveException;
import io.troupe.app.zookeeper.NewDirectory;
import io.troupe.app.zookeeper.TreeImport;
import io.troupe.app.zookeeper.TreeSummary;
import io.troupe.app.zookeeper.ZooKeeperHistory;
import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Zxid;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe import DIR... --to DIR}: what a ZooKeeper server holds becomes what a new ensemble begins with. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a data directory for a new ensemble from that of a ZooKeeper server.",
            "",
            "Stop ZooKeeper first, and choose the server with the greatest last zxid, which this command prints. Then give"
                    + " every node of the new ensemble a copy of the directory it wrote, before its first start. What it reads"
                    + " is never changed. See docs/migration.md."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            " 0:imported; with --dry-run: could be",
            " 1:not imported, and nothing left behind; the last line says why and what to do",
            " 2:bad command line"
        })
public final class ImportCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Parameters(
            paramLabel = "DIR",
            arity = "1..2",
            description = "dataDir of the ZooKeeper server, and its dataLogDir if it has one")
    List<Path> sources = List.of();

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "troupe.data-dir of the new nodes; must not exist, or be empty")
    @Nullable
    Path target;

    @Option(names = "--dry-run", description = "read and report only")
    boolean dryRun;

    @Option(
            names = "--until-damage",
            description = "where a log is damaged or missing, take what stands before it and lose the rest")
    boolean untilDamage;

    @Option(
            names = "--ignore-digest",
            description = "take a tree whose digest is not the one that ZooKeeper wrote down")
    boolean ignoreDigest;

    private final PrintStream output;
    private final PrintStream errors;

    /** A command that can be run once. */
    public ImportCommand(PrintStream output, PrintStream errors) {
        this.output = output;
        this.errors = errors;
    }

    @Override
    public Integer call() {
        if (target == null && !dryRun) {
            errors.println("troupe import: name the directory to write with --to DIR, or look first with --dry-run");
            return FAILED;
        }
        Progress progress = new Progress(errors, HttpTarget.watched());
        try {
            if (target != null) {
                NewDirectory.requireFree(target);
            }
            progress.stage("Reading the newest snapshot and the logs behind it");
            ZooKeeperHistory.Loaded loaded = ZooKeeperHistory.read(sources, untilDamage, ignoreDigest);
            progress.end();
            report(loaded);
            if (!dryRun && target != null) {
                progress.stage("Writing " + target + " and reading it back");
                ImportedHistory history = TreeImport.write(loaded.tree(), target);
                progress.end();
                output.printf("Wrote       %s, as import %s%n", target, history);
                output.println(
                        "Next        copy it to every node of the new ensemble as its troupe.data-dir, then start them");
            }
            return 0;
        } catch (MoveException e) {
            progress.end();
            errors.println("troupe import: " + e.getMessage());
        } catch (IOException e) {
            progress.end();
            errors.println("troupe import: " + target + " could not be written: " + e + "; nothing was left there");
        }
        return FAILED;
    }

    private void report(ZooKeeperHistory.Loaded loaded) {
        output.printf(
                "Read        %s and %d transactions of %d logs behind it%n",
                loaded.snapshot(), loaded.transactions(), loaded.logs());
        output.printf(
                "Last zxid   %s; the first epoch of the new ensemble is %d%n",
                Zxid.hex(loaded.lastZxid()), loaded.epoch() + 1);
        output.printf(
                "Digest      %s%n",
                loaded.digestChecked()
                        ? "agrees with ZooKeeper's"
                        : "not compared: ZooKeeper wrote none for this zxid");
        TreeSummary.of(loaded.tree()).lines().forEach(output::println);
        if (loaded.droppedEphemerals() > 0) {
            output.printf("Left out    %d ephemerals of sessions that had ended%n", loaded.droppedEphemerals());
        }
        loaded.notes().forEach(note -> output.println("Note        " + note));
        if (loaded.damage() != null) {
            output.println("LOST        everything behind " + loaded.damage());
        }
    }
}
