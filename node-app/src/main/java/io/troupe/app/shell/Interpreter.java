package io.troupe.app.shell;

import java.util.List;
import org.apache.zookeeper.KeeperException;

/** Runs lines, one at a time, and prints why one failed. */
final class Interpreter {
    private final ShellContext shell;

    Interpreter(ShellContext shell) {
        this.shell = shell;
    }

    /**
     * Runs one line.
     *
     * @return {@link Shell#DONE}, {@link Shell#FAILED} or {@link Shell#USAGE}
     */
    int run(String line) {
        try {
            List<String> words = Words.of(line);
            if (words.isEmpty()) {
                return Shell.DONE;
            }
            if (words.get(0).equals("redo")) {
                return run(earlier(words));
            }
            shell.history().add(line.strip());
            return run(words);
        } catch (CommandException e) {
            shell.output().print("", e);
            return e.status();
        }
    }

    private String earlier(List<String> words) throws CommandException {
        int number = ((SessionCommands.Redo) shell.commands().parse(words)).number;
        if (number < 0 || number >= shell.history().size()) {
            throw CommandException.usage("Command index out of range", "history shows the numbers");
        }
        // No line of the history is a redo: what it stood for is there in its place.
        return shell.history().get(number);
    }

    /** Runs a command that has been split already. */
    int run(List<String> words) {
        CommandException failure;
        try {
            shell.commands().parse(words).run(shell);
            return Shell.DONE;
        } catch (CommandException e) {
            failure = e;
        } catch (KeeperException e) {
            failure = Explanations.of(e, shell.connection().server());
        } catch (IllegalArgumentException e) {
            // Of the client, before it sends anything.
            failure = CommandException.usage(
                    String.valueOf(e.getMessage()), "a path begins with /, and only the root ends with it");
        } catch (InterruptedException e) {
            failure = CommandException.failed(
                    "CANCELLED", "cancelled", "what the server had been sent may have been done");
        }
        shell.output().endProgress();
        shell.output().print(words.get(0), failure);
        return failure.status();
    }
}
