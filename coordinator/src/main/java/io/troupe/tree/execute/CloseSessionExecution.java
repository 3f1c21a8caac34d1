package io.troupe.tree.execute;

import io.troupe.ensemble.Zxid;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.tree.state.Session;

/** Ends a session with all its ephemerals in one zxid, sorted by path. */
final class CloseSessionExecution {
    private CloseSessionExecution() {}

    static Result execute(Operation.CloseSession op, Execution e) {
        if (op.expiredAttach() != 0) {
            return expire(op, e);
        }
        ErrorCode session = e.checkSession();
        if (session != ErrorCode.OK || e.sessionId() == 0 || e.unreplicated()) {
            return Execution.failed(session == ErrorCode.OK ? ErrorCode.BAD_ARGUMENTS : session);
        }
        return close(e);
    }

    /** A leader decided by its clock alone; the session may have gone or come back since, or the leader may have changed. */
    private static Result expire(Operation.CloseSession op, Execution e) {
        Session session = e.tree().sessions().get(e.sessionId());
        boolean stillSilent =
                session != null && session.attach() == op.expiredAttach() && op.epoch() == Zxid.epoch(e.zxid());
        return stillSilent ? close(e) : Result.Done.INSTANCE;
    }

    private static Result close(Execution e) {
        for (String path : e.tree().sessions().ephemeralsOf(e.sessionId())) {
            e.draft().delete(path, e.zxid());
        }
        e.draft().add(new Change.SessionClosed(e.sessionId()));
        return Result.Done.INSTANCE;
    }
}
