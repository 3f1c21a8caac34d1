package io.troupe.metrics;

/**
 * The last, the least and the greatest of the sizes of one kind of thing, in bytes; {@link #NONE} before the first. Thread-safe.
 * With several writers each of the three is right, but they may speak of slightly different moments.
 */
public final class Sizes {
    /** What is shown while there is nothing to show. */
    public static final long NONE = -1;

    private volatile long last = NONE;
    private volatile long least = NONE;
    private volatile long greatest = NONE;

    Sizes() {}

    /** One more of this many bytes. */
    public void add(long bytes) {
        last = bytes;
        // A size that changes neither bound, as nearly all do, costs no lock.
        if (least == NONE || bytes < least || bytes > greatest) {
            widen(bytes);
        }
    }

    private synchronized void widen(long bytes) {
        least = least == NONE ? bytes : Math.min(least, bytes);
        greatest = Math.max(greatest, bytes);
    }

    /** Size of the last one. */
    public long last() {
        return last;
    }

    /** Size of the smallest. */
    public long least() {
        return least;
    }

    /** Size of the greatest. */
    public long greatest() {
        return greatest;
    }

    /** Forgets all. */
    public synchronized void reset() {
        last = NONE;
        least = NONE;
        greatest = NONE;
    }
}
