package io.troupe.tree.execute;

import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.tree.state.EphemeralOwner;
import io.troupe.tree.state.ZnodeImage;
import io.troupe.tree.state.ZnodePath;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Creates a znode of any kind; the numbers are the steps of contract 2.5. */
final class CreateExecution {
    private static final String ZEROS = "0000000000";

    private CreateExecution() {}

    /** Step 3, which comes before the session is looked at. */
    static ErrorCode checkTtl(Operation.Create op) {
        boolean valid = op.mode().ttl()
                ? op.ttlMillis() > 0 && op.ttlMillis() <= EphemeralOwner.MAX_TTL_MILLIS
                : op.ttlMillis() < 0;
        return valid ? ErrorCode.OK : ErrorCode.BAD_ARGUMENTS;
    }

    static Result execute(Operation.Create op, Execution e) {
        // 4, the rest of it: the ensemble itself has no session that an ephemeral could die with
        if (op.mode().ephemeral() && e.sessionId() == 0) {
            return Execution.failed(ErrorCode.SESSION_EXPIRED);
        }
        if (op.mode().ephemeral() && e.unreplicated()) {
            return Execution.failed(ErrorCode.EPHEMERAL_ON_LOCAL_SESSION);
        }
        // 5
        if (!ZnodePath.hasParent(op.path())) {
            return Execution.failed(ErrorCode.BAD_ARGUMENTS);
        }
        // 6
        if (op.acl().isEmpty()) {
            return Execution.failed(ErrorCode.INVALID_ACL);
        }
        // 7, 8
        ZnodeImage parent = e.draft().get(ZnodePath.parent(op.path()));
        ErrorCode refusal = e.check(parent, Acl.CREATE);
        if (refusal != ErrorCode.OK || parent == null) {
            return Execution.failed(refusal);
        }
        // 9
        String path = op.mode().sequential() ? numbered(op.path(), parent.childCreates()) : op.path();
        ErrorCode error = path == null ? ErrorCode.SYSTEM_ERROR : checkPlace(path, parent, e);
        if (error != ErrorCode.OK || path == null) {
            return Execution.failed(error);
        }
        // 13
        ErrorCode quota = e.checkQuota(path, 1, op.data() == null ? 0 : op.data().length);
        if (quota != ErrorCode.OK) {
            return Execution.failed(quota);
        }
        e.draft().create(path, ZnodeImage.created(e.zxid(), e.timeMillis(), owner(op, e), op.data(), op.acl()));
        return new Result.Created(path, op.withStat() ? e.draft().stat(path) : null);
    }

    /** Steps 10 to 12. */
    private static ErrorCode checkPlace(String path, ZnodeImage parent, Execution e) {
        if (!ZnodePath.isValid(path)) {
            return ErrorCode.BAD_ARGUMENTS;
        }
        if (e.draft().get(path) != null) {
            return ErrorCode.NODE_EXISTS;
        }
        return EphemeralOwner.isSession(parent.owner()) ? ErrorCode.NO_CHILDREN_FOR_EPHEMERALS : ErrorCode.OK;
    }

    /**
     * The path with the parent's counter behind it. Null when the counter has reached its end, where ZooKeeper goes on to
     * refuse every sequential create as existing: the parent has to be replaced, so this is a system error.
     */
    private static @Nullable String numbered(String path, int childCreates) {
        if (childCreates == Integer.MAX_VALUE) {
            return null;
        }
        if (childCreates < 0) {
            return path + String.format(Locale.ROOT, "%010d", childCreates);
        }
        String digits = Integer.toString(childCreates);
        return path + ZEROS.substring(digits.length()) + digits;
    }

    private static long owner(Operation.Create op, Execution e) {
        if (op.mode().ephemeral()) {
            return e.sessionId();
        }
        if (op.mode().ttl()) {
            return EphemeralOwner.ttl(op.ttlMillis());
        }
        return op.mode() == CreateMode.CONTAINER ? EphemeralOwner.CONTAINER : EphemeralOwner.PERSISTENT;
    }
}
