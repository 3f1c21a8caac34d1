package io.troupe.tree.state;

import io.troupe.request.Acl;
import io.troupe.request.Stat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One node of the tree, as it is now. Only {@link DataTree} changes it; its data array never changes.
 *
 * <p>Trees hold millions of these, most of which are created once, never change and have no children. What such a znode
 * does not need is kept in a second object that only the others have. This one takes 48 bytes.
 */
public final class Znode {
    /** UTF-8; the root's is empty. */
    private final byte[] name;

    private long czxid;
    private long ctime;
    private int aclId = AclTable.OPEN_ID;

    /** Number of the snapshot that needs nothing more of this znode; see {@link SnapshotEncoder}. */
    private int snapshotMark;

    private byte @Nullable [] data;
    private @Nullable Details details;

    /** What differs from a znode just created. */
    private static final class Details {
        private long mzxid;
        private long pzxid;
        private long mtime;
        private long owner;
        private int version;
        private int childCreates;
        private int aversion;
        private @Nullable Children children;
    }

    Znode(byte[] name) {
        this.name = name;
    }

    /** What a client sees. */
    public Stat stat() {
        return new Stat(
                czxid,
                mzxid(),
                ctime,
                mtime(),
                version(),
                2 * childCreates() - numChildren(),
                aversion(),
                EphemeralOwner.visible(owner()),
                dataLength(),
                numChildren(),
                pzxid());
    }

    /** Its last path segment. */
    public String name() {
        return new String(name, StandardCharsets.UTF_8);
    }

    byte[] nameBytes() {
        return name;
    }

    /** Null and empty are different. Not to be changed. */
    public byte @Nullable [] data() {
        return data;
    }

    public int dataLength() {
        return data == null ? 0 : data.length;
    }

    public int numChildren() {
        return details == null || details.children == null ? 0 : details.children.size();
    }

    public long czxid() {
        return czxid;
    }

    public long mzxid() {
        return details == null ? czxid : details.mzxid;
    }

    public long pzxid() {
        return details == null ? czxid : details.pzxid;
    }

    public long ctime() {
        return ctime;
    }

    public long mtime() {
        return details == null ? ctime : details.mtime;
    }

    public int version() {
        return details == null ? 0 : details.version;
    }

    /** The counter C of contract 2.4. */
    public int childCreates() {
        return details == null ? 0 : details.childCreates;
    }

    public int aversion() {
        return details == null ? 0 : details.aversion;
    }

    /** The owner as it is persisted, with the kind of znode encoded; see {@link EphemeralOwner}. */
    public long owner() {
        return details == null ? EphemeralOwner.PERSISTENT : details.owner;
    }

    int aclId() {
        return aclId;
    }

    int snapshotMark() {
        return snapshotMark;
    }

    void snapshotMark(int mark) {
        snapshotMark = mark;
    }

    ZnodeImage image(List<Acl> acl) {
        return new ZnodeImage(
                czxid, mzxid(), pzxid(), ctime, mtime(), version(), childCreates(), aversion(), owner(), data, acl);
    }

    void set(ZnodeImage image, int newAclId) {
        czxid = image.czxid();
        ctime = image.ctime();
        data = image.data();
        aclId = newAclId;
        if (details == null && isAsCreated(image)) {
            return;
        }
        Details d = details();
        d.mzxid = image.mzxid();
        d.pzxid = image.pzxid();
        d.mtime = image.mtime();
        d.owner = image.owner();
        d.version = image.version();
        d.childCreates = image.childCreates();
        d.aversion = image.aversion();
    }

    private static boolean isAsCreated(ZnodeImage image) {
        return image.mzxid() == image.czxid()
                && image.pzxid() == image.czxid()
                && image.mtime() == image.ctime()
                && image.owner() == EphemeralOwner.PERSISTENT
                && (image.version() | image.childCreates() | image.aversion()) == 0;
    }

    private Details details() {
        if (details == null) {
            Details d = new Details();
            d.mzxid = czxid;
            d.pzxid = czxid;
            d.mtime = ctime;
            details = d;
        }
        return details;
    }

    /** Its children, or null while it has none. */
    @Nullable
    Children children() {
        return details == null ? null : details.children;
    }

    Children childrenForAdding() {
        Details d = details();
        if (d.children == null) {
            d.children = new Children();
        }
        return d.children;
    }

    void removeChild(byte[] childName) {
        Details d = details();
        if (d.children != null) {
            d.children.remove(childName);
            if (d.children.size() == 0) {
                d.children = null;
            }
        }
    }
}
