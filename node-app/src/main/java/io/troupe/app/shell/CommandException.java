package io.troupe.app.shell;

/** Why a command was not done, and what helps. */
final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String remedy;

    private CommandException(int status, String code, String message, String remedy) {
        super(message);
        this.status = status;
        this.code = code;
        this.remedy = remedy;
    }

    static CommandException failed(String code, String message, String remedy) {
        return new CommandException(Shell.FAILED, code, message, remedy);
    }

    static CommandException usage(String message, String remedy) {
        return new CommandException(Shell.USAGE, "USAGE", message, remedy);
    }

    /** What the shell exits with. */
    int status() {
        return status;
    }

    /** A word for programs: ZooKeeper's name of the error where it has one. */
    String code() {
        return code;
    }

    /** In the imperative; may be empty. */
    String remedy() {
        return remedy;
    }

    String text() {
        return getMessage() + (remedy.isEmpty() ? "" : "; " + remedy);
    }
}
