package io.troupe.app.console;

import io.troupe.edge.NodeStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has happened lately, in words for people: found by comparing what the node is now with what it was. The last 200 are remembered.
 * Thread-safe.
 */
final class Happenings {
    private static final int MOST = 200;

    /** How much an operator should care. */
    enum Weight {
        /** All is well. */
        INFO,
        /** Look at it when there is time. */
        WARN,
        /** Clients feel it. */
        BAD
    }

    /** One of them; numbered from 1. */
    record Happening(long id, long atMillis, Weight weight, String kind, String text) {
        Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("id", id);
            fields.put("at", atMillis);
            fields.put("weight", NodePicture.lower(weight));
            fields.put("kind", kind);
            fields.put("text", text);
            return fields;
        }
    }

    /**
     * What can change.
     *
     * @param status null before the node has one
     */
    record Seen(
            @Nullable NodeStatus status,
            long expiredSessions,
            long slowFsyncs,
            long linkResets,
            long refusedWrites,
            long snapshots,
            boolean diskTooFull) {}

    private final Deque<Happening> all = new ArrayDeque<>();
    private @Nullable Seen before;
    private long last;

    /** Compares with what was seen before. */
    synchronized void look(long nowMillis, Seen now) {
        Seen earlier = before;
        before = now;
        if (earlier == null) {
            return;
        }
        compareNode(nowMillis, earlier.status(), now.status());
        long expired = now.expiredSessions() - earlier.expiredSessions();
        if (expired > 0) {
            add(nowMillis, Weight.WARN, "sessions", count(expired, "session") + " expired: unheard of for too long");
        }
        if (now.slowFsyncs() > earlier.slowFsyncs()) {
            add(nowMillis, Weight.WARN, "disk", "An fsync of the log took more than a second: the disk is slow");
        }
        if (now.linkResets() > earlier.linkResets()) {
            add(nowMillis, Weight.WARN, "link", "A connection with another node ended because messages were lost");
        }
        long refused = now.refusedWrites() - earlier.refusedWrites();
        if (refused > 0) {
            add(nowMillis, Weight.BAD, "disk", count(refused, "write") + " refused: the disk is nearly full");
        }
        if (now.snapshots() > earlier.snapshots()) {
            add(nowMillis, Weight.INFO, "disk", "A snapshot was written");
        }
        if (now.diskTooFull() != earlier.diskTooFull()) {
            add(
                    nowMillis,
                    now.diskTooFull() ? Weight.BAD : Weight.INFO,
                    "disk",
                    now.diskTooFull() ? "The disk is too full for writes" : "There is room on the disk again");
        }
    }

    private void compareNode(long nowMillis, @Nullable NodeStatus from, @Nullable NodeStatus to) {
        if (to == null) {
            return;
        }
        if (from == null) {
            add(nowMillis, Weight.INFO, "node", "This node has got its tree and its ensemble");
            return;
        }
        if (from.serving() && !to.serving()) {
            add(nowMillis, Weight.BAD, "node", "This node lets its clients wait: it is " + to.phase());
        } else if (to.serving() && !from.serving()) {
            String part = to.leaderId() == to.nodeId() ? "it leads" : "it follows node " + to.leaderId();
            add(nowMillis, Weight.INFO, "leader", "This node serves clients: " + part + ", epoch " + to.epoch());
        } else if (to.serving() && (to.leaderId() != from.leaderId() || to.epoch() != from.epoch())) {
            add(nowMillis, Weight.INFO, "leader", "Node " + to.leaderId() + " leads, epoch " + to.epoch());
        }
        int sessions = to.sessions() - from.sessions();
        if (sessions != 0) {
            add(
                    nowMillis,
                    Weight.INFO,
                    "sessions",
                    count(Math.abs(sessions), "session") + (sessions > 0 ? " more" : " fewer") + ", " + to.sessions()
                            + " in all");
        }
        if (to.membership() != null
                && from.membership() != null
                && !to.membership().members().equals(from.membership().members())) {
            add(
                    nowMillis,
                    Weight.WARN,
                    "members",
                    "The members are now nodes "
                            + to.membership().members().stream()
                                    .map(member -> String.valueOf(member.nodeId()))
                                    .toList());
        }
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** Notes one that was found elsewhere. */
    synchronized void add(long nowMillis, Weight weight, String kind, String text) {
        if (all.size() == MOST) {
            all.removeFirst();
        }
        all.addLast(new Happening(++last, nowMillis, weight, kind, text));
    }

    /** The number of the latest, 0 for none. */
    synchronized long last() {
        return last;
    }

    /** Those behind this number, the oldest first. */
    synchronized List<Happening> after(long id) {
        return all.stream().filter(happening -> happening.id() > id).toList();
    }
}
