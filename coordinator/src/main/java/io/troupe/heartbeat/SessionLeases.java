package io.troupe.heartbeat;

import io.troupe.tree.state.BySessionId;
import io.troupe.tree.state.Session;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/**
 * When each session was last heard, as the leader counts it (contract 1.6). Leases end at whole ticks: so a touch is one
 * number written, and all of them are looked through at most once in a tick. Nodes that do not lead know the sessions alone.
 * Times in milliseconds of the leader's monotonic clock.
 */
final class SessionLeases {
    /** In place of an end: the session's time is up, and it is being closed. */
    private static final long CLOSING = Long.MAX_VALUE;

    private static final long NONE = Long.MIN_VALUE;

    private final long tickMillis;
    private final BySessionId<Session> sessions = new BySessionId<>(Session::id);
    /** By session id; null while this node does not lead. */
    private @Nullable Long2LongHashMap ends;
    /** No lease ends before this. */
    private long earliest = CLOSING;

    /** No session is known, and none runs. */
    SessionLeases(long tickMillis) {
        this.tickMillis = tickMillis;
    }

    /** A session was opened or attached: a full timeout from now. */
    void open(Session session, long now) {
        sessions.put(session);
        if (ends != null) {
            end(ends, session.id(), endFor(session, now));
        }
    }

    private void end(Long2LongHashMap running, long sessionId, long end) {
        running.put(sessionId, end);
        earliest = Math.min(earliest, end);
    }

    void close(long sessionId) {
        sessions.remove(sessionId);
        if (ends != null) {
            ends.remove(sessionId);
        }
    }

    void clear() {
        sessions.clear();
        if (ends != null) {
            ends.clear();
        }
    }

    /** A session was heard of. Too late for one that is being closed. */
    void touch(long sessionId, long now) {
        Session session = sessions.get(sessionId);
        if (session != null) {
            touch(session, now);
        }
    }

    private void touch(Session session, long now) {
        if (ends != null) {
            ends.put(session.id(), Math.max(ends.get(session.id()), endFor(session, now)));
        }
    }

    /** Every session gets a full timeout from now: a new leader cannot know when it was last heard. */
    void renewAll(long now) {
        Long2LongHashMap all = new Long2LongHashMap(NONE);
        earliest = CLOSING;
        sessions.forEach(session -> end(all, session.id(), endFor(session, now)));
        ends = all;
    }

    /** This node leads no more. */
    void stop() {
        ends = null;
    }

    /** Sessions with a timeout of at most this get it in full from now, save those being closed. */
    void renewShort(long now, long timeoutMillis) {
        sessions.forEach(session -> {
            if (session.timeoutMillis() <= timeoutMillis) {
                touch(session, now);
            }
        });
    }

    /** What was being closed is not any more: due now, unless it is heard of first. */
    void reopen(long now) {
        Long2LongHashMap running = ends;
        if (running != null) {
            running.replaceAllLong((id, end) -> end == CLOSING ? now : end);
            earliest = Math.min(earliest, now);
        }
    }

    /**
     * Returns the sessions whose time is up, each once. They stay known until they are closed: should the close be decided in vain,
     * because this leader is deposed, they must expire another time.
     */
    List<Session> expire(long now) {
        Long2LongHashMap running = ends;
        if (running == null || now < earliest) {
            return List.of();
        }
        earliest = CLOSING;
        List<Session> expired = new ArrayList<>();
        running.forEachLong((id, end) -> {
            if (end <= now) {
                expired.add(sessions.get(id));
            } else {
                earliest = Math.min(earliest, end);
            }
        });
        // Requests are made in this order: it must not be that of a hash table.
        expired.sort(Comparator.<Session>comparingLong(s -> running.get(s.id())).thenComparingLong(Session::id));
        expired.forEach(session -> running.put(session.id(), CLOSING));
        return expired;
    }

    /** The sessions, by the time at which they expire unless they are heard of; none on a node that does not lead. */
    SortedMap<Long, Set<Long>> byEnd() {
        SortedMap<Long, Set<Long>> byEnd = new TreeMap<>();
        if (ends != null) {
            ends.forEachLong((id, end) -> {
                if (end != CLOSING) {
                    byEnd.computeIfAbsent(end, e -> new TreeSet<>()).add(id);
                }
            });
        }
        return byEnd;
    }

    private long endFor(Session session, long now) {
        return ((now + session.timeoutMillis()) / tickMillis + 1) * tickMillis;
    }
}
