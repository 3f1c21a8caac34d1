package io.troupe.sim;

import io.troupe.model.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the clients of a run know together; the judge of what every node holds in the end. */
final class SharedModel {
    /** A sequential znode whose creation was acknowledged. */
    private record Numbered(String path, long czxid) {}

    private final History history = new History();
    private final List<Numbered> numbered = new ArrayList<>();
    private final Map<String, Long> created = new TreeMap<>();
    private final Set<String> maybeDeleted = new TreeSet<>();
    private final Set<Long> endedSessions = new TreeSet<>();
    private long writes;
    private int values;

    History history() {
        return history;
    }

    /** A value that nobody writes again. */
    String nextValue(String client) {
        return client + "-" + ++values;
    }

    void acknowledged() {
        writes++;
    }

    /** Acknowledged writes of all clients. */
    long writes() {
        return writes;
    }

    void numbered(String path, long czxid) {
        numbered.add(new Numbered(path, czxid));
        created.put(path, czxid);
    }

    void deleting(String path) {
        maybeDeleted.add(path);
    }

    /** A client was told that this session is over. */
    void sessionEnded(long sessionId) {
        endedSessions.add(sessionId);
    }

    Set<Long> endedSessions() {
        return endedSessions;
    }

    /** Numbers are used once and grow in the order of creation. Returns the first contradiction. */
    Optional<String> numberingContradiction() {
        Map<String, Long> byName = new TreeMap<>();
        for (Numbered each : numbered) {
            Long other = byName.put(each.path(), each.czxid());
            if (other != null) {
                return Optional.of("a sequential name given twice: " + each.path());
            }
        }
        String last = "";
        long lastZxid = 0;
        for (Map.Entry<String, Long> each : byName.entrySet()) {
            if (each.getValue() <= lastZxid) {
                return Optional.of("%s was created before %s".formatted(each.getKey(), last));
            }
            last = each.getKey();
            lastZxid = each.getValue();
        }
        return Optional.empty();
    }

    /** Acknowledged creations that nobody asked to delete, which {@code present} lacks. */
    List<String> missing(Set<String> present) {
        return created.keySet().stream()
                .filter(path -> !maybeDeleted.contains(path) && !present.contains(path))
                .toList();
    }
}
