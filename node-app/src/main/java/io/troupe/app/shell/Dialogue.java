package io.troupe.app.shell;

import io.troupe.env.Clock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;

/**
 * The shell at a terminal. Ctrl-C cancels the command that runs, or throws away the line that is typed; Ctrl-D leaves. What
 * happens meanwhile is printed above the prompt.
 */
final class Dialogue {
    private static final String CYAN = "\u001b[36m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final Terminal terminal;
    private final ShellSettings settings;
    private final Connection connection;
    private final Output output;
    private final ShellContext shell;
    private final LineReader reader;

    Dialogue(Terminal terminal, ShellSettings settings, Clock clock) {
        this.terminal = terminal;
        this.settings = settings;
        PrintWriter writer = terminal.writer();
        Commands commands = new Commands();
        this.output = new Output(writer, writer, this::printAbove, this::printAbove, settings);
        this.connection = new Connection(settings, new EventPrinter(output));
        this.shell = new ShellContext(connection, output, commands);
        this.reader = LineReaderBuilder.builder()
                .appName("troupe")
                .terminal(terminal)
                .parser(new Words())
                .completer(new ShellCompleter(commands, connection, clock))
                .variable(LineReader.HISTORY_FILE, prepared(settings.historyFile()))
                // A password is typed behind it.
                .variable(LineReader.HISTORY_IGNORE, "*addauth*")
                // An exclamation mark is data.
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        bindArrows(reader);
    }

    /** As terminals send them that do not know of the mode in which the library asks for them. */
    private static void bindArrows(LineReader reader) {
        KeyMap<Binding> keys = Objects.requireNonNull(reader.getKeyMaps().get(LineReader.MAIN));
        keys.bind(new Reference(LineReader.UP_LINE_OR_HISTORY), "\033[A");
        keys.bind(new Reference(LineReader.DOWN_LINE_OR_HISTORY), "\033[B");
        keys.bind(new Reference(LineReader.FORWARD_CHAR), "\033[C");
        keys.bind(new Reference(LineReader.BACKWARD_CHAR), "\033[D");
    }

    /** Only its owner may read what was typed. */
    private static Path prepared(Path historyFile) {
        if (!historyFile.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return historyFile;
        }
        try {
            Files.createFile(
                    historyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            // It is there already; or the reader tries in its own way, and does without if it cannot.
        }
        return historyFile;
    }

    /**
     * Reads and runs lines until the user leaves.
     *
     * @return the exit status
     */
    int run() throws InterruptedException {
        Interpreter interpreter = new Interpreter(shell);
        try {
            interruptibly(this::connect);
            while (!shell.left()) {
                readAndRun(interpreter);
            }
            return Shell.DONE;
        } finally {
            connection.close();
        }
    }

    private void readAndRun(Interpreter interpreter) {
        try {
            String line = reader.readLine(prompt());
            interruptibly(() -> interpreter.run(line));
        } catch (UserInterruptException e) {
            // The line is thrown away.
        } catch (EndOfFileException e) {
            shell.leave();
        }
    }

    private void connect() {
        terminal.writer().println("Connecting to " + settings.server());
        terminal.flush();
        try {
            connection.open(settings.server());
            Connection.Client client = connection.client();
            terminal.writer()
                    .println("Connected to " + connection.address() + ", session 0x"
                            + Long.toHexString(client.getSessionId()) + "; help lists the commands");
        } catch (CommandException e) {
            output.print("connect", e);
        } catch (InterruptedException e) {
            terminal.writer().println("still connecting");
        }
        terminal.flush();
    }

    /** Runs something that Ctrl-C ends. */
    private void interruptibly(Runnable task) {
        Thread self = Thread.currentThread();
        SignalHandler before = terminal.handle(Signal.INT, signal -> self.interrupt());
        try {
            task.run();
        } finally {
            terminal.handle(Signal.INT, before);
            // Ctrl-C may have come when the task was done already.
            Thread.interrupted();
        }
    }

    private void printAbove(String line) {
        if (reader instanceof LineReaderImpl shown && shown.isReading()) {
            // It may be about the connection, whose state the prompt shows.
            shown.setPrompt(prompt());
        }
        reader.printAbove(line);
    }

    private String prompt() {
        String text = "[" + connection.address() + "(" + connection.state() + ") "
                + shell.history().size() + "] ";
        if (!settings.colours()) {
            return text;
        }
        return (connection.ifConnected() == null ? RED : CYAN) + text + PLAIN;
    }
}
