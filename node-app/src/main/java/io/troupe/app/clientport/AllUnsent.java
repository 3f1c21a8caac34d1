package io.troupe.app.clientport;

import java.util.concurrent.atomic.AtomicLong;

/** What the frames of all connections hold that wait to be written, in bytes. Thread-safe. */
final class AllUnsent {
    /** Unless the heap is tiny, clients that do not read may take this part of it: an eighth. */
    private static final int SHARE = 8;

    private static final long LEAST = 16 << 20;

    private final AtomicLong bytes = new AtomicLong();
    private final long limit;

    /** Nothing yet; from {@code limit} on it is crowded. */
    AllUnsent(long limit) {
        this.limit = limit;
    }

    /** With a limit that suits the heap. */
    static AllUnsent ofHeap() {
        return new AllUnsent(Math.max(LEAST, Runtime.getRuntime().maxMemory() / SHARE));
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

    long limit() {
        return limit;
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
