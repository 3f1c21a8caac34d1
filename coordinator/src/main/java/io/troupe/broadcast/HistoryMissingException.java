package io.troupe.broadcast;

/**
 * The log begins behind the newest snapshot that is whole: what lies between is not on this disk any more, and only the leader
 * has it.
 */
public final class HistoryMissingException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    HistoryMissingException(String message) {
        super(message);
    }
}
