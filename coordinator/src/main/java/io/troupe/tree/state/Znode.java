package io.troupe.tree.state;

import io.troupe.request.Acl;
import io.troupe.request.Stat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One node of the tree, as it is now. Only {@link DataTree} changes it; its data array never changes.
 *
 * <p>Trees hold millions of these, most of which are created once, never change and have no children. What such a znode
 * does not need is kept in a second object that only the others have. This one takes 40 bytes, and name and data an
 * array of 17 bytes and their lengths, rounded up to eight; a znode whose data was set 32 more, any other change and any
 * child 64 in their place.
 */
public final class Znode {
    /** As many snapshots have marks that differ. */
    static final int MARKS = 16;

    private static final int MARK_BITS = 4;

    /** As {@link NameAndData} has them; the root's name is empty. */
    private Object nameAndData;

    private long czxid;
    private long ctime;

    /** The id in the upper bits; below them the mark of the snapshot that needs nothing more of this znode. */
    private int aclIdAndMark;

    private @Nullable Details details;

    /** What differs from a znode just created when its data was set. */
    private static class Details {
        long mzxid;
        long mtime;
        int version;
    }

    /** What else can differ. */
    private static final class FullDetails extends Details {
        private long pzxid;
        private long owner;
        private int childCreates;
        private int aversion;
        private @Nullable Children children;
    }

    Znode(byte[] name, ZnodeImage image, int aclId, int mark) {
        nameAndData = NameAndData.of(name, image.data());
        snapshotMark(mark);
        set(image, aclId);
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
        return NameAndData.nameText(nameAndData);
    }

    /** A copy of the name in UTF-8. */
    byte[] nameBytes() {
        return NameAndData.name(nameAndData);
    }

    int nameLength() {
        return NameAndData.nameLength(nameAndData);
    }

    int nameHash() {
        return NameAndData.nameHash(nameAndData);
    }

    boolean isNamed(byte[] name) {
        return NameAndData.isNamed(nameAndData, name);
    }

    boolean hasNameOf(Znode other) {
        return NameAndData.sameName(nameAndData, other.nameAndData);
    }

    boolean isNamed(String text, int start, int end) {
        return NameAndData.isNamed(nameAndData, text, start, end);
    }

    /** Null and empty are different. Not to be changed: small data is a copy, larger is not. */
    public byte @Nullable [] data() {
        return NameAndData.data(nameAndData);
    }

    public int dataLength() {
        return NameAndData.dataLength(nameAndData);
    }

    public int numChildren() {
        Children children = children();
        return children == null ? 0 : children.size();
    }

    public long czxid() {
        return czxid;
    }

    public long mzxid() {
        return details == null ? czxid : details.mzxid;
    }

    public long pzxid() {
        return details instanceof FullDetails full ? full.pzxid : czxid;
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
        return details instanceof FullDetails full ? full.childCreates : 0;
    }

    public int aversion() {
        return details instanceof FullDetails full ? full.aversion : 0;
    }

    /** The owner as it is persisted, with the kind of znode encoded; see {@link EphemeralOwner}. */
    public long owner() {
        return details instanceof FullDetails full ? full.owner : EphemeralOwner.PERSISTENT;
    }

    int aclId() {
        return aclIdAndMark >>> MARK_BITS;
    }

    /** Between 0 and {@link #MARKS}. */
    int snapshotMark() {
        return aclIdAndMark & (MARKS - 1);
    }

    void snapshotMark(int mark) {
        aclIdAndMark = aclId() << MARK_BITS | mark;
    }

    ZnodeImage image(List<Acl> acl) {
        return new ZnodeImage(
                czxid, mzxid(), pzxid(), ctime, mtime(), version(), childCreates(), aversion(), owner(), data(), acl);
    }

    void set(ZnodeImage image, int newAclId) {
        czxid = image.czxid();
        ctime = image.ctime();
        nameAndData = NameAndData.withData(nameAndData, image.data());
        aclIdAndMark = newAclId << MARK_BITS | snapshotMark();
        if (details instanceof FullDetails || !isBarelyChanged(image)) {
            FullDetails full = fullDetails();
            full.pzxid = image.pzxid();
            full.owner = image.owner();
            full.childCreates = image.childCreates();
            full.aversion = image.aversion();
        } else if (details == null && isAsCreated(image)) {
            return;
        }
        Details changed = details == null ? new Details() : details;
        changed.mzxid = image.mzxid();
        changed.mtime = image.mtime();
        changed.version = image.version();
        details = changed;
    }

    /** But for its data. */
    private static boolean isBarelyChanged(ZnodeImage image) {
        return image.pzxid() == image.czxid()
                && image.owner() == EphemeralOwner.PERSISTENT
                && (image.childCreates() | image.aversion()) == 0;
    }

    private static boolean isAsCreated(ZnodeImage image) {
        return image.mzxid() == image.czxid() && image.mtime() == image.ctime() && image.version() == 0;
    }

    private FullDetails fullDetails() {
        if (details instanceof FullDetails full) {
            return full;
        }
        FullDetails full = new FullDetails();
        full.mzxid = mzxid();
        full.mtime = mtime();
        full.version = version();
        full.pzxid = czxid;
        details = full;
        return full;
    }

    /** Its children, or null while it has none. */
    @Nullable
    Children children() {
        return details instanceof FullDetails full ? full.children : null;
    }

    Children childrenForAdding() {
        FullDetails full = fullDetails();
        if (full.children == null) {
            full.children = new Children();
        }
        return full.children;
    }

    void removeChild(byte[] childName) {
        Children children = children();
        if (children == null) {
            throw new IllegalStateException("no children below " + name());
        }
        children.remove(childName);
        if (children.size() == 0) {
            fullDetails().children = null;
        }
    }
}
