package io.troupe.broadcast;

import io.troupe.link.LinkEnd;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of log and tree and not answered yet. Each kind is answered once and in order, so the oldest question is
 * the one an answer belongs to; it is void when it was asked in another term.
 */
final class Asks {
    enum Kind {
        SAVE_META,
        TRUNCATE,
        READ,
        LOCATE,
        START_LOG,
        RECOVER,
        JUDGE
    }

    /**
     * @param end the connection on whose behalf it was asked, if any
     */
    record Ask(long term, @Nullable LinkEnd end) {}

    private final Map<Kind, Deque<Ask>> open = new EnumMap<>(Kind.class);

    void asked(Kind kind, long term, @Nullable LinkEnd end) {
        open.computeIfAbsent(kind, k -> new ArrayDeque<>()).add(new Ask(term, end));
    }

    /** The question that the answer just received belongs to; null when it was asked in another term. */
    @Nullable
    Ask answered(Kind kind, long term) {
        Deque<Ask> queue = open.get(kind);
        if (queue == null || queue.isEmpty()) {
            throw new IllegalStateException("an answer to " + kind + " that nobody asked");
        }
        Ask ask = queue.removeFirst();
        return ask.term() == term ? ask : null;
    }
}
