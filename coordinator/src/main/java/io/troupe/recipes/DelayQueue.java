package io.troupe.recipes;

import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A {@link WorkQueue} whose elements are taken no sooner than at a time of their own, the earliest first: Curator's {@code
 * DistributedDelayQueue}. Times are those of the takers' own clocks, so as exact as these agree. Thread-safe.
 */
public final class DelayQueue {
    private final WorkQueue queue;

    DelayQueue(WorkQueue queue) {
        this.queue = queue;
    }

    /** Puts an element in, to be taken from then on, to the millisecond. See {@link WorkQueue#put}. */
    public CompletionStage<String> put(byte[] item, Instant due) {
        if (due.toEpochMilli() < 0) {
            throw new IllegalArgumentException("due " + due + "; not before 1970");
        }
        return queue.put(item, due);
    }

    /** See {@link WorkQueue#size}. */
    public CompletionStage<Integer> size() {
        return queue.size();
    }

    /** Waits for an element that is due. See {@link WorkQueue#take}. */
    public CompletionStage<Taken> take() {
        return queue.take();
    }

    /** See {@link WorkQueue#process}. */
    public <T> CompletionStage<T> process(Function<Taken, CompletionStage<T>> work) {
        return queue.process(work);
    }
}
