package io.troupe.broadcast.pipeline;

import io.troupe.request.Request;
import io.troupe.request.Section;
import io.troupe.request.SectionBuilder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * This node's own requests, from their arrival to their execution, numbered contiguously. Whoever leads gets them in this
 * order; after a change of leader, what has not executed is sent again under the same numbers, and the leader admits each
 * number once (architecture section 3: forwarding is exactly once).
 */
public final class Outbox {
    private final int nodeId;
    private final long incarnation;
    private final int sectionBytes;
    private final Deque<Section> unexecuted = new ArrayDeque<>();
    private final List<Request> gathering = new ArrayList<>();
    private long lastSequence;
    private long sentThrough;

    /**
     * @param sectionBytes a section is closed once it holds this much
     */
    public Outbox(int nodeId, long incarnation, int sectionBytes) {
        this.nodeId = nodeId;
        this.incarnation = incarnation;
        this.sectionBytes = sectionBytes;
    }

    /** Takes requests in; they leave with the next {@link #takeUnsent()}. */
    public void add(List<Request> requests) {
        gathering.addAll(requests);
    }

    /** Sections not yet sent to the present leader, in order; they count as sent from now on. */
    public List<Section> takeUnsent() {
        encodeGathered();
        List<Section> unsent = new ArrayList<>();
        for (Section section : unexecuted) {
            if (section.firstSequence() > sentThrough) {
                unsent.add(section);
            }
        }
        sentThrough = lastSequence;
        return unsent;
    }

    private void encodeGathered() {
        if (gathering.isEmpty()) {
            return;
        }
        SectionBuilder builder = new SectionBuilder(nodeId, incarnation, lastSequence + 1);
        for (Request request : gathering) {
            builder.add(request);
            lastSequence++;
            if (builder.bytes() >= sectionBytes) {
                unexecuted.add(builder.build());
                builder = new SectionBuilder(nodeId, incarnation, lastSequence + 1);
            }
        }
        if (builder.count() > 0) {
            unexecuted.add(builder.build());
        }
        gathering.clear();
    }

    /** There is another leader, or another connection to it: everything not executed must be sent again. */
    public void rewind() {
        sentThrough =
                unexecuted.isEmpty() ? lastSequence : unexecuted.getFirst().firstSequence() - 1;
    }

    /** Requests up to {@code sequence} have executed here, and need never be sent again. */
    public void executed(long sequence) {
        while (!unexecuted.isEmpty() && unexecuted.getFirst().lastSequence() <= sequence) {
            unexecuted.removeFirst();
        }
    }

    /** Whether anything waits to be sent. */
    public boolean hasUnsent() {
        return !gathering.isEmpty() || lastSequence > sentThrough;
    }

    /** Requests that have been taken in and have not executed. */
    public long outstanding() {
        long executedThrough =
                unexecuted.isEmpty() ? lastSequence : unexecuted.getFirst().firstSequence() - 1;
        return lastSequence - executedThrough + gathering.size();
    }
}
