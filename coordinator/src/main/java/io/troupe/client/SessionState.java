package io.troupe.client;

/** How a session is. */
public enum SessionState {
    /** It is being opened. */
    CONNECTING,
    /** A node has given it, and answers. */
    CONNECTED,
    /**
     * No node answers. The ensemble may end the session before one does, and another take what it held: whoever holds a lock
     * or leads by it must stop now.
     */
    SUSPENDED,
    /** A node answers again; the session has lived on, with its ephemerals and watches. */
    RECONNECTED,
    /** The ensemble has ended it; its ephemerals are gone. Final. */
    EXPIRED,
    /** Its owner has closed it, or it could not be opened. Final. */
    CLOSED;

    /** Whether nothing can be asked in it any more. */
    public boolean isFinal() {
        return this == EXPIRED || this == CLOSED;
    }

    /** Whether a node answers. */
    public boolean isConnected() {
        return this == CONNECTED || this == RECONNECTED;
    }
}
