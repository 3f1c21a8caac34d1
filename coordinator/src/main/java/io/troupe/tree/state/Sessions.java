package io.troupe.tree.state;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which sessions exist, and which ephemerals each owns. Written by {@link DataTree} alone. */
public final class Sessions {
    private final BySessionId<Session> sessions = new BySessionId<>(Session::id);
    private final Map<Long, SortedSet<String>> ephemerals = new TreeMap<>();
    private int ephemeralCount;

    Sessions() {}

    /** The session, or null when there is none with this id. */
    public @Nullable Session get(long sessionId) {
        return sessions.get(sessionId);
    }

    /** All of them, ascending by id. */
    public List<Session> all() {
        return sessions.all().stream()
                .sorted(Comparator.comparingLong(Session::id))
                .toList();
    }

    public int count() {
        return sessions.size();
    }

    /** Paths of the ephemerals a session owns, sorted. */
    public List<String> ephemeralsOf(long sessionId) {
        SortedSet<String> paths = ephemerals.get(sessionId);
        return paths == null ? List.of() : List.copyOf(paths);
    }

    /** Ephemerals of all sessions. */
    public int ephemeralCount() {
        return ephemeralCount;
    }

    @Nullable
    Session put(Session session) {
        return sessions.put(session);
    }

    @Nullable
    Session remove(long sessionId) {
        return sessions.remove(sessionId);
    }

    void addEphemeral(long sessionId, String path) {
        if (ephemerals.computeIfAbsent(sessionId, id -> new TreeSet<>()).add(path)) {
            ephemeralCount++;
        }
    }

    void removeEphemeral(long sessionId, String path) {
        SortedSet<String> paths = ephemerals.get(sessionId);
        if (paths != null && paths.remove(path)) {
            ephemeralCount--;
            if (paths.isEmpty()) {
                ephemerals.remove(sessionId);
            }
        }
    }
}
