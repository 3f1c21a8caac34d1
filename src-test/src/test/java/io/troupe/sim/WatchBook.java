package io.troupe.sim;

import io.troupe.edge.ReadOperation;
import io.troupe.edge.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The one-shot watches of one client, and what it knew when it set each. While a watch stands, nothing the client
 * reads may differ from that knowledge: the event had to come first (contract 1.8 item 3). An event needs a watch.
 */
final class WatchBook {
    /** The state of something that is not there. */
    static final long ABSENT = -1;

    private final Map<String, Long> data = new TreeMap<>();
    private final Map<String, Long> children = new TreeMap<>();
    private int fired;

    /** Data (or existence) was read: {@code mzxid}, or {@link #ABSENT}. Returns what is wrong with that. */
    Optional<String> sawData(String path, long mzxid, boolean watch) {
        return saw(data, path, mzxid, watch);
    }

    /** Children were read. */
    Optional<String> sawChildren(String path, long pzxid, boolean watch) {
        return saw(children, path, pzxid, watch);
    }

    private static Optional<String> saw(Map<String, Long> watches, String path, long state, boolean watch) {
        Long known = watches.get(path);
        if (known != null && known != state) {
            return Optional.of(
                    "no event although %s changed from %x to %x under a watch".formatted(path, known, state));
        }
        if (watch) {
            watches.put(path, state);
        }
        return Optional.empty();
    }

    /** An event came. Returns what is wrong with that. */
    Optional<String> fired(WatchEvent event, long zxid) {
        Map<String, Long> watches = event.type() == WatchEvent.Type.CHILDREN_CHANGED ? children : data;
        Long known = watches.remove(event.path());
        if (known == null) {
            return Optional.of("an event without a watch: " + event);
        }
        fired++;
        if (zxid != -1 && zxid <= known) {
            return Optional.of("%s of %x reported, known already was %x".formatted(event, zxid, known));
        }
        return Optional.empty();
    }

    /** Events received. */
    int fired() {
        return fired;
    }

    boolean isEmpty() {
        return data.isEmpty() && children.isEmpty();
    }

    /** What sets all standing watches again on a new connection. */
    ReadOperation.SetWatches setAgain(long lastZxidSeen) {
        List<String> present = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        data.forEach((path, state) -> (state == ABSENT ? absent : present).add(path));
        return new ReadOperation.SetWatches(
                lastZxidSeen, present, absent, List.copyOf(children.keySet()), List.of(), List.of());
    }

    void clear() {
        data.clear();
        children.clear();
    }
}
