package io.troupe.client;

import io.troupe.client.protocol.Ask;
import io.troupe.client.protocol.Coordinator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The watches of a session, by what they look at; a node knows each path and mode once. The session's actor only. */
final class WatchTable {
    /** What a node is asked to watch. */
    record Key(String path, boolean recursive) {}

    private static final class Entry {
        private final Set<WatchHandle> watches = new LinkedHashSet<>();
        private boolean established;
        private @Nullable Pending<?> asked;
    }

    private static final int ENVELOPE = 8;
    private static final int MOST_BYTES_PER_CHARACTER = 3;

    private final Map<Key, Entry> entries = new LinkedHashMap<>();
    /** What {@link #resume} may take. */
    private long bytes;

    /** Whether the nodes take one more, should the session move. */
    boolean hasRoomFor(Key key) {
        return bytes + bytes(key) <= Coordinator.MOST_WATCH_BYTES;
    }

    private static long bytes(Key key) {
        return ENVELOPE + (long) MOST_BYTES_PER_CHARACTER * key.path().length();
    }

    /** Adds a watch; whether the node must be asked for it. */
    boolean add(WatchHandle watch) {
        Entry entry = entries.get(watch.key());
        boolean first = entry == null;
        if (entry == null) {
            entry = new Entry();
            entries.put(watch.key(), entry);
            bytes += bytes(watch.key());
        }
        entry.watches.add(watch);
        return first;
    }

    /** Whether the node watches this. */
    boolean established(Key key) {
        Entry entry = entries.get(key);
        return entry != null && entry.established;
    }

    /** The node is asked for this. */
    void asked(Key key, Pending<?> call) {
        Entry entry = entries.get(key);
        if (entry != null) {
            entry.asked = call;
        }
    }

    /** The node watches what it was asked for by this call; whose it is. What was cancelled meanwhile is nobody's. */
    List<WatchHandle> establish(Pending<?> call) {
        for (Entry entry : entries.values()) {
            if (entry.asked == call) {
                entry.established = true;
                return List.copyOf(entry.watches);
            }
        }
        return List.of();
    }

    /** Removes a watch; whether the node need not watch for it any more. */
    boolean remove(WatchHandle watch) {
        Entry entry = entries.get(watch.key());
        if (entry == null || !entry.watches.remove(watch) || !entry.watches.isEmpty()) {
            return false;
        }
        entries.remove(watch.key());
        bytes -= bytes(watch.key());
        return true;
    }

    /** The node does not watch what it was asked for by this call; whose it was. */
    List<WatchHandle> drop(Pending<?> call) {
        for (Map.Entry<Key, Entry> entry : entries.entrySet()) {
            if (entry.getValue().asked == call) {
                entries.remove(entry.getKey());
                bytes -= bytes(entry.getKey());
                return List.copyOf(entry.getValue().watches);
            }
        }
        return List.of();
    }

    /** The node must be asked for what it was asked for by this call another time. */
    void postpone(Pending<?> call) {
        entries.values().stream().filter(entry -> entry.asked == call).forEach(entry -> entry.asked = null);
    }

    /** What no node has been asked for, or must be asked for another time. */
    List<Key> unasked() {
        return entries.entrySet().stream()
                .filter(entry -> !entry.getValue().established && entry.getValue().asked == null)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The node does not watch what others did; whose it was. */
    List<WatchHandle> dropEstablished() {
        List<WatchHandle> dropped = established();
        entries.entrySet().removeIf(entry -> entry.getValue().established);
        bytes = entries.keySet().stream().mapToLong(WatchTable::bytes).sum();
        return dropped;
    }

    /** Those who are told of a change. */
    List<WatchHandle> told(Event.Change change) {
        List<WatchHandle> told = new ArrayList<>();
        collect(new Key(change.path(), false), told);
        if (change.kind() != Event.Kind.CHILDREN_CHANGED) {
            for (String above = change.path(); !above.isEmpty(); above = parent(above)) {
                collect(new Key(above, true), told);
            }
        }
        return told;
    }

    private void collect(Key key, List<WatchHandle> told) {
        Entry entry = entries.get(key);
        if (entry != null && entry.established) {
            told.addAll(entry.watches);
        }
    }

    private static String parent(String path) {
        if (path.equals("/")) {
            return "";
        }
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /** All whom a node tells something. */
    List<WatchHandle> established() {
        return entries.values().stream()
                .filter(entry -> entry.established)
                .flatMap(entry -> entry.watches.stream())
                .toList();
    }

    /** Removes all; whose they were. */
    List<WatchHandle> clear() {
        List<WatchHandle> all = entries.values().stream()
                .flatMap(entry -> entry.watches.stream())
                .toList();
        entries.clear();
        bytes = 0;
        return all;
    }

    /** What a node has not been asked for, or has not answered. */
    List<Key> unestablished() {
        return entries.entrySet().stream()
                .filter(entry -> !entry.getValue().established)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What to ask of another node. */
    Ask.ResumeWatches resume(long since) {
        return new Ask.ResumeWatches(since, paths(false), paths(true));
    }

    private List<String> paths(boolean recursive) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getValue().established && entry.getKey().recursive() == recursive)
                .map(entry -> entry.getKey().path())
                .toList();
    }
}
