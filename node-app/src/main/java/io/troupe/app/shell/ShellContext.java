package io.troupe.app.shell;

import java.util.ArrayList;
import java.util.List;

/** What the commands of one shell share. */
final class ShellContext {
    private final Connection connection;
    private final Output output;
    private final Commands commands;
    private final List<String> history = new ArrayList<>();
    private boolean left;

    ShellContext(Connection connection, Output output, Commands commands) {
        this.connection = connection;
        this.output = output;
        this.commands = commands;
    }

    Connection connection() {
        return connection;
    }

    /** The connected client; waits for it. */
    Connection.Client client() throws CommandException, InterruptedException {
        return connection.client();
    }

    Output output() {
        return output;
    }

    void print(Result result) {
        output.print(result);
    }

    Commands commands() {
        return commands;
    }

    /** The lines of this shell, the first one first. */
    List<String> history() {
        return history;
    }

    /** Says that no further line is wanted. */
    void leave() {
        left = true;
    }

    boolean left() {
        return left;
    }
}
