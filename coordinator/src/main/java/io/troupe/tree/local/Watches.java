package io.troupe.tree.local;

import io.troupe.edge.WatchEvent;
import io.troupe.metrics.Metrics;
import io.troupe.metrics.Summary;
import io.troupe.request.Acl;
import io.troupe.tree.state.AccessControl;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who wants to hear of changes to which path (contract section 3). Two tables, data and child; for each session and path a
 * set of modes, so that one-shot, persistent and recursive watches live side by side and an event is sent once.
 */
public final class Watches {
    private static final int STANDARD = 1;
    private static final int PERSISTENT = 2;
    private static final int RECURSIVE = 4;

    private final Map<String, Map<LocalSession, Integer>> data = new HashMap<>();
    private final Map<String, Map<LocalSession, Integer>> child = new HashMap<>();
    private final Map<WatchEvent.Type, Summary> fired = new EnumMap<>(WatchEvent.Type.class);
    private final RecentChanges recent;
    private int count;
    private int recursive;

    /** Nobody watches anything, and nothing is remembered. */
    public Watches(Metrics metrics) {
        this(metrics, 0, 0);
    }

    /**
     * Nobody watches anything yet.
     *
     * @param metrics learns how many watches each event fires
     * @param zxid of the last change before those to come
     * @param historyBytes about what the memory of past changes may take
     */
    public Watches(Metrics metrics, long zxid, long historyBytes) {
        recent = new RecentChanges(zxid, historyBytes);
        fired.put(WatchEvent.Type.CREATED, metrics.summary("node_created_watch_count"));
        fired.put(WatchEvent.Type.DELETED, metrics.summary("node_deleted_watch_count"));
        fired.put(WatchEvent.Type.DATA_CHANGED, metrics.summary("node_changed_watch_count"));
        fired.put(WatchEvent.Type.CHILDREN_CHANGED, metrics.summary("node_children_watch_count"));
    }

    /** One-shot, on the node itself. */
    public void watchData(LocalSession session, String path) {
        add(data, session, path, STANDARD);
    }

    /** One-shot, on the children. */
    public void watchChildren(LocalSession session, String path) {
        add(child, session, path, STANDARD);
    }

    /** Until removed, on node and children. */
    public void watchPersistently(LocalSession session, String path) {
        add(data, session, path, PERSISTENT);
        add(child, session, path, PERSISTENT);
    }

    /** Until removed, on the node and everything below. */
    public void watchRecursively(LocalSession session, String path) {
        add(data, session, path, RECURSIVE);
    }

    private void add(Map<String, Map<LocalSession, Integer>> table, LocalSession session, String path, int mode) {
        Map<LocalSession, Integer> watchers = table.computeIfAbsent(path, p -> new LinkedHashMap<>(2));
        Integer before = watchers.get(session);
        int modes = (before == null ? 0 : before) | mode;
        if (before == null) {
            count++;
            session.watchedPaths().add(path);
        }
        if (mode == RECURSIVE && (before == null || (before & RECURSIVE) == 0)) {
            recursive++;
        }
        watchers.put(session, modes);
    }

    /** Takes modes away; false when none of them was there. */
    private boolean drop(Map<String, Map<LocalSession, Integer>> table, LocalSession session, String path, int mask) {
        Map<LocalSession, Integer> watchers = table.get(path);
        Integer modes = watchers == null ? null : watchers.get(session);
        if (watchers == null || modes == null || (modes & mask) == 0) {
            return false;
        }
        if ((modes & mask & RECURSIVE) != 0) {
            recursive--;
        }
        int left = modes & ~mask;
        if (left != 0) {
            watchers.put(session, left);
            return true;
        }
        count--;
        watchers.remove(session);
        if (watchers.isEmpty()) {
            table.remove(path);
        }
        if (!watches(data, session, path) && !watches(child, session, path)) {
            session.watchedPaths().remove(path);
        }
        return true;
    }

    private static boolean watches(Map<String, Map<LocalSession, Integer>> table, LocalSession session, String path) {
        Map<LocalSession, Integer> watchers = table.get(path);
        return watchers != null && watchers.containsKey(session);
    }

