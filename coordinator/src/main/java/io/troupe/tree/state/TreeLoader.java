package io.troupe.tree.state;

import io.troupe.ensemble.Membership;
import io.troupe.request.Acl;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Builds a tree from znodes in any order: parents that have not come yet are stood in for. Used by snapshots and by
 * imports.
 */
public final class TreeLoader {
    private static final ZnodeImage STAND_IN =
            ZnodeImage.created(0, 0, EphemeralOwner.PERSISTENT, new byte[0], Acl.OPEN);

    private final DataTree tree;
    private final Set<String> standIns = new HashSet<>();
    private long loaded;
    /** Most znodes come behind a sibling. */
    private LoadedParent latestParent;

    /** Begins with nothing but a membership. */
    public TreeLoader(Membership membership, long lastZxid) {
        tree = new DataTree(membership, STAND_IN, lastZxid);
        standIns.add(ZnodePath.ROOT);
        latestParent = new LoadedParent("", tree.root());
    }

    /** Adds a session. */
    public void session(Session session) {
        if (tree.sessions().get(session.id()) != null) {
            throw new IllegalStateException("session 0x" + Long.toHexString(session.id()) + " comes twice");
        }
        tree.putSession(session);
    }

    /** Adds how far an origin has executed. */
    public void origin(int originNode, Origins.Position position) {
        tree.putOrigin(originNode, position);
    }

    /**
     * Adds a znode.
     *
     * @throws IllegalStateException when it was added before, or can be no znode
     */
    public void znode(String path, ZnodeImage image) {
        if (!ZnodePath.isValid(path)) {
            throw new IllegalStateException("there can be no znode " + path);
        }
        loaded++;
        if (tree.get(path) != null && !standIns.remove(path)) {
            throw new IllegalStateException("the znode " + path + " comes twice");
        }
        String parent = ZnodePath.parent(path);
        if (tree.get(parent) == null) {
            standIn(parent);
        }
        tree.put(path, image);
        if (path.length() > 1) {
            follow(parent.equals(ZnodePath.ROOT) ? "" : parent);
        }
    }

    /** Its siblings will be found below this one, whose path is empty for the root. */
    private void follow(String parent) {
        Znode node = tree.get(parent);
        if (node != null) {
            latestParent = new LoadedParent(parent, node);
        }
    }

    /** As {@link #znode(String, ZnodeImage)}, with the path in UTF-8 from {@code start} on in an array. */
    void znode(byte[] source, int start, int length, ZnodeImage image) {
        int nameLength = latestParent.plainName(source, start, length);
        if (nameLength > 0) {
            byte[] name = Arrays.copyOfRange(source, start + length - nameLength, start + length);
            if (tree.putNew(latestParent, name, image)) {
                loaded++;
                return;
            }
        }
        znode(new String(source, start, length, StandardCharsets.UTF_8), image);
    }

    private void standIn(String path) {
        int slash = path.indexOf('/', 1);
        while (true) {
            String ancestor = slash < 0 ? path : path.substring(0, slash);
            if (tree.get(ancestor) == null) {
                tree.put(ancestor, STAND_IN);
                standIns.add(ancestor);
            }
            if (slash < 0) {
                return;
            }
            slash = path.indexOf('/', slash + 1);
        }
    }

    /**
     * The tree.
     *
     * @param expected how many znodes it should have
     * @throws IllegalStateException when it has another number, or one has no parent
     */
    public DataTree finish(long expected) {
        if (!standIns.isEmpty() || loaded != expected) {
            throw new IllegalStateException(
                    loaded + " of " + expected + " znodes, and " + standIns.size() + " parents are missing");
        }
        return tree;
    }
}
