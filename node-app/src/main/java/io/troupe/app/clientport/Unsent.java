package io.troupe.app.clientport;

/**
 * What the frames of one connection hold that wait to be written, in bytes, from the moment the node delivers them. The node stops
 * answering the reads of a client that does not take the answers; what it cannot hold back, events and answers to writes, is
 * refused from a limit on. Thread-safe.
 */
abstract class Unsent {
    /** Replies of one client are not made ahead of its reading any further than this. */
    private static final long AHEAD = 4 << 20;

    /** A share of what all hold that costs nobody the connection. */
    private static final long SMALL_SHARE = 64 << 10;

    private final AllUnsent all;
    private long bytes;
    private boolean awaited;
    private boolean closed;

    /** Nothing waits. */
    Unsent(AllUnsent all) {
        this.all = all;
    }

    /** Called in any thread when there is room again after {@link #takesMore} has denied it. */
    abstract void hasRoomAgain();

    /** A frame of so many bytes waits from now on; false, and it does not, if that is too much or the connection is gone. */
    synchronized boolean add(long more) {
        if (closed || bytes > all.mostOfOne() || (bytes > SMALL_SHARE && all.overfull())) {
            return false;
        }
        bytes += more;
        all.add(more);
        return true;
    }

    /** It is encoded, or will never be. */
    void remove(long less) {
        if (removeAndTakeUp(less)) {
            hasRoomAgain();
        }
    }

    /** Whether the node is to be told that there is room again. */
    private synchronized boolean removeAndTakeUp(long less) {
        if (closed) {
            return false;
        }
        bytes -= less;
        all.remove(less);
        boolean room = awaited && hasRoom(AHEAD / 2);
        awaited &= !room;
        return room;
    }

    /** The connection is gone: nothing waits any more, on whatever part of its way it is. */
    synchronized void close() {
        closed = true;
        all.remove(bytes);
        bytes = 0;
    }

    /** Whether the node may answer another read; if not, it will be told when, unless the connection is gone. */
    public synchronized boolean takesMore() {
        if (closed) {
            return false;
        }
        boolean room = hasRoom(AHEAD);
        awaited |= !room;
        return room;
    }

    private boolean hasRoom(long limit) {
        return bytes == 0 || (bytes < limit && !all.crowded());
    }

    synchronized long bytes() {
        return bytes;
    }
}
