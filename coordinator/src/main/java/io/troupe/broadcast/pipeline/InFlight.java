package io.troupe.broadcast.pipeline;

import io.troupe.env.Clock;
import io.troupe.request.Batch;
import java.util.ArrayDeque;
import java.util.Deque;

/** Batches proposed in this epoch and not yet committed, in order. */
public final class InFlight {
    private record Entry(Batch batch, long sinceMillis) {}

    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Clock clock;
    private long bytes;

    public InFlight(Clock clock) {
        this.clock = clock;
    }

    public void add(Batch batch) {
        entries.add(new Entry(batch, clock.monotonicMillis()));
        bytes += batch.image().length;
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    public int batches() {
        return entries.size();
    }

    public long bytes() {
        return bytes;
    }

    /** The oldest one: nothing commits before it (contract 9.6 item 23). */
    public Batch first() {
        return entries.getFirst().batch();
    }

    public Batch removeFirst() {
        Batch batch = entries.removeFirst().batch();
        bytes -= batch.image().length;
        return batch;
    }

    /** How long ago the latest one was proposed, 0 when there is none. */
    public long latestAgeMillis() {
        return entries.isEmpty()
                ? 0
                : clock.monotonicMillis() - entries.getLast().sinceMillis();
    }

    /** How long the oldest one has waited for its quorum, 0 when there is none. */
    public long oldestAgeMillis() {
        return entries.isEmpty()
                ? 0
                : clock.monotonicMillis() - entries.getFirst().sinceMillis();
    }
}
