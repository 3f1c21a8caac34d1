package io.troupe.app.clientport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the frames of one connection hold that wait to be written, in bytes, from the moment the node delivers them. The node stops
 * answering the reads of a client that does not take the answers; what it cannot hold back, events and answers to writes, is
 * refused from a limit on. Thread-safe.
 */
final class Unsent {
    /** Replies of one client are not made ahead of its reading any further than this. */
    private static final long AHEAD = 4 << 20;

    /** A share of what all hold that costs nobody the connection. */
    private static final long SMALL_SHARE = 64 << 10;

    private final AllUnsent all;
    private final long most;
    private final Runnable resume;
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean awaited;

    /**
     * Nothing waits.
     *
     * @param most refused beyond
     * @param resume called in any thread when there is room again
     */
    Unsent(AllUnsent all, long most, Runnable resume) {
        this.all = all;
        this.most = most;
        this.resume = resume;
    }

    /** A frame of so many bytes waits from now on; false, and it does not, if that is too much. */
    boolean add(long more) {
        long held = bytes.get();
        if (held > most || (held > SMALL_SHARE && all.overfull())) {
            return false;
        }
        bytes.addAndGet(more);
        all.add(more);
        return true;
    }

    /** It is encoded, or will never be. */
    void remove(long less) {
        bytes.addAndGet(-less);
        all.remove(less);
        if (awaited && hasRoom(AHEAD / 2)) {
            awaited = false;
            resume.run();
        }
    }

    /** Whether the node may answer another read; if not, it will be told when. */
    boolean takesMore() {
        if (hasRoom(AHEAD)) {
            return true;
        }
        awaited = true;
        // Between the look and the mark everything may have been written: then nobody would tell.
        return hasRoom(AHEAD / 2);
    }

    private boolean hasRoom(long limit) {
        long held = bytes.get();
        return held == 0 || (held < limit && !all.crowded());
    }

    long bytes() {
        return bytes.get();
    }
}
