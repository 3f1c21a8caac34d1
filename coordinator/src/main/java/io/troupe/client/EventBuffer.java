package io.troupe.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events that wait for a slow consumer; those that there is no room for become one gap behind the others. Thread-safe. */
final class EventBuffer {
    private final int room;
    private final Deque<Event> waiting = new ArrayDeque<>();
    private boolean drained;

    EventBuffer(int room) {
        this.room = room;
        this.drained = true;
    }

    /** Whether the consumer may not know that something waits. */
    synchronized boolean add(Event event) {
        if (waiting.size() < room) {
            waiting.add(event);
        } else if (waiting.getLast() instanceof Event.Gap gap) {
            waiting.removeLast();
            waiting.add(gap.including(event));
        } else {
            waiting.add(Event.Gap.of(event));
        }
        boolean news = drained;
        drained = false;
        return news;
    }

    /** The next one; null for none, and then it will be told of one that comes. */
    synchronized @Nullable Event poll() {
        Event next = waiting.poll();
        drained = next == null;
        return next;
    }

    /** All that wait. */
    synchronized List<Event> drain() {
        List<Event> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }
}
