package io.troupe.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything the clients of one run did to registers, in the order in which it ended. */
public final class History {
    private final List<RegisterOperation> operations = new ArrayList<>();

    /** Adds an operation that has ended. */
    public void add(RegisterOperation operation) {
        operations.add(operation);
    }

    /** All operations. */
    public List<RegisterOperation> operations() {
        return List.copyOf(operations);
    }

    /** Operations by register, ascending by path. */
    public Map<String, List<RegisterOperation>> byPath() {
        Map<String, List<RegisterOperation>> paths = new TreeMap<>();
        for (RegisterOperation each : operations) {
            paths.computeIfAbsent(each.path(), path -> new ArrayList<>()).add(each);
        }
        return paths;
    }

    /** Operations by session, ascending by its id. */
    public Map<Long, List<RegisterOperation>> bySession() {
        Map<Long, List<RegisterOperation>> sessions = new TreeMap<>();
        for (RegisterOperation each : operations) {
            sessions.computeIfAbsent(each.session(), session -> new ArrayList<>())
                    .add(each);
        }
        return sessions;
    }
}
