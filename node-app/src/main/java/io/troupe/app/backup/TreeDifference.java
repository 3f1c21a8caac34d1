package io.troupe.app.backup;

import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.EphemeralOwner;
import io.troupe.tree.state.Znode;
import io.troupe.tree.state.ZnodePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What must change in a live tree so that it holds what a backup holds: data, access control lists and kinds of the persistent
 * znodes. Sessions live as they do, so ephemerals of the backup do not come back, and those that are there stay.
 */
public final class TreeDifference {
    private static final String USAGE = "/zookeeper_stats";

    private final DataTree backup;
    private final DataTree live;
    /** Limits go before all else, and come back after it: what is put back may exceed what is allowed now. */
    private final List<Change> quotasFirst = new ArrayList<>();

    private final List<Change> changes = new ArrayList<>();
    private final List<Change> quotasLast = new ArrayList<>();
    private final List<String> conflicts = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private int ephemeralsLeftOut;

    private TreeDifference(DataTree backup, DataTree live) {
        this.backup = backup;
        this.live = live;
    }

    /**
     * Compares.
     *
     * @param prefix the znode with which to begin, {@code /} for all; one that the backup has not is removed
     */
    public static TreeDifference between(DataTree backup, DataTree live, String prefix) {
        TreeDifference difference = new TreeDifference(backup, live);
        difference.createAncestors(prefix);
        difference.walk(prefix);
        return difference;
    }

    /** All steps, in an order in which they can be taken. */
    public List<Change> changes() {
        List<Change> all = new ArrayList<>(quotasFirst);
        all.addAll(changes);
        all.addAll(quotasLast);
        return all;
    }

    /** Znodes of the backup that cannot come back, because an ephemeral of a live session stands in their place, or below. */
    public List<String> conflicts() {
        return List.copyOf(conflicts);
    }

    /** Znodes that the backup has not, and which stay because ephemerals of live sessions stand below them. */
    public List<String> kept() {
        return List.copyOf(kept);
    }

    /** Ephemerals of the backup, which do not come back. */
    public int ephemeralsLeftOut() {
        return ephemeralsLeftOut;
    }

    // ---- the walk ----

    private void createAncestors(String prefix) {
        Deque<String> missing = new ArrayDeque<>();
        for (String path = prefix; !path.equals(ZnodePath.ROOT); ) {
            path = ZnodePath.parent(path);
            if (live.get(path) == null && backup.get(path) != null) {
                missing.push(path);
            }
        }
        missing.forEach(path -> create(path, Objects.requireNonNull(backup.get(path))));
    }

    private void walk(String prefix) {
        Deque<String> unvisited = new ArrayDeque<>();
        unvisited.push(prefix);
        while (!unvisited.isEmpty()) {
            String path = unvisited.pop();
            if (!path.equals(ZnodePath.CONFIG) && compare(path)) {
                List<String> children = new ArrayList<>(childPaths(path));
                Collections.reverse(children);
                children.forEach(unvisited::push);
            }
        }
    }

    private Set<String> childPaths(String path) {
        Set<String> paths = new TreeSet<>();
        for (DataTree tree : List.of(backup, live)) {
            Znode node = tree.get(path);
            if (node != null) {
                tree.childNames(node).forEach(name -> paths.add(ZnodePath.child(path, name)));
            }
        }
        return paths;
    }

    /** Whether the children are to be compared too. */
    private boolean compare(String path) {
        Znode wanted = backup.get(path);
        Znode there = live.get(path);
        if (wanted != null && EphemeralOwner.isSession(wanted.owner())) {
            ephemeralsLeftOut++;
            wanted = null;
        }
        if (wanted == null) {
            if (there != null && !EphemeralOwner.isSession(there.owner())) {
                delete(path);
            }
            return false;
        }
        if (there == null) {
            create(path, wanted);
            return true;
        }
        if (there.owner() != wanted.owner()) {
            replace(path, there, wanted);
            return false;
        }
        compareContent(path, wanted, there);
        return true;
    }

    private void compareContent(String path, Znode wanted, Znode there) {
        if (!ZnodePath.ZOOKEEPER.equals(path) && !path.endsWith(USAGE) && !Arrays.equals(wanted.data(), there.data())) {
            later(path).add(new Change.SetData(path, wanted.data(), there.version()));
        }
        if (!backup.acl(wanted).equals(live.acl(there))) {
            later(path).add(new Change.SetAcl(path, backup.acl(wanted), there.aversion()));
        }
    }

    /** The kind of a znode never changes: it must go first, and all below it. */
    private void replace(String path, Znode there, Znode wanted) {
        int keptBefore = kept.size();
        if (EphemeralOwner.isSession(there.owner())) {
            conflicts.add(path);
            return;
        }
        delete(path);
        if (kept.size() > keptBefore) {
            conflicts.add(path);
            return;
        }
        Deque<String> unvisited = new ArrayDeque<>();
        unvisited.push(path);
        create(path, wanted);
        while (!unvisited.isEmpty()) {
            String parent = unvisited.pop();
            for (String name : backup.childNames(Objects.requireNonNull(backup.get(parent)))) {
                String child = ZnodePath.child(parent, name);
                Znode node = Objects.requireNonNull(backup.get(child));
                if (EphemeralOwner.isSession(node.owner())) {
                    ephemeralsLeftOut++;
                } else {
                    create(child, node);
                    unvisited.push(child);
                }
            }
        }
    }

    private void create(String path, Znode wanted) {
        later(path).add(new Change.Create(path, wanted.data(), backup.acl(wanted), wanted.owner()));
    }

    /** Children before parents; ephemerals stay, and so does what they stand below. */
    private void delete(String top) {
        List<String> subtree = new ArrayList<>();
        Deque<String> unvisited = new ArrayDeque<>();
        unvisited.push(top);
        while (!unvisited.isEmpty()) {
            String path = unvisited.pop();
            subtree.add(path);
            live.childNames(node(path)).forEach(name -> unvisited.push(ZnodePath.child(path, name)));
        }
        Collections.reverse(subtree);
        Set<String> stay = new HashSet<>();
        for (String path : subtree) {
            boolean ephemeral = EphemeralOwner.isSession(node(path).owner());
            if (ephemeral || stay.contains(path)) {
                stay.add(ZnodePath.parent(path));
                if (!ephemeral) {
                    kept.add(path);
                }
            } else {
                sooner(path).add(new Change.Delete(path, node(path).version()));
            }
        }
    }

    private Znode node(String path) {
        @Nullable Znode node = live.get(path);
        return Objects.requireNonNull(node);
    }

    private static boolean isQuota(String path) {
        return path.startsWith(ZnodePath.QUOTA + "/");
    }

    private List<Change> later(String path) {
        return isQuota(path) ? quotasLast : changes;
    }

    private List<Change> sooner(String path) {
        return isQuota(path) ? quotasFirst : changes;
    }
}
