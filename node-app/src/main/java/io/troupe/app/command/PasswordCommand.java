package io.troupe.app.command;

import io.troupe.app.console.PasswordHash;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe password NAME}: a user's line for {@code troupe.http.users}. The password is asked for, or read from a pipe. */
@Command(
        name = "password",
        mixinStandardHelpOptions = true,
        description = "Prints the line of troupe.http.users for a user whose password it asks for.")
public final class PasswordCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int LEAST_LENGTH = 8;

    /** What a user may do. */
    enum Role {
        reader,
        writer,
        admin
    }

    @Parameters(paramLabel = "NAME", description = "who logs in")
    @Nullable
    String name;

    @Option(names = "--role", paramLabel = "ROLE", description = "${COMPLETION-CANDIDATES} (default reader)")
    Role role = Role.reader;

    private final InputStream input;
    private final PrintStream output;
    private final PrintStream errors;

    /**
     * A command that can be run once.
     *
     * @param input where the password comes from when there is no terminal
     */
    public PasswordCommand(InputStream input, PrintStream output, PrintStream errors) {
        this.input = input;
        this.output = output;
        this.errors = errors;
    }

    @Override
    public Integer call() throws IOException {
        if (name == null || !name.matches("[^:,\\p{Cntrl}]+")) {
            errors.println("troupe password: a name must not be empty nor hold a colon, a comma or control characters");
            return FAILED;
        }
        char[] password = password();
        if (password.length < LEAST_LENGTH) {
            errors.println("troupe password: write at least " + LEAST_LENGTH + " characters");
            return FAILED;
        }
        output.println("\"" + name + ":" + role + ":" + PasswordHash.of(password) + "\"");
        Arrays.fill(password, ' ');
        return 0;
    }

    private char[] password() throws IOException {
        Console terminal = terminal();
        if (terminal != null) {
            char[] typed = terminal.readPassword("Password of %s: ", name);
            return typed == null ? new char[0] : typed;
        }
        // Into a pipe nobody types.
        String line = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8)).readLine();
        return line == null ? new char[0] : line.toCharArray();
    }

    @SuppressWarnings("SystemConsoleNull") // later platforms tell by isTerminal, which this one does not have
    private static @Nullable Console terminal() {
        return System.console();
    }
}
