package io.troupe.tree.execute;

import io.troupe.request.Acl;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.tree.state.ZnodeImage;
import io.troupe.tree.state.ZnodePath;

/** Deletes a znode without children, in the check order of contract 2.6. */
final class DeleteExecution {
    private DeleteExecution() {}

    static Result execute(Operation.Delete op, Execution e) {
        ErrorCode error = check(op, e);
        if (error != ErrorCode.OK) {
            return Execution.failed(error);
        }
        e.draft().delete(op.path(), e.zxid());
        return Result.Done.INSTANCE;
    }

    private static ErrorCode check(Operation.Delete op, Execution e) {
        String path = op.path();
        if (!ZnodePath.hasParent(path) || ZnodePath.isSpecial(path)) {
            return ErrorCode.BAD_ARGUMENTS;
        }
        ErrorCode refusal = e.check(e.draft().get(ZnodePath.parent(path)), Acl.DELETE);
        if (refusal != ErrorCode.OK) {
            return refusal;
        }
        ZnodeImage node = e.draft().get(path);
        if (node == null) {
            return ErrorCode.NO_NODE;
        }
        if (!Execution.matches(op.version(), node.version())) {
            return ErrorCode.BAD_VERSION;
        }
        return e.draft().numChildren(path) > 0 ? ErrorCode.NOT_EMPTY : ErrorCode.OK;
    }
}
