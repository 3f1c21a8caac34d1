package io.troupe.tree.local;

import io.troupe.edge.WatchEvent;
import io.troupe.request.Acl;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last changes of the tree, as many as a given memory holds: what clients who come back from another node have missed is told
 * from it. They lie encoded in a few long-lived pieces that are filled in turn, because each write of each client adds one: as
 * objects they would be most of what the collector has to keep.
 */
final class RecentChanges {
    private static final int LARGEST_PIECE = 256 << 10;
    private static final int PIECES = 8;

    private final long mostBytes;
    private final int pieceBytes;
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private long bytes;
    /** All changes with a higher zxid are there. */
    private long completeSince;

    /**
     * One change.
     *
     * @param type CREATED, DELETED or DATA_CHANGED
     * @param acl of the node at this step: who may be told
     * @param parentAcl of its parent; empty where that was not changed with it
     */
    record Change(long zxid, WatchEvent.Type type, String path, List<Acl> acl, List<Acl> parentAcl) {}

    /**
     * Nothing yet.
     *
     * @param zxid that the tree begins with
     * @param mostBytes about what the changes may take
     */
    RecentChanges(long zxid, long mostBytes) {
        this.completeSince = zxid;
        this.mostBytes = mostBytes;
        this.pieceBytes = (int) Math.min(LARGEST_PIECE, mostBytes / PIECES);
    }

    /** As {@link Change} has it. */
    void add(long zxid, WatchEvent.Type type, String path, List<Acl> acl, List<Acl> parentAcl) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        Piece last = pieces.peekLast();
        if (last == null || !last.hasRoomFor(name)) {
            last = next(Math.max(pieceBytes, Piece.bytesFor(name)));
        }
        if (last == null) {
            completeSince = zxid;
        } else {
            last.add(zxid, type, name, acl, parentAcl);
        }
    }

    /** A piece of this size, in place of as many of the oldest ones as must go for it; null where they are not enough. */
    private @Nullable Piece next(int size) {
        Piece free = null;
        while (!pieces.isEmpty() && bytes + size > mostBytes) {
            free = pieces.remove();
            bytes -= free.size();
            completeSince = free.lastZxid;
        }
        if (size > mostBytes) {
            return null;
        }
        Piece next = free != null && free.size() == size ? free : new Piece(size);
        next.clear();
        bytes += size;
        pieces.add(next);
        return next;
    }

    /** All changes behind {@code zxid}, in their order; empty when some of them are forgotten. */
    Optional<List<Change>> since(long zxid) {
        if (zxid < completeSince) {
            return Optional.empty();
        }
        List<Change> newer = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece.lastZxid > zxid) {
                piece.since(zxid, newer);
            }
        }
        return Optional.of(newer);
    }

    /**
     * Some successive changes, and the access lists they name, each list once: requests bring lists of their own, which are almost
     * always equal.
     *
     * <pre>
     * long zxid
     * byte type
     * int  acl, parentAcl  which of the lists
     * int  length of the path, and its bytes
     * </pre>
     */
    private static final class Piece {
        private static final int HEADER = 8 + 1 + 3 * 4;

        /** What an entry of an access list takes. */
        private static final int ACL_ENTRY = 128;

        private static final WatchEvent.Type[] TYPES = {
            WatchEvent.Type.CREATED, WatchEvent.Type.DELETED, WatchEvent.Type.DATA_CHANGED
        };

        private final ByteBuffer changes;
        private final List<List<Acl>> lists = new ArrayList<>();
        private final Map<List<Acl>, Integer> places = new HashMap<>();
        private int listBytes;
        private long lastZxid;

        Piece(int bytes) {
            changes = ByteBuffer.allocate(bytes);
        }

        static int bytesFor(byte[] path) {
            return HEADER + path.length;
        }

        int size() {
            return changes.capacity();
        }

        boolean hasRoomFor(byte[] path) {
            return changes.remaining() >= bytesFor(path) && listBytes <= changes.capacity();
        }

        void clear() {
            changes.clear();
            lists.clear();
            places.clear();
            listBytes = 0;
        }

        void add(long zxid, WatchEvent.Type type, byte[] path, List<Acl> acl, List<Acl> parentAcl) {
            lastZxid = zxid;
            changes.putLong(zxid)
                    .put(code(type))
                    .putInt(place(acl))
                    .putInt(place(parentAcl))
                    .putInt(path.length)
                    .put(path);
        }

        private static byte code(WatchEvent.Type type) {
            for (byte code = 0; code < TYPES.length; code++) {
                if (TYPES[code] == type) {
                    return code;
                }
            }
            throw new IllegalArgumentException(type + " is no change of a znode");
        }

        private int place(List<Acl> acl) {
            Integer known = places.get(acl);
            if (known != null) {
                return known;
            }
            lists.add(acl);
            places.put(acl, lists.size() - 1);
            listBytes += ACL_ENTRY * acl.size();
            return lists.size() - 1;
        }

        void since(long zxid, List<Change> newer) {
            ByteBuffer rest = changes.duplicate().flip();
            while (rest.hasRemaining()) {
                long changed = rest.getLong();
                WatchEvent.Type type = TYPES[rest.get()];
                List<Acl> acl = lists.get(rest.getInt());
                List<Acl> parentAcl = lists.get(rest.getInt());
                byte[] path = new byte[rest.getInt()];
                rest.get(path);
                if (changed > zxid) {
                    newer.add(new Change(changed, type, new String(path, StandardCharsets.UTF_8), acl, parentAcl));
                }
            }
        }
    }
}
