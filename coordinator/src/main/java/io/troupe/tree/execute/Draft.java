package io.troupe.tree.execute;

import io.troupe.request.Stat;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Session;
import io.troupe.tree.state.Znode;
import io.troupe.tree.state.ZnodeImage;
import io.troupe.tree.state.ZnodePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one request would do to the tree. Executions read and write this, so that each step of a multi sees the steps
 * before it; the tree is touched only by {@link #apply}, when the whole request has succeeded.
 */
final class Draft {
    private static final Comparator<Entry> SHALLOW_FIRST =
            Comparator.comparingInt((Entry e) -> e.path.length()).thenComparing(e -> e.path);

    private final DataTree tree;
    private final Map<String, Entry> touched = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final Quotas quotas = new Quotas(this);

    /** A znode that the request looked at, as the request leaves it. */
    private static final class Entry {
        private final String path;
        private final boolean existed;
        private @Nullable ZnodeImage image;
        private int numChildren;
        private boolean written;

        Entry(String path, @Nullable ZnodeImage image, int numChildren) {
            this.path = path;
            this.existed = image != null;
            this.image = image;
            this.numChildren = numChildren;
        }
    }

    Draft(DataTree tree) {
        this.tree = tree;
    }

    private Entry entry(String path) {
        return touched.computeIfAbsent(path, this::read);
    }

    private Entry read(String path) {
        Znode node = tree.get(path);
        return node == null ? new Entry(path, null, 0) : new Entry(path, tree.image(node), node.numChildren());
    }

    /** The znode's fields, or null when there is none. */
    @Nullable
    ZnodeImage get(String path) {
        return entry(path).image;
    }

    int numChildren(String path) {
        Entry entry = touched.get(path);
        if (entry != null) {
            return entry.numChildren;
        }
        Znode node = tree.get(path);
        return node == null ? 0 : node.numChildren();
    }

    /** What a client would see of a znode that exists. */
    Stat stat(String path) {
        Entry entry = entry(path);
        return existing(entry).stat(entry.numChildren);
    }

    /** Adds a znode whose parent exists. */
    void create(String path, ZnodeImage image) {
        Entry parent = entry(ZnodePath.parent(path));
        write(parent, existing(parent).withChildCreated(image.czxid()));
        parent.numChildren++;
        write(entry(path), image);
        changes.add(new Change.NodeCreated(path, image.acl(), existing(parent).acl()));
        quotas.charge(path, 1, length(image));
    }

    /** Removes a znode that has no children. */
    void delete(String path, long zxid) {
        Entry parent = entry(ZnodePath.parent(path));
        write(parent, existing(parent).withChildDeleted(zxid));
        parent.numChildren--;
        Entry entry = entry(path);
        ZnodeImage deleted = existing(entry);
        write(entry, null);
        changes.add(new Change.NodeDeleted(path, deleted.acl(), existing(parent).acl()));
        quotas.charge(path, -1, -length(deleted));
    }

    /** Gives a znode an image with other data. */
    void changeData(String path, ZnodeImage image) {
        Entry entry = entry(path);
        long more = length(image) - length(existing(entry));
        write(entry, image);
        changes.add(new Change.NodeDataChanged(path, image.acl()));
        quotas.charge(path, 0, more);
    }

    private static long length(ZnodeImage image) {
        byte[] data = image.data();
        return data == null ? 0 : data.length;
    }

    Quotas quotas() {
        return quotas;
    }

    /** Gives a znode an image that nobody is told of. */
    void changeSilently(String path, ZnodeImage image) {
        write(entry(path), image);
    }

    /** Znodes and bytes of data at and below a path. */
    record Usage(long count, long bytes) {}

    /** What stands at and below a path, as this request leaves it; what the ensemble keeps for itself is nobody's usage. */
    Usage usage(String path) {
        if (path.equals(ZnodePath.ROOT)) {
            Usage all = usageBelow(path, path);
            Usage own = usage(ZnodePath.ZOOKEEPER);
            return new Usage(all.count() - own.count(), all.bytes() - own.bytes());
        }
        return usageBelow(path, path + '/');
    }

    private Usage usageBelow(String path, String prefix) {
        Znode node = tree.get(path);
        long count = node == null ? 0 : 1L + tree.descendants(node);
        long bytes = node == null ? 0 : tree.dataBytes(node);
        for (Entry entry : touched.values()) {
            if (entry.written && (entry.path.equals(path) || entry.path.startsWith(prefix))) {
                Znode before = tree.get(entry.path);
                count += (entry.image == null ? 0 : 1) - (before == null ? 0 : 1);
                bytes += (entry.image == null ? 0 : length(entry.image)) - (before == null ? 0 : before.dataLength());
            }
        }
        return new Usage(count, bytes);
    }

    /** Adds a change of a session or of the membership. */
    void add(Change change) {
        changes.add(change);
    }

    /** Forgets everything. */
    void discard() {
        touched.clear();
        changes.clear();
    }

    /** Does it, and returns what was done. */
    List<Change> apply() {
        List<Entry> entries = new ArrayList<>();
        for (Entry entry : touched.values()) {
            if (entry.written) {
                entries.add(entry);
            }
        }
        // A child's path is longer than its parent's: children go before their parents and come after them. A znode
        // that was deleted and created again is replaced in its place.
        entries.sort(SHALLOW_FIRST);
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            if (entry.existed && entry.image == null) {
                tree.remove(entry.path);
            }
        }
        for (Entry entry : entries) {
            if (entry.image != null) {
                tree.put(entry.path, entry.image);
            }
        }
        changes.forEach(this::apply);
        return changes;
    }

    private void apply(Change change) {
        if (change instanceof Change.SessionOpened s) {
            tree.putSession(new Session(s.sessionId(), s.timeoutMillis(), s.attach()));
        } else if (change instanceof Change.SessionAttached s) {
            tree.putSession(new Session(s.sessionId(), s.timeoutMillis(), s.attach()));
        } else if (change instanceof Change.SessionClosed s) {
            tree.removeSession(s.sessionId());
        } else if (change instanceof Change.MembersChanged v) {
            tree.changeMembership(v.membership());
        }
    }

    private static void write(Entry entry, @Nullable ZnodeImage image) {
        entry.image = image;
        entry.written = true;
    }

    private static ZnodeImage existing(Entry entry) {
        if (entry.image == null) {
            throw new IllegalStateException("there is no znode " + entry.path);
        }
        return entry.image;
    }
}
