package io.troupe.app.clientport;

/** Where a connection stands. It only moves forward, except that an upgrade leads back to {@link #OPEN}. */
enum ConnectionPhase {
    /** The client has not sent its handshake. */
    GREETING,
    /** The node was asked for the session. */
    OPENING,
    /** Requests flow. */
    OPEN,
    /** The node was asked to make the session known to the whole ensemble; a request waits for that. */
    UPGRADING,
    /** The client sent its last request; what it sends after that is not read. */
    LEAVING,
    /** What is due to the client is being written; nothing more is accepted for it. */
    ENDING,
    /** Over. */
    CLOSED;

    /** Whether the node was asked for the session, or to make it known to the whole ensemble. */
    boolean waitsForSession() {
        return this == OPENING || this == UPGRADING;
    }
}