    /** The paths in the table of data watches, sorted, by the id of the session that watches them. */
    public Map<Long, List<String>> dataPathsBySession() {
        Map<Long, List<String>> bySession = new HashMap<>();
        new TreeMap<>(data)
                .forEach((path, watchers) -> watchers.keySet()
                        .forEach(session -> bySession
                                .computeIfAbsent(session.sessionId(), id -> new ArrayList<>())
                                .add(path)));
        return bySession;
    }

    /** The connection is gone, and its watches with it. */
    public void remove(LocalSession session) {
        for (String path : List.copyOf(session.watchedPaths())) {
            drop(data, session, path, STANDARD | PERSISTENT | RECURSIVE);
            drop(child, session, path, STANDARD | PERSISTENT | RECURSIVE);
        }
    }

    /** Whether a watch of this type (contract 3.6) is set. */
    public boolean has(LocalSession session, String path, int type) {
        return (modes(data, session, path) & dataMask(type)) != 0
                || (modes(child, session, path) & childMask(type)) != 0;
    }

    /** Removes watches of this type (contract 3.6); false when there was none. */
    public boolean remove(LocalSession session, String path, int type) {
        boolean onData = drop(data, session, path, dataMask(type));
        boolean onChildren = drop(child, session, path, childMask(type));
        return onData || onChildren;
    }

    private static int modes(Map<String, Map<LocalSession, Integer>> table, LocalSession session, String path) {
        Map<LocalSession, Integer> watchers = table.get(path);
        return watchers == null ? 0 : watchers.getOrDefault(session, 0);
    }

    private static int dataMask(int type) {
        return switch (type) {
            case 2 -> STANDARD;
            case 3 -> STANDARD | PERSISTENT | RECURSIVE;
            case 4 -> PERSISTENT;
            case 5 -> RECURSIVE;
            default -> 0;
        };
    }

    private static int childMask(int type) {
        return switch (type) {
            case 1 -> STANDARD;
            case 3 -> STANDARD | PERSISTENT;
            case 4 -> PERSISTENT;
            default -> 0;
        };
    }

    /** A node came to be. Returns the sessions that were told something. */
    public Set<LocalSession> created(String path, List<Acl> acl, List<Acl> parentAcl, long zxid) {
        recent.add(zxid, WatchEvent.Type.CREATED, path, acl, parentAcl);
        if (count == 0) {
            return Set.of();
        }
        Set<LocalSession> told = new LinkedHashSet<>();
        fireData(WatchEvent.Type.CREATED, path, acl, zxid, told);
        fireChildren(path, parentAcl, zxid, told);
        return told;
    }

    /** A node was deleted; {@code acl} is what it had. */
    public Set<LocalSession> deleted(String path, List<Acl> acl, List<Acl> parentAcl, long zxid) {
        recent.add(zxid, WatchEvent.Type.DELETED, path, acl, parentAcl);
        if (count == 0) {
            return Set.of();
        }
        Set<LocalSession> told = new LinkedHashSet<>();
        Set<LocalSession> byData = fireData(WatchEvent.Type.DELETED, path, acl, zxid, told);
        WatchEvent event = new WatchEvent(WatchEvent.Type.DELETED, path);
        for (Map.Entry<LocalSession, Integer> w : entries(child, path)) {
            drop(child, w.getKey(), path, STANDARD);
            if (!byData.contains(w.getKey())) {
                deliver(w.getKey(), event, acl, zxid, told);
            }
        }
        fireChildren(path, parentAcl, zxid, told);
        return told;
    }

    /** A node's data was set. */
    public Set<LocalSession> dataChanged(String path, List<Acl> acl, long zxid) {
        recent.add(zxid, WatchEvent.Type.DATA_CHANGED, path, acl, List.of());
        if (count == 0) {
            return Set.of();
        }
        Set<LocalSession> told = new LinkedHashSet<>();
        fireData(WatchEvent.Type.DATA_CHANGED, path, acl, zxid, told);
        return told;
    }

