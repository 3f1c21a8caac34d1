package io.troupe.app.backup;

/** Why a backup cannot be taken, read or put back; the message says what to do. */
public final class BackupException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With a message for an operator. */
    public BackupException(String message) {
        super(message);
    }
}
