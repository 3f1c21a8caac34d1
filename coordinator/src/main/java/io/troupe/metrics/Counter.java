package io.troupe.metrics;

import java.util.concurrent.atomic.LongAdder;

/** A count of what has happened since the start or the last reset. Thread-safe; adding takes no lock and no memory. */
public final class Counter {
    private final LongAdder count = new LongAdder();

    Counter() {}

    /** One more. */
    public void increment() {
        count.increment();
    }

    /** So many more. */
    public void add(long more) {
        count.add(more);
    }

    /** How many. */
    public long value() {
        return count.sum();
    }

    void reset() {
        count.reset();
    }
}
