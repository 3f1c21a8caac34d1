package io.troupe.tree.execute;

import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.tree.state.EphemeralOwner;

/**
 * Opens a session. A taken id is refused with NODE_EXISTS, on which the edge draws another; an id that could be mistaken
 * for another kind of owner, with BAD_ARGUMENTS (contract 1.6).
 */
final class CreateSessionExecution {
    private CreateSessionExecution() {}

    static Result execute(Operation.CreateSession op, Execution e) {
        if (!EphemeralOwner.isSession(e.sessionId())) {
            return Execution.failed(ErrorCode.BAD_ARGUMENTS);
        }
        if (e.tree().sessions().get(e.sessionId()) != null) {
            return Execution.failed(ErrorCode.NODE_EXISTS);
        }
        e.draft().add(new Change.SessionOpened(e.sessionId(), e.zxid(), op.timeoutMillis(), op.token()));
        return Result.Done.INSTANCE;
    }
}
