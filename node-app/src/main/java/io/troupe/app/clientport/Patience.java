package io.troupe.app.clientport;

import io.troupe.env.Clock;

/** Since when a client is silent, and how long it may be in each phase of its connection. One event loop only. */
final class Patience {
    /** How long a client may take to read the last bytes it is due. */
    private static final long FAREWELL_MILLIS = 5_000;

    private final Clock clock;
    private final int handshakeMillis;
    private int sessionTimeoutMillis;

    /** Monotonic milliseconds of the last sign of life, or of the farewell. */
    private long since;

    /**
     * Begins now.
     *
     * @param handshakeMillis how long a client may take for its handshake
     */
    Patience(Clock clock, long handshakeMillis) {
        this.clock = clock;
        this.handshakeMillis = (int) Math.min(handshakeMillis, Integer.MAX_VALUE);
        this.since = clock.monotonicMillis();
    }

    /** Counts anew from now. */
    void renew() {
        since = clock.monotonicMillis();
    }

    /** How long the session lives without a sign of life. */
    void sessionTimeout(int millis) {
        sessionTimeoutMillis = millis;
    }

    /** 0 before it is known. */
    int sessionTimeoutMillis() {
        return sessionTimeoutMillis;
    }

    /** Whether the client has been silent for too long. */
    boolean isOver(ConnectionPhase phase) {
        return phase != ConnectionPhase.CLOSED && silentMillis() > limitMillis(phase);
    }

    /** When it is over, in milliseconds since 1970, unless it is renewed. */
    long endsAtMillis(ConnectionPhase phase) {
        return clock.wallMillis() + limitMillis(phase) - silentMillis();
    }

    /** What the client did not do in time, to complete the sentence "the client …". */
    String reproach(ConnectionPhase phase) {
        return switch (phase) {
            case GREETING -> "sent no handshake within " + handshakeMillis + " ms";
            case OPENING, UPGRADING -> "was silent for " + silentMillis() + " ms while its session was being opened";
            case LEAVING -> "was silent for " + silentMillis() + " ms while its session was being closed";
            case OPEN, CLOSED -> "was silent for " + silentMillis() + " ms, longer than its session timeout";
            case ENDING -> "did not take its last bytes within " + FAREWELL_MILLIS + " ms";
        };
    }

    private long silentMillis() {
        return clock.monotonicMillis() - since;
    }

    private long limitMillis(ConnectionPhase phase) {
        return switch (phase) {
            case GREETING -> handshakeMillis;
            case ENDING -> FAREWELL_MILLIS;
            case OPENING, OPEN, UPGRADING, LEAVING, CLOSED -> sessionTimeoutMillis;
        };
    }
}
