package io.troupe.broadcast.pipeline;

import io.troupe.request.Section;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Sections admitted and not yet proposed: what arrives while batches are in flight travels together in the next one. */
public final class BatchBuilder {
    private final Deque<Section> waiting = new ArrayDeque<>();
    private final int batchBytes;
    private long bytes;

    /**
     * @param batchBytes a batch holds no more than this, unless a single section is larger
     */
    public BatchBuilder(int batchBytes) {
        this.batchBytes = batchBytes;
    }

    public void add(Section section) {
        waiting.add(section);
        bytes += section.bytes();
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Whether there is a full batch's worth. */
    public boolean full() {
        return bytes >= batchBytes;
    }

    /** Removes the sections of the next batch. */
    public List<Section> next() {
        List<Section> batch = new ArrayList<>();
        long size = 0;
        while (!waiting.isEmpty()
                && (batch.isEmpty() || size + waiting.getFirst().bytes() <= batchBytes)) {
            Section section = waiting.removeFirst();
            size += section.bytes();
            batch.add(section);
        }
        bytes -= size;
        return batch;
    }
}
