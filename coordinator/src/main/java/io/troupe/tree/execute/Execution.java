package io.troupe.tree.execute;

import io.troupe.request.Acl;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Request;
import io.troupe.request.Result;
import io.troupe.tree.state.AccessControl;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Session;
import io.troupe.tree.state.ZnodeImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request being executed: who asks, when, and the draft of what comes of it.
 *
 * @param timeMillis the leader's wall clock
 */
record Execution(DataTree tree, Draft draft, Request request, long zxid, long timeMillis) {

    /** Expected versions of this value match any. */
    private static final int ANY_VERSION = -1;

    /**
     * The session check that comes first for every write of a client (contract 2.1): {@code SESSION_EXPIRED} when there is
     * no such session, {@code SESSION_MOVED} when a later attach owns it. The ensemble itself has no session to check, and one
     * that is known to its origin alone (contract 1.9) only that can check.
     */
    ErrorCode checkSession() {
        if (sessionId() == 0 || unreplicated()) {
            return ErrorCode.OK;
        }
        Session session = tree.sessions().get(sessionId());
        if (session == null) {
            return ErrorCode.SESSION_EXPIRED;
        }
        return session.attach() == request.attach() ? ErrorCode.OK : ErrorCode.SESSION_MOVED;
    }

    /** Whether only the origin knows the session: nothing here can belong to it. */
    boolean unreplicated() {
        return sessionId() != 0 && request.attach() <= 0;
    }

    long sessionId() {
        return request.sessionId();
    }

    List<Identity> identities() {
        return request.identities();
    }

    /** The first error of a znode that must exist, grant a permission and have a version. */
    ErrorCode check(@Nullable ZnodeImage node, int permission) {
        if (node == null) {
            return ErrorCode.NO_NODE;
        }
        return permits(node.acl(), permission) ? ErrorCode.OK : ErrorCode.NO_AUTH;
    }

    boolean permits(List<Acl> acl, int permission) {
        return AccessControl.permits(acl, permission, identities());
    }

    /** Whether so many more znodes and bytes of data at a path stay within its quota, where quotas are enforced. */
    ErrorCode checkQuota(String path, long count, long bytes) {
        return request.quotasEnforced() ? draft.quotas().check(path, count, bytes) : ErrorCode.OK;
    }

    /** Whether so many more bytes of data may be, where the tree is as large as it may become. */
    ErrorCode checkGrowth(long bytes) {
        return request.growthRefused() && bytes > 0 ? ErrorCode.QUOTA_EXCEEDED : ErrorCode.OK;
    }

    static boolean matches(int expectedVersion, int version) {
        return expectedVersion == ANY_VERSION || expectedVersion == version;
    }

    static Result failed(ErrorCode error) {
        return Result.failed(error);
    }
}
