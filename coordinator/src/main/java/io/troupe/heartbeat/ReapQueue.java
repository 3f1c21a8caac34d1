package io.troupe.heartbeat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Znodes found abandoned, and how many of them may be reaped at a time so that they are spread over the minute (contract 2.11). */
final class ReapQueue {
    /** Looked for at a time. */
    static final int MOST = 1_000;

    private static final long MINUTE_MILLIS = 60_000;
    private static final long LEAST_SPACING_MILLIS = 100;

    private final Deque<String> due = new ArrayDeque<>();
    private final long spacingMillis;
    private final long atOnce;
    private boolean more;

    ReapQueue(int perMinute) {
        this.spacingMillis = Math.max(LEAST_SPACING_MILLIS, MINUTE_MILLIS / perMinute);
        this.atOnce = Math.max(1, perMinute * spacingMillis / MINUTE_MILLIS);
    }

    /** Between two calls of {@link #next}. */
    long spacingMillis() {
        return spacingMillis;
    }

    /** What was found in answer to a request for {@link #MOST}. */
    void found(List<String> paths) {
        due.addAll(paths);
        more = paths.size() >= MOST;
    }

    /** Those that may be reaped now. */
    List<String> next() {
        List<String> next = new ArrayList<>();
        while (!due.isEmpty() && next.size() < atOnce) {
            next.add(due.removeFirst());
        }
        return next;
    }

    boolean isEmpty() {
        return due.isEmpty();
    }

    /** Whether there may be more than have been found. */
    boolean hasMore() {
        return more;
    }

    void clear() {
        due.clear();
        more = false;
    }
}
