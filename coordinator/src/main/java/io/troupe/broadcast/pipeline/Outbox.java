package io.troupe.broadcast.pipeline;

import io.troupe.request.Request;
import io.troupe.request.Section;
import io.troupe.request.SectionBuilder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    private @Nullable SectionBuilder open;
    private long openFrom;
    /** Of the section before: requests come in bursts of like size, and what grows is copied. */
    private int usualBytes;

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
        for (Request request : requests) {
            lastSequence++;
            if (request.operation().alone()) {
                closeSection();
            }
            if (open == null) {
                open = new SectionBuilder(nodeId, incarnation, lastSequence, usualBytes);
                openFrom = lastSequence;
            }
            open.add(request);
            if (open.bytes() >= sectionBytes || request.operation().alone()) {
                closeSection();
            }
        }
    }

    private void closeSection() {
        if (open != null) {
            Section section = open.build();
            usualBytes = Math.min(section.bytes() + section.bytes() / 4, sectionBytes);
            unexecuted.add(section);
            open = null;
        }
    }

    /** Sections not yet sent to the present leader, in order; they count as sent from now on. */
    public List<Section> takeUnsent() {
        closeSection();
        Deque<Section> unsent = new ArrayDeque<>();
        Iterator<Section> latestFirst = unexecuted.descendingIterator();
        while (latestFirst.hasNext()) {
            Section section = latestFirst.next();
            if (section.firstSequence() <= sentThrough) {
                break;
            }
            unsent.addFirst(section);
        }
        sentThrough = lastSequence;
        return List.copyOf(unsent);
    }

    /** There is another leader, or another connection to it: everything not executed must be sent again. */
    public void rewind() {
        sentThrough = firstUnexecuted() - 1;
    }

    private long firstUnexecuted() {
        if (!unexecuted.isEmpty()) {
            return unexecuted.getFirst().firstSequence();
        }
        return open == null ? lastSequence + 1 : openFrom;
    }

    /** Requests up to {@code sequence} have executed here, and need never be sent again. */
    public void executed(long sequence) {
        while (!unexecuted.isEmpty() && unexecuted.getFirst().lastSequence() <= sequence) {
            unexecuted.removeFirst();
        }
    }

    /** Whether anything waits to be sent. */
    public boolean hasUnsent() {
        return lastSequence > sentThrough;
    }

    /** Whether what waits to be sent fills a section: waiting longer would not make it travel cheaper. */
    public boolean hasFullSection() {
        return !unexecuted.isEmpty() && unexecuted.getLast().lastSequence() > sentThrough;
    }

    /** Number of the last request sent to the present leader. */
    public long sentThrough() {
        return sentThrough;
    }

    /** Number of the last request taken in, 0 for none. */
    public long lastSequence() {
        return lastSequence;
    }

    /** Requests that have been taken in and have not executed. */
    public long outstanding() {
        return lastSequence + 1 - firstUnexecuted();
    }
}
