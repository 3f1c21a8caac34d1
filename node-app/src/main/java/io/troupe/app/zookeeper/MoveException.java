package io.troupe.app.zookeeper;

/** Data cannot be moved from, or to, ZooKeeper; the message names what is wrong, where, and what to do. */
public final class MoveException extends Exception {
    private static final long serialVersionUID = 1L;

    public MoveException(String message) {
        super(message);
    }

    public MoveException(String message, Throwable cause) {
        super(message, cause);
    }
}
