package io.troupe.app.clientport;

import java.util.concurrent.atomic.AtomicLong;

/** What the frames of all connections hold that wait to be written, in bytes. Thread-safe. */
final class AllUnsent {
    /** Unless the heap is tiny, clients that do not read may take this part of it: an eighth. */
    private static final int SHARE = 8;

    private static final long LEAST = 16 << 20;

    private final AtomicLong bytes = new AtomicLong();
    private final long limit;
    private final long mostOfOne;

    /**
     * Nothing yet; from {@code limit} on it is crowded.
     *
     * @param mostOfOne what one connection may hold
     */
    AllUnsent(long limit, long mostOfOne) {
        this.limit = limit;
        this.mostOfOne = mostOfOne;
    }

    /** With a limit that suits the heap, which is one of each connection too. */
    static AllUnsent ofHeap(long mostOfOne) {
        long limit = Math.max(LEAST, Runtime.getRuntime().maxMemory() / SHARE);
        return new AllUnsent(limit, Math.min(mostOfOne, limit));
    }

    void add(long more) {
        bytes.addAndGet(more);
    }

    void remove(long less) {
        bytes.addAndGet(-less);
    }

    long bytes() {
        return bytes.get();
    }

    long mostOfOne() {
        return mostOfOne;
    }

    /** Whether nobody may have more than one reply waiting. */
    boolean crowded() {
        return bytes.get() >= limit;
    }

    /** Whether who has a share of it must go. */
    boolean overfull() {
        return bytes.get() >= 2 * limit;
    }
}
