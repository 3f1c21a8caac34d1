package io.troupe.app.command;

import io.troupe.app.backup.Backup;
import io.troupe.app.backup.BackupException;
import io.troupe.app.backup.Change;
import io.troupe.app.backup.Progress;
import io.troupe.app.backup.Restoration;
import io.troupe.app.backup.TreeDifference;
import io.troupe.app.zookeeper.MoveException;
import io.troupe.app.zookeeper.NewDirectory;
import io.troupe.app.zookeeper.TreeSummary;
import io.troupe.ensemble.ImportedHistory;
import io.troupe.tree.state.ZnodePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe restore FILE}: a backup goes back into an ensemble that runs, or becomes what a new one begins with. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Puts a backup back into an ensemble that runs, or with --to makes it the beginning of a new one.",
            "",
            "Into one that runs: znodes that the backup has not are deleted, others are created or set, by ordinary requests that"
                    + " watches see. Sessions and their ephemerals stay as they are. Look first with --dry-run.",
            "For a new one: everything is as it was, with zxids, sessions and ephemerals. Give every node a copy of the directory"
                    + " before its first start. See docs/operations.md."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            " 0:restored, and compared with the backup; with --dry-run: compared",
            " 1:not restored, or not all of it; the last line says why and what to do",
            " 2:bad command line"
        })
public final class RestoreCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int SHOWN = 20;

    @Parameters(
            paramLabel = "FILE",
            description = "what troupe backup has written, or the troupe.data-dir of a node that is stopped")
    @Nullable
    Path file;

    @Mixin
    HttpTarget target = new HttpTarget();

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description = "restore this znode and what is below it, and nothing else",
            defaultValue = ZnodePath.ROOT)
    String path = ZnodePath.ROOT;

    @Option(names = "--dry-run", description = "compare and report, change nothing")
    boolean dryRun;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "troupe.data-dir of the nodes of a new ensemble; must not exist, or be empty")
    @Nullable
    Path directory;

    private final InputStream input;
    private final PrintStream output;
    private final PrintStream errors;

    /** A command that can be run once. */
    public RestoreCommand(InputStream input, PrintStream output, PrintStream errors) {
        this.input = input;
        this.output = output;
        this.errors = errors;
    }

    @Override
    public Integer call() {
        try {
            if (!ZnodePath.isValid(path)) {
                throw new BackupException("--path " + path + " is no path of a znode; write it from the root");
            }
            Path source = Objects.requireNonNull(file);
            Backup backup = Files.isDirectory(source) ? Backup.ofNode(source) : Backup.read(source);
            output.printf("Backup      %s, as of zxid %s, sound%n", backup.file(), BackupCommand.position(backup));
            return directory == null ? online(backup) : begin(backup, directory);
        } catch (BackupException | MoveException e) {
            errors.println("troupe restore: " + e.getMessage());
        } catch (IOException e) {
            errors.println("troupe restore: " + e + "; repeat the command once that is settled");
        }
        return FAILED;
    }

    // ---- a new ensemble ----

    private int begin(Backup backup, Path to) throws IOException, MoveException {
        if (!path.equals(ZnodePath.ROOT)) {
            throw new MoveException("--path is of no use with --to: a new ensemble begins with all of a backup");
        }
        NewDirectory.requireFree(to);
        TreeSummary.of(backup.tree()).lines().forEach(output::println);
        if (dryRun) {
            return 0;
        }
        ImportedHistory history = backup.writeTo(to);
        output.printf("Wrote       %s, as import %s, and read it back%n", to, history);
        output.println("Next        copy it to every node of the new ensemble as its troupe.data-dir, then start them");
        return 0;
    }

    // ---- one that runs ----

    private int online(Backup backup) throws IOException, BackupException {
        if (backup.tree().get(path) == null) {
            throw new BackupException(
                    "the backup has no znode " + path + "; troupe shell's deleteall removes one that should go");
        }
        Path own = Files.createTempDirectory("troupe-restore");
        try {
            Restoration restoration = new Restoration(
                    target.node(input), own.resolve("live"), new Progress(errors, HttpTarget.watched()));
            return dryRun ? compare(restoration.look(backup, path)) : ended(restoration.restore(backup, path));
        } finally {
            Files.deleteIfExists(own);
        }
    }

    private int compare(TreeDifference difference) {
        List<Change> changes = difference.changes();
        output.printf(
                "Changes     %,d: %,d znodes created, %,d set, %,d access control lists, %,d deleted%n",
                changes.size(),
                count(changes, Change.Create.class),
                count(changes, Change.SetData.class),
                count(changes, Change.SetAcl.class),
                count(changes, Change.Delete.class));
        changes.stream().limit(SHOWN).forEach(change -> output.println("            " + words(change)));
        if (changes.size() > SHOWN) {
            output.printf("            and %,d more%n", changes.size() - SHOWN);
        }
        remarks(difference);
        return 0;
    }

    private int ended(Restoration.Ending ending) {
        output.printf("Changed     %,d steps%n", ending.changes());
        remarks(ending.last());
        int left = ending.last().changes().size();
        if (left > 0) {
            errors.printf(
                    "troupe restore: after %d rounds %,d znodes still differ (%s); stop the clients that change them, and repeat the"
                            + " command%n",
                    ending.rounds(), left, ending.trouble().isEmpty() ? "changed meanwhile" : ending.trouble());
            return FAILED;
        }
        if (!ending.last().conflicts().isEmpty()) {
            errors.println(
                    "troupe restore: ephemerals of live sessions stand where the backup has other znodes, named above; end"
                            + " those sessions, and repeat the command");
            return FAILED;
        }
        output.println("Verified    the ensemble holds what the backup holds");
        return 0;
    }

    private void remarks(TreeDifference difference) {
        if (difference.ephemeralsLeftOut() > 0) {
            output.printf(
                    "Left out    %,d ephemerals of the backup: their sessions make them anew%n",
                    difference.ephemeralsLeftOut());
        }
        paths("Stays", "has ephemerals of live sessions below it", difference.kept());
        paths("IN THE WAY", "an ephemeral of a live session stands there, or below", difference.conflicts());
    }

    private void paths(String what, String why, List<String> paths) {
        paths.stream().limit(SHOWN).forEach(p -> output.printf(Locale.ROOT, "%-10s  %s: %s%n", what, p, why));
        if (paths.size() > SHOWN) {
            output.printf("            and %,d more%n", paths.size() - SHOWN);
        }
    }

    private static long count(List<Change> changes, Class<? extends Change> kind) {
        return changes.stream().filter(kind::isInstance).count();
    }

    private static String words(Change change) {
        if (change instanceof Change.Create) {
            return "create " + change.path();
        } else if (change instanceof Change.Delete) {
            return "delete " + change.path();
        } else if (change instanceof Change.SetData set) {
            return "set    " + change.path() + ", version " + set.version() + " now";
        }
        return "acl    " + change.path();
    }
}
