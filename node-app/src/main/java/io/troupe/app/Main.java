package io.troupe.app;

import io.troupe.app.command.AuditCommand;
import io.troupe.app.command.BackupCommand;
import io.troupe.app.command.DevCommand;
import io.troupe.app.command.DoctorCommand;
import io.troupe.app.command.ExportCommand;
import io.troupe.app.command.ImportCommand;
import io.troupe.app.command.InspectCommand;
import io.troupe.app.command.PasswordCommand;
import io.troupe.app.command.RestoreCommand;
import io.troupe.app.command.ServerCommand;
import io.troupe.app.command.ShellCommand;
import io.troupe.app.doctor.SystemSurroundings;
import io.troupe.env.system.SystemClock;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. The only class that reads arguments and environment and ends the JVM. */
@Command(
        name = "troupe",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "A cluster coordinator that ZooKeeper's clients can use.")
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything else
    private CommandSpec spec;

    private Main() {}

    /** Runs a command and ends the JVM with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** All commands, as an operator meets them. */
    static CommandLine commandLine() {
        String launcher = System.getenv("TROUPE_LAUNCHER");
        String options = System.getenv("TROUPE_JVM_OPTS");
        // What stands behind the words of a command of the shell is that command's.
        CommandLine shell = new CommandLine(new ShellCommand(
                        System.in,
                        System.out,
                        System.err,
                        System.getenv(),
                        Path.of(System.getProperty("user.home", "."))))
                .setStopAtPositional(true);
        return new CommandLine(new Main())
                .addSubcommand(new ServerCommand(System.err, System.getenv()))
                .addSubcommand(new DevCommand(
                        Path.of(launcher == null ? "bin/troupe" : launcher),
                        options == null ? "" : options,
                        System.out,
                        System.err))
                .addSubcommand(new PasswordCommand(System.in, System.out, System.err))
                .addSubcommand(new ImportCommand(System.out, System.err))
                .addSubcommand(new ExportCommand(System.out, System.err))
                .addSubcommand(new InspectCommand(System.out, System.err))
                .addSubcommand(new AuditCommand(Clock.systemUTC(), System.out, System.err))
                .addSubcommand(new BackupCommand(System.in, System.out, System.err))
                .addSubcommand(new RestoreCommand(System.in, System.out, System.err))
                .addSubcommand(new DoctorCommand(System.out, new SystemSurroundings(new SystemClock())))
                .addSubcommand(shell)
                // A word that begins with @ may be data.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(Main::refuse)
                .setExecutionExceptionHandler(Main::fail);
    }

    /** One line of what is wrong with the command line. */
    private static int refuse(ParameterException e, String[] arguments) {
        System.err.println("troupe: " + e.getMessage() + "; see troupe "
                + (e.getCommandLine().getParent() == null
                        ? ""
                        : e.getCommandLine().getCommandName() + " ") + "--help");
        return CommandLine.ExitCode.USAGE;
    }

    private static int fail(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        System.err.println("troupe: " + command.getCommandName() + " failed: " + e);
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name a command: server, dev, password, import, export, inspect, backup, restore, doctor, audit or shell");
    }

    /** The version of the distribution. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"troupe " + (version == null ? "(not packaged)" : version)};
        }
    }
}
