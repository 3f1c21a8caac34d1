package io.troupe.link;

/** This node's end of one connection: numbers what goes out, checks what comes in. */
public final class LinkEnd {
    private static final int BEATS_WITHOUT = 3;

    private final ConnectionId id;
    private final int peer;
    private long lastSent;
    private long lastReceived;
    private long peerIncarnation;
    private boolean open = true;
    private long overdue;
    private int silentlyDropped;

    LinkEnd(ConnectionId id, int peer) {
        this.id = id;
        this.peer = peer;
    }

    public ConnectionId id() {
        return id;
    }

    /** The node at the other end. */
    public int peer() {
        return peer;
    }

    /** False once this connection was reset or replaced; what is sent on it then is lost. */
    public boolean open() {
        return open;
    }

    /** The number of the next message to send. */
    public long nextToSend() {
        return ++lastSent;
    }

    /** Number of the last message sent, 0 for none. */
    public long lastSent() {
        return lastSent;
    }

    /** The incarnation of the node at the other end, 0 before its first message. */
    public long peerIncarnation() {
        return peerIncarnation;
    }

    /** Number of the last message received, 0 for none. */
    public long lastReceived() {
        return lastReceived;
    }

    enum Check {
        IN_ORDER,
        DUPLICATE,
        BROKEN
    }

    Check check(long incarnation, long sequence) {
        if (peerIncarnation != 0 && peerIncarnation != incarnation) {
            // The other end restarted: it answers a duplicate of our first message and knows nothing of the rest.
            return Check.BROKEN;
        }
        if (sequence <= lastReceived) {
            return Check.DUPLICATE;
        }
        if (sequence != lastReceived + 1) {
            return Check.BROKEN;
        }
        peerIncarnation = incarnation;
        lastReceived = sequence;
        return Check.IN_ORDER;
    }

    /**
     * The peer's beat says that it has sent up to {@code sequence}. A message may still be on its way, so only a
     * position that two beats in a row name without any progress in between counts as lost.
     */
    boolean missing(long sequence) {
        silentlyDropped = 0;
        if (sequence <= lastReceived) {
            overdue = 0;
            return false;
        }
        boolean lost = overdue == lastReceived + 1;
        overdue = lastReceived + 1;
        return lost;
    }

    /**
     * The peer's beat names no connection with us, or another one. It may be older than this connection; but when several
     * in a row do so, the peer has dropped what it once used, and its word of that was lost.
     */
    boolean droppedByPeer() {
        return lastReceived > 0 && ++silentlyDropped >= BEATS_WITHOUT;
    }

    void close() {
        open = false;
    }
}
