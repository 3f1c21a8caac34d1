package io.troupe.tree.execute;

import io.troupe.request.Acl;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.tree.state.ZnodeImage;
import io.troupe.tree.state.ZnodePath;

/** Replaces a znode's ACL, in the check order of contract 2.6. */
final class SetAclExecution {
    private SetAclExecution() {}

    static Result execute(Operation.SetAcl op, Execution e) {
        if (!ZnodePath.isValid(op.path())) {
            return Execution.failed(ErrorCode.BAD_ARGUMENTS);
        }
        if (op.acl().isEmpty()) {
            return Execution.failed(ErrorCode.INVALID_ACL);
        }
        ZnodeImage node = e.draft().get(op.path());
        ErrorCode refusal = e.check(node, Acl.ADMIN);
        if (refusal != ErrorCode.OK || node == null) {
            return Execution.failed(refusal);
        }
        if (!Execution.matches(op.version(), node.aversion())) {
            return Execution.failed(ErrorCode.BAD_VERSION);
        }
        e.draft().changeSilently(op.path(), node.withAcl(op.acl()));
        return new Result.Found(e.draft().stat(op.path()));
    }
}
