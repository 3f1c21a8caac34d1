package io.troupe.tree.state;

import io.troupe.ensemble.Membership;
import io.troupe.request.Acl;
import io.troupe.request.BinaryWriter;
import io.troupe.request.RequestCodec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the tree exactly as of the moment this was made, in slices, while the tree goes on changing: executing a
 * request twice is not the same as executing it once, so a snapshot must not show half of what came later. One at a time
 * for each tree.
 *
 * <p>A walk visits the znodes. One that is about to change or to go before its visit is encoded first, by
 * {@link #beforeChange}; one created after the start is not part of the snapshot. A mark in each znode tells that nothing
 * more is needed of it; each snapshot has another, so that an abandoned one leaves nothing to
 * clean up.
 */
public final class SnapshotEncoder {
    private final DataTree tree;
    private final Consumer<byte[]> chunks;
    private final int mark;
    private final long zxid;
    private final long digest;
    private final BinaryWriter frame = new BinaryWriter(SnapshotFormat.FRAME_BYTES + 1024);
    private final Deque<Level> levels = new ArrayDeque<>();
    private long written;
    private boolean open = true;

    /** The children of one znode, as they were when the walk came by. */
    private static final class Level {
        private final String parent;
        private final @Nullable Znode[] children;
        private int next;

        Level(String parent, @Nullable Znode[] children) {
            this.parent = parent;
            this.children = children;
        }
    }

    /**
     * @param chunks receives the encoding in pieces of about 64 KiB, in order: during construction, during
     *     {@link #encodeSome}, and also while the tree changes,
     *     where an exception would end the process: it must only take them
     */
    public SnapshotEncoder(DataTree tree, Consumer<byte[]> chunks) {
        this.tree = tree;
        this.chunks = chunks;
        zxid = tree.lastZxid();
        digest = tree.digest();
        mark = tree.beginSnapshot(this);
        chunks.accept(new BinaryWriter(8)
                .putInt(SnapshotFormat.MAGIC)
                .putInt(SnapshotFormat.VERSION)
                .toByteArray());
        encodeTables();
        beginFrame(SnapshotFormat.ZNODES);
        levels.push(new Level("", new @Nullable Znode[] {tree.root()}));
    }

    /** The position the snapshot shows. */
    public long zxid() {
        return zxid;
    }

    /**
     * Encodes on while {@code keepGoing} says so, at least one znode. It is asked after every znode.
     *
     * @return true when everything has been encoded and the last chunk was handed out
     * @throws IllegalStateException when this has ended or was abandoned before
     */
    public boolean encodeSome(BooleanSupplier keepGoing) {
        if (!open) {
            throw new IllegalStateException("this snapshot has ended");
        }
        do {
            if (!visitNext()) {
                finish();
                return true;
            }
        } while (keepGoing.getAsBoolean());
        return false;
    }

    /** Gives up; the tree forgets this encoder. */
    public void abandon() {
        if (open) {
            open = false;
            tree.endSnapshot(false);
        }
    }

    /** The tree is about to change or remove a znode. */
    void beforeChange(Znode node, String path) {
        if (node.snapshotMark() != mark) {
            encode(node, path);
        }
    }

    private boolean visitNext() {
        while (true) {
            Level level = levels.peek();
            if (level == null) {
                return false;
            }
            Znode node = level.next < level.children.length ? level.children[level.next++] : null;
            if (node != null) {
                visit(node, level.parent);
                return true;
            }
            if (level.next == level.children.length) {
                levels.pop();
            }
        }
    }

    private void visit(Znode node, String parent) {
        String path = node == tree.root() ? ZnodePath.ROOT : ZnodePath.child(parent, node.name());
        if (node.snapshotMark() != mark) {
            encode(node, path);
        }
        Children children = node.children();
        if (children != null) {
            levels.push(new Level(path, children.copy()));
        }
    }

    private void encode(Znode node, String path) {
        node.snapshotMark(mark);
        written++;
        frame.putString(path).putVarint(node.aclId()).putBytes(node.data());
        frame.putVarint(node.czxid()).putSigned(node.ctime());
        frame.putVarint(node.mzxid()).putSigned(node.mtime()).putVarint(node.pzxid());
        frame.putSigned(node.version()).putVarint(node.childCreates()).putSigned(node.aversion());
        frame.putLong(node.owner());
        if (frame.size() >= SnapshotFormat.FRAME_BYTES) {
            endFrame();
            beginFrame(SnapshotFormat.ZNODES);
        }
    }

    private void encodeTables() {
        beginFrame(SnapshotFormat.TABLES);
        frame.putLong(zxid);
        Membership membership = tree.membership();
        frame.putString(membership.ensembleId()).putVarint(membership.version());
        RequestCodec.members(frame, membership.members());
        List<Session> sessions = tree.sessions().all();
        frame.putVarint(sessions.size());
        for (Session s : sessions) {
            frame.putLong(s.id()).putSigned(s.timeoutMillis()).putVarint(s.attach());
        }
        frame.putVarint(tree.origins().all().size());
        tree.origins()
                .all()
                .forEach((node, p) ->
                        frame.putSigned(node).putVarint(p.incarnation()).putVarint(p.sequence()));
        frame.putVarint(tree.acls().size());
        tree.acls().forEach((id, acl) -> {
            frame.putVarint(id).putVarint(acl.size());
            for (Acl entry : acl) {
                frame.putSigned(entry.perms())
                        .putString(entry.who().scheme())
                        .putString(entry.who().id());
            }
        });
        endFrame();
    }

    private void finish() {
        endFrame();
        beginFrame(SnapshotFormat.TRAILER);
        frame.putLong(zxid).putLong(digest).putLong(written);
        endFrame();
        open = false;
        tree.endSnapshot(true);
    }

    private void beginFrame(int kind) {
        frame.putInt(0).putByte(kind);
    }

    private void endFrame() {
        frame.setInt(0, frame.size() - Integer.BYTES);
        chunks.accept(frame.toByteArray());
        frame.clear();
    }
}
