package io.troupe.tree.execute;

import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import java.util.ArrayList;
import java.util.List;

/**
 * All or nothing (contract 2.9). The result of a failure has the failed operation's code in its place, OK before it and
 * RUNTIME_INCONSISTENCY behind it.
 */
final class MultiExecution {
    private MultiExecution() {}

    static Result execute(Operation.Multi multi, Execution e) {
        ErrorCode session = e.checkSession();
        if (session == ErrorCode.SESSION_MOVED) {
            return Execution.failed(session);
        }
        List<Operation.Sub> ops = multi.ops();
        if (session != ErrorCode.OK) {
            return failedAt(0, session, ops.size(), e);
        }
        List<Result> results = new ArrayList<>(ops.size());
        for (Operation.Sub op : ops) {
            Result result = execute(op, e);
            if (result.error() != ErrorCode.OK) {
                return failedAt(results.size(), result.error(), ops.size(), e);
            }
            results.add(result);
        }
        return new Result.Many(results);
    }

    private static Result execute(Operation.Sub op, Execution e) {
        if (op instanceof Operation.Create create) {
            ErrorCode ttl = CreateExecution.checkTtl(create);
            return ttl == ErrorCode.OK ? CreateExecution.execute(create, e) : Execution.failed(ttl);
        }
        if (op instanceof Operation.Delete delete) {
            return DeleteExecution.execute(delete, e);
        }
        if (op instanceof Operation.SetData setData) {
            return SetDataExecution.execute(setData, e);
        }
        if (op instanceof Operation.Check check) {
            return CheckExecution.execute(check, e);
        }
        return Execution.failed(op instanceof Operation.Refused refused ? refused.error() : ErrorCode.UNIMPLEMENTED);
    }

    private static Result failedAt(int index, ErrorCode error, int size, Execution e) {
        e.draft().discard();
        List<Result> results = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            ErrorCode code = i < index ? ErrorCode.OK : i == index ? error : ErrorCode.RUNTIME_INCONSISTENCY;
            results.add(Execution.failed(code));
        }
        return new Result.Many(results);
    }
}
