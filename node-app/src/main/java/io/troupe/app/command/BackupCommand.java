package io.troupe.app.command;

import io.troupe.app.backup.Backup;
import io.troupe.app.backup.BackupException;
import io.troupe.app.backup.BackupTaker;
import io.troupe.app.backup.Progress;
import io.troupe.app.zookeeper.TreeSummary;
import io.troupe.ensemble.Zxid;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe backup FILE}: what an ensemble that runs holds, in one file. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Writes all that an ensemble holds into one file, while it serves.",
            "",
            "The file shows one moment: everything acknowledged before the command, and no half of anything later. It is checked"
                    + " before it gets its name. troupe restore puts it back, troupe inspect looks into it, troupe export makes a"
                    + " dataDir for ZooKeeper of it. See docs/operations.md."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            " 0:the backup is there, or is sound",
            " 1:it is not; the last line says why and what to do",
            " 2:bad command line"
        })
public final class BackupCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Parameters(paramLabel = "FILE", description = "the backup")
    @Nullable
    Path file;

    @Mixin
    HttpTarget target = new HttpTarget();

    @Option(names = "--verify", description = "only read FILE, and say whether it is sound")
    boolean verify;

    @Option(names = "--overwrite", description = "replace FILE where it exists; until the new one is whole it stays")
    boolean overwrite;

    private final InputStream input;
    private final PrintStream output;
    private final PrintStream errors;

    /** A command that can be run once. */
    public BackupCommand(InputStream input, PrintStream output, PrintStream errors) {
        this.input = input;
        this.output = output;
        this.errors = errors;
    }

    @Override
    public Integer call() {
        Path named = Objects.requireNonNull(file);
        try {
            Backup backup = verify ? Backup.read(named) : take(named);
            output.printf("%s  %s, %,d bytes%n", verify ? "Sound     " : "Wrote     ", named, backup.bytes());
            output.printf(
                    "Digest      %x, as it was when it was written%n",
                    backup.tree().digest());
            TreeSummary.of(backup.tree()).lines().forEach(output::println);
            return 0;
        } catch (BackupException e) {
            errors.println("troupe backup: " + e.getMessage());
        } catch (IOException e) {
            errors.println("troupe backup: " + e + "; nothing was left behind");
        }
        return FAILED;
    }

    private Backup take(Path named) throws IOException, BackupException {
        if (Files.exists(named) && !overwrite) {
            throw new BackupException(named + " exists; name another file, or say --overwrite");
        }
        return new BackupTaker(target.node(input), new Progress(errors, HttpTarget.watched())).take(named);
    }

    /** The position a backup shows, for people. */
    static String position(Backup backup) {
        return Zxid.hex(backup.tree().lastZxid());
    }
}
