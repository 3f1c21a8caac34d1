package io.troupe.tree.execute;

import io.troupe.request.Acl;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.tree.state.ZnodeImage;
import io.troupe.tree.state.ZnodePath;
import org.jspecify.annotations.Nullable;

/** Sets a znode's data, in the check order of contract 2.6. */
final class SetDataExecution {
    private SetDataExecution() {}

    static Result execute(Operation.SetData op, Execution e) {
        if (!ZnodePath.isValid(op.path())) {
            return Execution.failed(ErrorCode.BAD_ARGUMENTS);
        }
        ZnodeImage node = e.draft().get(op.path());
        ErrorCode refusal = e.check(node, Acl.WRITE);
        if (refusal != ErrorCode.OK || node == null) {
            return Execution.failed(refusal);
        }
        long more = length(op.data()) - length(node.data());
        ErrorCode quota = e.checkQuota(op.path(), 0, more);
        if (quota != ErrorCode.OK) {
            return Execution.failed(quota);
        }
        ErrorCode growth = e.checkGrowth(more);
        if (growth != ErrorCode.OK) {
            return Execution.failed(growth);
        }
        if (!Execution.matches(op.version(), node.version())) {
            return Execution.failed(ErrorCode.BAD_VERSION);
        }
        e.draft().changeData(op.path(), node.withData(op.data(), e.zxid(), e.timeMillis()));
        return new Result.Found(e.draft().stat(op.path()));
    }

    private static long length(byte @Nullable [] data) {
        return data == null ? 0 : data.length;
    }
}
