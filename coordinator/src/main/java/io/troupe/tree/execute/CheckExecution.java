package io.troupe.tree.execute;

import io.troupe.request.Acl;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.tree.state.ZnodeImage;
import io.troupe.tree.state.ZnodePath;

/** Makes a multi depend on a znode's version, in the check order of contract 2.6. */
final class CheckExecution {
    private CheckExecution() {}

    static Result execute(Operation.Check op, Execution e) {
        if (!ZnodePath.isValid(op.path())) {
            return Execution.failed(ErrorCode.BAD_ARGUMENTS);
        }
        ZnodeImage node = e.draft().get(op.path());
        ErrorCode refusal = e.check(node, Acl.READ);
        if (refusal != ErrorCode.OK || node == null) {
            return Execution.failed(refusal);
        }
        return Execution.matches(op.version(), node.version())
                ? Result.Done.INSTANCE
                : Execution.failed(ErrorCode.BAD_VERSION);
    }
}
