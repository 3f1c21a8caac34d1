package io.troupe.tree.state;

import io.troupe.ensemble.Membership;
import io.troupe.request.Acl;
import io.troupe.request.NameList;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state as of one zxid. It stores and accounts; what may happen is decided in {@code tree.execute}, whose
 * {@code Executor} alone changes it. Not thread-safe.
 *
 * <p>Everything that changes a znode passes {@link #put} or {@link #remove}, where digest, indexes, counts and a running
 * snapshot are kept in step.
 */
public final class DataTree {
    private final Znode root;
    private final AclTable acls = new AclTable();
    private final Sessions sessions = new Sessions();
    private final Origins origins = new Origins();
    private final TreeDigest digest = new TreeDigest();
    private final SortedSet<String> containers = new TreeSet<>();
    private final SortedSet<String> ttlNodes = new TreeSet<>();
    private Membership membership;
    private long lastZxid;
    private int nodes;
    private long dataBytes;
    private int snapshotMark;
    /** Since the last that was complete. */
    private int abandonedSnapshots;

    private @Nullable SnapshotEncoder snapshot;

    /** A tree whose only znode is a root with the fields of {@code rootImage}. */
    DataTree(Membership membership, ZnodeImage rootImage, long lastZxid) {
        this.membership = membership;
        this.lastZxid = lastZxid;
        digest.replace(null, membership);
        root = new Znode(new byte[0], rootImage, acls.acquire(rootImage.acl()), snapshotMark);
        account(root, ZnodePath.ROOT, rootImage);
    }

    /** The tree before any request: the predefined znodes of contract 2.3. */
    public static DataTree founding(Membership membership) {
        byte[] empty = new byte[0];
        ZnodeImage plain = ZnodeImage.created(0, 0, EphemeralOwner.PERSISTENT, empty, Acl.OPEN);
        DataTree tree = new DataTree(membership, plain, 0);
        tree.put(ZnodePath.ZOOKEEPER, plain);
        tree.put(ZnodePath.QUOTA, plain);
        tree.found(membership);
        return tree;
    }

    /**
     * Becomes the tree that an ensemble of these members begins with, whatever ensemble it was of before: the znode that lists
     * the members lists these, and keeps only who may read and change it.
     */
    public void found(Membership members) {
        changeMembership(members);
        boolean alone = members.standalone();
        byte[] config = alone ? new byte[0] : members.toConfigText().getBytes(StandardCharsets.UTF_8);
        Znode before = get(ZnodePath.CONFIG);
        put(
                ZnodePath.CONFIG,
                new ZnodeImage(
                        0,
                        members.version(),
                        0,
                        0,
                        0,
                        alone ? 0 : -1,
                        0,
                        before == null ? -1 : before.aversion(),
                        EphemeralOwner.PERSISTENT,
                        config,
                        before == null ? Acl.READ_ONLY : acl(before)));
    }

    /** The zxid of the last request executed. */
    public long lastZxid() {
        return lastZxid;
    }

    /** Sum over everything that is replicated; equal on nodes that executed the same requests. */
    public long digest() {
        return digest.value();
    }

    public Membership membership() {
        return membership;
    }

    public Sessions sessions() {
        return sessions;
    }

    public Origins origins() {
        return origins;
    }

    AclTable acls() {
        return acls;
    }

    /** The znode at a path, or null when there is none; an ill-formed path names none, the empty one names the root. */
    public @Nullable Znode get(String path) {
        int length = path.length();
        if (length <= 1) {
            return length == 0 || path.equals(ZnodePath.ROOT) ? root : null;
        }
        if (path.charAt(0) != '/') {
            return null;
        }
        Znode node = root;
        int start = 1;
        while (true) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? length : slash;
            Children children = node.children();
            Znode child = children == null || end == start ? null : children.find(path, start, end);
            if (child == null || end == length) {
                return child;
            }
            node = child;
            start = end + 1;
        }
    }

    public List<Acl> acl(Znode node) {
        return acls.get(node.aclId());
    }

    /** All replicated fields of a znode of this tree. */
    public ZnodeImage image(Znode node) {
        return node.image(acl(node));
    }

    /** Names of the children, in no particular order. */
    public NameList childNames(Znode node) {
        Children children = node.children();
        return children == null ? NameList.EMPTY : children.names();
    }

    /** Some of them, those behind the name {@code after} in the order of {@link Children#names(String, int)}. */
    public NameList childNames(Znode node, @Nullable String after, int limit) {
        Children children = node.children();
        return children == null ? NameList.EMPTY : children.names(after, limit);
    }

    /** How many znodes stand below this one. */
    public int descendants(Znode node) {
        int found = 0;
        Deque<Children> unvisited = new ArrayDeque<>();
        for (Children level = node.children(); level != null; level = unvisited.poll()) {
            found += level.size();
            level.forEach(child -> {
                Children below = child.children();
                if (below != null) {
                    unvisited.add(below);
                }
            });
        }
        return found;
    }

    /** Bytes of data of this znode and of all below. */
    public long dataBytes(Znode node) {
        long found = 0;
        Deque<Znode> unvisited = new ArrayDeque<>();
        for (Znode next = node; next != null; next = unvisited.poll()) {
            found += next.dataLength();
            Children below = next.children();
            if (below != null) {
                below.forEach(unvisited::add);
            }
        }
        return found;
    }

    /** Znodes as ZooKeeper counts them: the root twice. */
    public int znodes() {
        return nodes + 1;
    }

    public int ephemerals() {
        return sessions.ephemeralCount();
    }

    /** Characters of all paths and bytes of all data. */
    public long approximateDataBytes() {
        return dataBytes;
    }

    /** Distinct ACL lists in use. */
    public int aclLists() {
        return acls.size();
    }

    /** Paths of all containers, sorted. */
    public List<String> containers() {
        return List.copyOf(containers);
    }

    /** Paths of all znodes with a time to live, sorted. */
    public List<String> ttlNodes() {
        return List.copyOf(ttlNodes);
    }

    /**
     * Whether a znode is abandoned at this time: a container that had children and has none, or a znode without children
     * whose time to live has passed since its data was last set (contract 2.11).
     *
     * @param neverUsedMillis how long after its data was last set a container that never had a child is abandoned too; 0
     *     for never
     */
    public static boolean reapable(Znode node, long timeMillis, long neverUsedMillis) {
        if (node.numChildren() > 0) {
            return false;
        }
        if (node.owner() == EphemeralOwner.CONTAINER) {
            return node.childCreates() > 0 || (neverUsedMillis > 0 && timeMillis - node.mtime() > neverUsedMillis);
        }
        return EphemeralOwner.isTtl(node.owner()) && timeMillis - node.mtime() > EphemeralOwner.ttlMillis(node.owner());
    }

    /** Paths of at most {@code max} znodes that are {@link #reapable}, containers first, each kind sorted. */
    public List<String> findReapable(int max, long timeMillis, long neverUsedMillis) {
        return Stream.concat(containers.stream(), ttlNodes.stream())
                .filter(path -> {
                    Znode node = get(path);
                    return node != null && reapable(node, timeMillis, neverUsedMillis);
                })
                .limit(max)
                .toList();
    }

    // ---- changes, for tree.execute ----

    /** Sets all fields of the znode at a path; one that does not exist is created, and its parent must exist. */
    public void put(String path, ZnodeImage image) {
        Znode node = get(path);
        if (node != null) {
            replace(node, path, image);
            return;
        }
        Znode parent = get(ZnodePath.parent(path));
        if (parent == null || !ZnodePath.isValid(path)) {
            throw new IllegalStateException("there can be no znode " + path);
        }
        add(parent, path, image);
    }

    /**
     * Adds a persistent znode to a parent, unless it has a child of that name, or the znode is of another kind.
     *
     * @param name in ASCII
     */
    boolean putNew(LoadedParent parent, byte[] name, ZnodeImage image) {
        if (image.owner() != EphemeralOwner.PERSISTENT) {
            return false;
        }
        Znode node = new Znode(name, image, acls.acquire(image.acl()), snapshotMark);
        boolean isNew = parent.node().childrenForAdding().addIfNew(node);
        if (isNew) {
            account(node, parent.hashOfChild(name), parent.lengthOfChild(name), image);
        } else {
            acls.release(node.aclId());
        }
        return isNew;
    }

    private void add(Znode parent, String path, ZnodeImage image) {
        byte[] name = path.substring(path.lastIndexOf('/') + 1).getBytes(StandardCharsets.UTF_8);
        Znode node = new Znode(name, image, acls.acquire(image.acl()), snapshotMark);
        parent.childrenForAdding().add(node);
        account(node, path, image);
    }

    private void account(Znode node, String path, ZnodeImage image) {
        account(node, TreeDigest.hash(path), path.length(), image);
        index(path, node.owner());
    }

    private void account(Znode node, long pathHash, int pathLength, ZnodeImage image) {
        digest.add(pathHash, node, image.data(), acls.hash(node.aclId()));
        nodes++;
        dataBytes += pathLength + node.dataLength();
    }

    private void replace(Znode node, String path, ZnodeImage image) {
        beforeChange(node, path);
        long pathHash = TreeDigest.hash(path);
        byte[] oldData = node.data();
        int oldAcl = node.aclId();
        if (!Arrays.equals(oldData, image.data())) {
            digest.replaceData(pathHash, oldData, image.data());
        }
        int newAcl = acls.acquire(image.acl());
        digest.replaceAcl(pathHash, acls.hash(oldAcl), acls.hash(newAcl));
        acls.release(oldAcl);
        dataBytes -= node.dataLength();
        unindex(path, node.owner());
        digest.removeStat(pathHash, node);
        node.set(image, newAcl);
        digest.addStat(pathHash, node);
        dataBytes += node.dataLength();
        index(path, node.owner());
    }

    /** Removes the znode at a path, which must exist and have no children. */
    public void remove(String path) {
        Znode node = get(path);
        Znode parent = get(ZnodePath.parent(path));
        if (node == null || parent == null || node == root || node.numChildren() > 0) {
            throw new IllegalStateException("the znode " + path + " cannot be removed");
        }
        beforeChange(node, path);
        digest.remove(TreeDigest.hash(path), node, node.data(), acls.hash(node.aclId()));
        acls.release(node.aclId());
        nodes--;
        dataBytes -= path.length() + node.dataLength();
        unindex(path, node.owner());
        parent.removeChild(node.nameBytes());
    }

    private void index(String path, long owner) {
        if (EphemeralOwner.isSession(owner)) {
            sessions.addEphemeral(owner, path);
        } else if (owner == EphemeralOwner.CONTAINER) {
            containers.add(path);
        } else if (owner != EphemeralOwner.PERSISTENT) {
            ttlNodes.add(path);
        }
    }

    private void unindex(String path, long owner) {
        if (EphemeralOwner.isSession(owner)) {
            sessions.removeEphemeral(owner, path);
        } else if (owner == EphemeralOwner.CONTAINER) {
            containers.remove(path);
        } else if (owner != EphemeralOwner.PERSISTENT) {
            ttlNodes.remove(path);
        }
    }

    /** Adds a session, or replaces the one with its id. */
    public void putSession(Session session) {
        digest.replace(sessions.put(session), session);
    }

    /** Removes a session, whose ephemerals must be gone. */
    public void removeSession(long sessionId) {
        if (!sessions.ephemeralsOf(sessionId).isEmpty()) {
            throw new IllegalStateException("session 0x" + Long.toHexString(sessionId) + " still has ephemerals");
        }
        digest.replace(sessions.remove(sessionId), null);
    }

    /** Records how far an origin's requests have executed. */
    public void putOrigin(int originNode, Origins.Position position) {
        digest.replace(originNode, origins.put(originNode, position), position);
    }

    public void changeMembership(Membership replacement) {
        digest.replace(membership, replacement);
        membership = replacement;
    }

    /** Moves the position. */
    public void executed(long zxid) {
        if (zxid <= lastZxid) {
            throw new IllegalStateException(
                    "zxid 0x" + Long.toHexString(zxid) + " is not behind 0x" + Long.toHexString(lastZxid));
        }
        lastZxid = zxid;
    }

    // ---- snapshots ----

    /** The root, where a snapshot begins its walk. */
    Znode root() {
        return root;
    }

    /**
     * Registers an encoder; returns its mark, which no znode has yet, and which every new znode will get. A snapshot that
     * comes to its end has marked every znode. So marks can be used again soon, except after as many that were abandoned.
     */
    int beginSnapshot(SnapshotEncoder encoder) {
        if (snapshot != null) {
            throw new IllegalStateException("a snapshot is being encoded");
        }
        if (abandonedSnapshots == Znode.MARKS - 1) {
            markAll();
            abandonedSnapshots = 0;
        }
        snapshot = encoder;
        snapshotMark = (snapshotMark + 1) % Znode.MARKS;
        return snapshotMark;
    }

    private void markAll() {
        Deque<Znode> unvisited = new ArrayDeque<>();
        for (Znode next = root; next != null; next = unvisited.poll()) {
            next.snapshotMark(snapshotMark);
            Children below = next.children();
            if (below != null) {
                below.forEach(unvisited::add);
            }
        }
    }

    /**
     * The encoder has ended.
     *
     * @param complete whether every znode has its mark
     */
    void endSnapshot(boolean complete) {
        snapshot = null;
        abandonedSnapshots = complete ? 0 : abandonedSnapshots + 1;
    }

    private void beforeChange(Znode node, String path) {
        if (snapshot != null) {
            snapshot.beforeChange(node, path);
        }
    }
}
