package io.troupe.process;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the writers know of their own writes. Values are unique, for no writer tries one twice. Thread safe. */
final class WriteHistory {
    private final Set<String> tried = ConcurrentHashMap.newKeySet();
    private final Map<String, String> pathOfAcknowledged = new ConcurrentHashMap<>();
    private final Map<String, Integer> versionOfAcknowledged = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> surprises = new ConcurrentLinkedQueue<>();

    void trying(String value) {
        if (!tried.add(value)) {
            throw new IllegalArgumentException(value + " is tried a second time");
        }
    }

    /** A creation with this value as data was answered with {@code path}. */
    void created(String value, String path) {
        pathOfAcknowledged.put(value, path);
    }

    /** A change of a register to this value was answered with {@code version}. */
    void changed(String value, int version) {
        versionOfAcknowledged.put(value, version);
    }

    /** An answer that no fault explains. */
    void surprised(String what) {
        surprises.add(what);
    }

    int acknowledged() {
        return pathOfAcknowledged.size() + versionOfAcknowledged.size();
    }

    Set<String> tried() {
        return tried;
    }

    Map<String, String> pathOfAcknowledged() {
        return pathOfAcknowledged;
    }

    Map<String, Integer> versionOfAcknowledged() {
        return versionOfAcknowledged;
    }

    ConcurrentLinkedQueue<String> surprises() {
        return surprises;
    }
}
