package io.troupe.actorport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that the node has delivered for one client and that it has not taken, beside those of all clients. The node answers reads of
 * a client no further ahead than it takes the answers; what cannot be held back, events and answers to writes, is refused from a limit
 * on. Thread-safe.
 */
final class Backlog {
    /** Answers of one client are not made ahead of its taking them any further than this. */
    private static final long AHEAD = 4 << 20;

    private static final long MOST = 128L << 20;

    /** A share of what all have waiting that costs nobody the connection. */
    private static final long SMALL_SHARE = 64 << 10;

    private final Total total;
    private final Runnable resume;
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean awaited;

    /** Of all clients together. */
    static final class Total {
        /** Clients that take nothing may keep this part of the heap: an eighth. */
        private static final int SHARE = 8;

        private static final long LEAST = 16 << 20;

        private final AtomicLong bytes = new AtomicLong();
        private final long limit = Math.max(LEAST, Runtime.getRuntime().maxMemory() / SHARE);
    }

    /**
     * Nothing waits.
     *
     * @param resume called in any thread when there is room again after {@link #takesMore} has denied it
     */
    Backlog(Total total, Runnable resume) {
        this.total = total;
        this.resume = resume;
    }

    /** So many bytes wait from now on; false, and they do not, if that is too much. */
    boolean add(long more) {
        long held = bytes.get();
        if (held > MOST || (held > SMALL_SHARE && total.bytes.get() >= 2 * total.limit)) {
            return false;
        }
        bytes.addAndGet(more);
        total.bytes.addAndGet(more);
        return true;
    }

    /** So many have been taken, or will never be. */
    void remove(long less) {
        bytes.addAndGet(-less);
        total.bytes.addAndGet(-less);
        if (awaited && hasRoom(AHEAD / 2)) {
            awaited = false;
            resume.run();
        }
    }

    boolean takesMore() {
        if (hasRoom(AHEAD)) {
            return true;
        }
        awaited = true;
        // Between the look and the mark everything may have been taken: then nobody would tell.
        return hasRoom(AHEAD / 2);
    }

    private boolean hasRoom(long limit) {
        long held = bytes.get();
        return held == 0 || (held < limit && total.bytes.get() < total.limit);
    }

    long bytes() {
        return bytes.get();
    }
}
