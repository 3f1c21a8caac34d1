package io.troupe.tree.state;

import io.troupe.request.Acl;
import io.troupe.request.Stat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A znode's replicated fields as one value, with the rules by which operations change them (contract 2.4).
 *
 * @param childCreates the counter C: creates of children so far; names sequential children, and gives the visible cversion
 * @param owner see {@link EphemeralOwner}
 * @param data null and empty are different; never changed
 */
public record ZnodeImage(
        long czxid,
        long mzxid,
        long pzxid,
        long ctime,
        long mtime,
        int version,
        int childCreates,
        int aversion,
        long owner,
        byte @Nullable [] data,
        List<Acl> acl) {

    /** A znode created by the request {@code zxid}. */
    public static ZnodeImage created(long zxid, long timeMillis, long owner, byte @Nullable [] data, List<Acl> acl) {
        return new ZnodeImage(zxid, zxid, zxid, timeMillis, timeMillis, 0, 0, 0, owner, data, acl);
    }

    /** After setData; the same data counts too. The version wraps. */
    public ZnodeImage withData(byte @Nullable [] newData, long zxid, long timeMillis) {
        return withData(newData, version + 1, zxid, timeMillis);
    }

    /** After data was set by the ensemble, which decides the version. */
    public ZnodeImage withData(byte @Nullable [] newData, int newVersion, long zxid, long timeMillis) {
        return new ZnodeImage(
                czxid, zxid, pzxid, ctime, timeMillis, newVersion, childCreates, aversion, owner, newData, acl);
    }

    /** After its data was brought up to date by the ensemble itself, which no field tells. */
    public ZnodeImage withUsage(byte[] newData) {
        return new ZnodeImage(czxid, mzxid, pzxid, ctime, mtime, version, childCreates, aversion, owner, newData, acl);
    }

    /** After setACL, which touches neither mzxid nor mtime. */
    public ZnodeImage withAcl(List<Acl> newAcl) {
        return new ZnodeImage(
                czxid, mzxid, pzxid, ctime, mtime, version, childCreates, aversion + 1, owner, data, newAcl);
    }

    /** After the create of a direct child. At its maximum C stays: names must not repeat. */
    public ZnodeImage withChildCreated(long zxid) {
        int creates = childCreates == Integer.MAX_VALUE ? childCreates : childCreates + 1;
        return new ZnodeImage(czxid, mzxid, zxid, ctime, mtime, version, creates, aversion, owner, data, acl);
    }

    /** After the delete of a direct child. */
    public ZnodeImage withChildDeleted(long zxid) {
        return new ZnodeImage(czxid, mzxid, zxid, ctime, mtime, version, childCreates, aversion, owner, data, acl);
    }

    /** What a client sees. */
    public Stat stat(int numChildren) {
        return new Stat(
                czxid,
                mzxid,
                ctime,
                mtime,
                version,
                2 * childCreates - numChildren,
                aversion,
                EphemeralOwner.visible(owner),
                data == null ? 0 : data.length,
                numChildren,
                pzxid);
    }
}
