package io.troupe.app.shell;

import io.troupe.env.system.SystemClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A client of an ensemble, for people and for scripts. */
public final class Shell {
    /** Everything was done. */
    public static final int DONE = 0;

    /** A command failed. */
    public static final int FAILED = 1;

    /** What was typed is no command. */
    public static final int USAGE = 2;

    private final ShellSettings settings;
    private final InputStream input;
    private final PrintWriter results;
    private final PrintWriter errors;

    /**
     * A shell that can be run once. Everything is read and written in UTF-8.
     *
     * @param input commands, one a line, unless one is given or a terminal is there
     */
    public Shell(ShellSettings settings, InputStream input, PrintStream output, PrintStream errors) {
        this.settings = settings;
        this.input = input;
        this.results = new PrintWriter(new OutputStreamWriter(output, StandardCharsets.UTF_8), true);
        this.errors = new PrintWriter(new OutputStreamWriter(errors, StandardCharsets.UTF_8), true);
    }

    /**
     * Runs one command, or what is typed, or what is read, and ends the session.
     *
     * @param command its words; empty for more than one
     * @return the exit status
     * @throws IOException when there is no reading from the terminal or the input
     */
    public int run(List<String> command) throws IOException, InterruptedException {
        if (command.isEmpty() && settings.terminal()) {
            try (Terminal terminal = TerminalBuilder.builder()
                            .name("troupe")
                            .system(true)
                            .build();
                    SystemClock clock = new SystemClock()) {
                return new Dialogue(terminal, settings, clock).run();
            }
        }
        Consumer<String> changes = settings.json() ? results::println : errors::println;
        Output output = new Output(results, errors, results::println, changes, settings);
        Connection connection = new Connection(settings, new EventPrinter(output));
        ShellContext shell = new ShellContext(connection, output, new Commands());
        Interpreter interpreter = new Interpreter(shell);
        try {
            connection.open(settings.server());
            return command.isEmpty() ? runLines(interpreter, shell) : interpreter.run(command);
        } catch (CommandException e) {
            output.print("connect", e);
            return e.status();
        } finally {
            connection.close();
            results.flush();
        }
    }

    private int runLines(Interpreter interpreter, ShellContext shell) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
        int worst = DONE;
        String line = lines.readLine();
        while (line != null) {
            if (!line.isBlank() && !line.strip().startsWith("#")) {
                worst = Math.max(worst, interpreter.run(line));
            }
            if (shell.left() || (worst != DONE && !settings.keepGoing())) {
                return worst;
            }
            line = lines.readLine();
        }
        return worst;
    }
}
