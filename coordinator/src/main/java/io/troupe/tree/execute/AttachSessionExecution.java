package io.troupe.tree.execute;

import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;

/**
 * Moves a session to another connection; SESSION_EXPIRED when there is none. The timeout negotiated anew is replicated,
 * so that a new leader grants the one that the client was told, where ZooKeeper falls back to the first.
 */
final class AttachSessionExecution {
    private AttachSessionExecution() {}

    static Result execute(Operation.AttachSession op, Execution e) {
        if (e.tree().sessions().get(e.sessionId()) == null) {
            return Execution.failed(ErrorCode.SESSION_EXPIRED);
        }
        e.draft().add(new Change.SessionAttached(e.sessionId(), e.zxid(), op.timeoutMillis(), op.token()));
        return Result.Done.INSTANCE;
    }
}