    /**
     * Sets the persistent watches that a session had on another node, and tells it what they would have told since.
     *
     * @param zxid up to which the session was told everything
     * @param paths watched persistently
     * @param recursively watched recursively
     * @return false when some of it is forgotten; then nothing of it is told
     */
    public boolean resume(LocalSession session, long zxid, List<String> paths, List<String> recursively) {
        Optional<List<RecentChanges.Change>> missed = recent.since(zxid);
        missed.ifPresent(changes -> tell(session, changes, paths, recursively));
        paths.forEach(path -> watchPersistently(session, path));
        recursively.forEach(path -> watchRecursively(session, path));
        return missed.isPresent();
    }

    /** As if these watches, and no others, had been set all the time. */
    private static void tell(
            LocalSession session, List<RecentChanges.Change> changes, List<String> paths, List<String> recursively) {
        Watches then = new Watches(new Metrics());
        paths.forEach(path -> then.watchPersistently(session, path));
        recursively.forEach(path -> then.watchRecursively(session, path));
        for (RecentChanges.Change change : changes) {
            switch (change.type()) {
                case CREATED -> then.created(change.path(), change.acl(), change.parentAcl(), change.zxid());
                case DELETED -> then.deleted(change.path(), change.acl(), change.parentAcl(), change.zxid());
                default -> then.dataChanged(change.path(), change.acl(), change.zxid());
            }
        }
    }

    private Set<LocalSession> fireData(
            WatchEvent.Type type, String path, List<Acl> acl, long zxid, Set<LocalSession> told) {
        WatchEvent event = new WatchEvent(type, path);
        Set<LocalSession> reached = new LinkedHashSet<>();
        for (Map.Entry<LocalSession, Integer> w : entries(data, path)) {
            drop(data, w.getKey(), path, STANDARD);
            reached.add(w.getKey());
        }
        if (recursive > 0) {
            for (String above = parent(path); !above.isEmpty(); above = parent(above)) {
                for (Map.Entry<LocalSession, Integer> w : entries(data, above)) {
                    if ((w.getValue() & RECURSIVE) != 0) {
                        reached.add(w.getKey());
                    }
                }
            }
        }
        count(type, reached.size());
        reached.forEach(session -> deliver(session, event, acl, zxid, told));
        return reached;
    }

    private void fireChildren(String path, List<Acl> parentAcl, long zxid, Set<LocalSession> told) {
        String parent = parent(path);
        if (parent.isEmpty()) {
            return;
        }
        WatchEvent event = new WatchEvent(WatchEvent.Type.CHILDREN_CHANGED, parent);
        List<Map.Entry<LocalSession, Integer>> watchers = entries(child, parent);
        count(WatchEvent.Type.CHILDREN_CHANGED, watchers.size());
        for (Map.Entry<LocalSession, Integer> w : watchers) {
            drop(child, w.getKey(), parent, STANDARD);
            deliver(w.getKey(), event, parentAcl, zxid, told);
        }
    }

    /** An event that nobody watches for is none. */
    private void count(WatchEvent.Type type, int watchers) {
        Summary summary = fired.get(type);
        if (watchers > 0 && summary != null) {
            summary.add(watchers);
        }
    }

    private static List<Map.Entry<LocalSession, Integer>> entries(
            Map<String, Map<LocalSession, Integer>> table, String path) {
        Map<LocalSession, Integer> watchers = table.get(path);
        if (watchers == null) {
            return List.of();
        }
        List<Map.Entry<LocalSession, Integer>> copy = new ArrayList<>(watchers.size());
        watchers.forEach((session, modes) -> copy.add(Map.entry(session, modes)));
        return copy;
    }

    /** A one-shot watch is spent even when its owner may not read the node and so hears nothing (contract 3.3). */
    private static void deliver(
            LocalSession session, WatchEvent event, List<Acl> acl, long zxid, Set<LocalSession> told) {
        if (AccessControl.permits(acl, Acl.READ, session.identities())) {
            session.sink().event(event, zxid);
            told.add(session);
        }
    }

    private static String parent(String path) {
        if (path.equals("/")) {
            return "";
        }
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }

    /** Pairs of session and path over both tables, as ZooKeeper counts watches. */
    public int count() {
        return count;
    }
}
