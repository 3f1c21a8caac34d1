package io.troupe.app.command;

import io.troupe.app.shell.Shell;
import io.troupe.app.shell.ShellSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe shell}: the commands of ZooKeeper's command line. Its libraries are loaded when it runs. */
@Command(
        name = "shell",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at an ensemble and changes it, with the commands of ZooKeeper's command line.",
            "",
            "At a terminal it completes what is typed. Otherwise it runs the command given, or those read, one a line, and stops"
                    + " at the first that fails. \"troupe shell help\" lists them."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {" 0:everything was done", " 1:a command failed", " 2:bad command line, or no such command"})
public final class ShellCommand implements Callable<Integer> {
    @Option(
            names = {"-server", "--server"},
            paramLabel = "HOST:PORT,...",
            description = "where to connect (default ${DEFAULT-VALUE}); a path behind it becomes the root")
    String server = "127.0.0.1:2181";

    @Option(
            names = {"-timeout", "--timeout"},
            paramLabel = "MS",
            description = "of the session, and how long a command waits for a connection (default ${DEFAULT-VALUE})")
    int timeoutMillis = 30_000;

    @Option(
            names = {"-r", "--read-only"},
            description = "a server that has lost its quorum will do")
    boolean readOnly;

    @Option(
            names = {"-client-configuration", "--client-configuration"},
            paramLabel = "FILE",
            description = "properties of ZooKeeper's client, for TLS and SASL")
    @Nullable
    Path clientConfiguration;

    @Option(
            names = {"-waitforconnection", "--waitforconnection"},
            description = "is always done; there for scripts that say it")
    boolean waitForConnection;

    @Option(names = "--json", description = "one JSON object per result")
    boolean json;

    @Option(names = "--continue", description = "go on behind a command that failed")
    boolean keepGoing;

    @Parameters(paramLabel = "COMMAND", description = "a command and its arguments")
    List<String> command = new ArrayList<>();

    private final InputStream input;
    private final PrintStream output;
    private final PrintStream errors;
    private final Map<String, String> environment;
    private final Path home;

    /**
     * A command that can be run once.
     *
     * @param environment TROUPE_TERMINAL says that there is one, NO_COLOR and TERM what it may be sent
     * @param home where the history of what was typed is kept
     */
    public ShellCommand(
            InputStream input, PrintStream output, PrintStream errors, Map<String, String> environment, Path home) {
        this.input = input;
        this.output = output;
        this.errors = errors;
        this.environment = environment;
        this.home = home;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (timeoutMillis < 1) {
            errors.println("troupe shell: -timeout must be at least 1 ms");
            return Shell.USAGE;
        }
        boolean terminal = isSet("TROUPE_TERMINAL");
        boolean colours = terminal && !isSet("NO_COLOR") && !"dumb".equals(environment.get("TERM"));
        ShellSettings settings = new ShellSettings(
                server,
                timeoutMillis,
                readOnly,
                clientConfiguration,
                json,
                keepGoing,
                terminal,
                colours,
                home.resolve(".troupe_history"));
        return new Shell(settings, input, output, errors).run(command);
    }

    private boolean isSet(String name) {
        return !environment.getOrDefault(name, "").isEmpty();
    }
}
