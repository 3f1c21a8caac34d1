package io.troupe.tree.execute;

import io.troupe.ensemble.Zxid;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Znode;
import io.troupe.tree.state.ZnodePath;

/**
 * Deletes a container or TTL node that is still abandoned (contract 2.11), for the ensemble alone; void when the leader
 * that saw it no longer leads. There is no permission to check.
 */
final class ReapExecution {
    private ReapExecution() {}

    static Result execute(Operation.Reap op, Execution e) {
        if (e.sessionId() != 0) {
            return Execution.failed(ErrorCode.UNIMPLEMENTED);
        }
        if (op.epoch() != Zxid.epoch(e.zxid())) {
            return Result.Done.INSTANCE;
        }
        if (!ZnodePath.hasParent(op.path()) || ZnodePath.isSpecial(op.path())) {
            return Execution.failed(ErrorCode.BAD_ARGUMENTS);
        }
        Znode node = e.tree().get(op.path());
        if (node == null) {
            return Execution.failed(ErrorCode.NO_NODE);
        }
        if (node.numChildren() > 0) {
            return Execution.failed(ErrorCode.NOT_EMPTY);
        }
        if (!DataTree.reapable(node, e.timeMillis(), op.neverUsedMillis())) {
            return Execution.failed(ErrorCode.BAD_VERSION);
        }
        e.draft().delete(op.path(), e.zxid());
        return Result.Done.INSTANCE;
    }
}
