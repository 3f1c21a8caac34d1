package io.troupe.tree.execute;

import io.troupe.ensemble.Zxid;
import io.troupe.request.Batch;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.RequestCodec;
import io.troupe.request.RequestFormatException;
import io.troupe.request.Result;
import io.troupe.request.Section;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Origins;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes committed requests on a tree, in zxid order. It computes, then applies: an exception while computing is a
 * SYSTEM_ERROR without any change, the same on every replica; one while applying is thrown on, and must end the process,
 * because the tree can no longer be trusted.
 */
public final class Executor {
    private static final Logger log = LoggerFactory.getLogger(Executor.class);

    private final DataTree tree;

    public Executor(DataTree tree) {
        this.tree = tree;
    }

    /** Hears of every request of a batch, in order, directly after it executed. */
    @FunctionalInterface
    public interface Observer {
        /** A request is about to execute; {@code request} as in {@link #executed}. */
        default void executing(Section section, @Nullable Request request) {}

        /**
         * @param section names the origin
         * @param sequence of the request at its origin
         * @param request null when it was not executed: the section cannot be decoded, or is not the origin's next
         */
        void executed(Section section, long sequence, @Nullable Request request, long zxid, Outcome outcome);
    }

    /**
     * Executes one request and moves the tree to {@code zxid}.
     *
     * @param timeMillis the leader's wall clock, of the batch
     */
    public Outcome execute(Request request, long zxid, long timeMillis) {
        Draft draft = new Draft(tree);
        Result result;
        try {
            result = compute(new Execution(tree, draft, request, zxid, timeMillis));
        } catch (RuntimeException e) {
            log.error(
                    "request {} of session 0x{} failed to compute, and changes nothing: {}",
                    Zxid.hex(zxid),
                    Long.toHexString(request.sessionId()),
                    request.operation().getClass().getSimpleName(),
                    e);
            result = Result.failed(ErrorCode.SYSTEM_ERROR);
        }
        if (result instanceof Result.Failed) {
            draft.discard();
        }
        List<Change> changes = draft.apply();
        tree.executed(zxid);
        return new Outcome(result, changes);
    }

    private static Result compute(Execution e) {
        Operation operation = e.request().operation();
        if (operation instanceof Operation.Multi multi) {
            return MultiExecution.execute(multi, e);
        }
        if (operation instanceof Operation.CreateSession open) {
            return CreateSessionExecution.execute(open, e);
        }
        if (operation instanceof Operation.AttachSession attach) {
            return AttachSessionExecution.execute(attach, e);
        }
        if (operation instanceof Operation.CloseSession close) {
            return CloseSessionExecution.execute(close, e);
        }
        if (operation instanceof Operation.Reap reap) {
            return ReapExecution.execute(reap, e);
        }
        if (operation instanceof Operation.ChangeMembers change) {
            return ChangeMembersExecution.execute(change, e);
        }
        return computeForSession(operation, e);
    }

    private static Result computeForSession(Operation operation, Execution e) {
        if (operation instanceof Operation.Create create && CreateExecution.checkTtl(create) != ErrorCode.OK) {
            return Result.failed(CreateExecution.checkTtl(create));
        }
        ErrorCode session = e.checkSession();
        if (session != ErrorCode.OK) {
            return Result.failed(session);
        }
        if (operation instanceof Operation.Create create) {
            return CreateExecution.execute(create, e);
        }
        if (operation instanceof Operation.Delete delete) {
            return DeleteExecution.execute(delete, e);
        }
        if (operation instanceof Operation.SetData setData) {
            return SetDataExecution.execute(setData, e);
        }
        if (operation instanceof Operation.SetAcl setAcl) {
            return SetAclExecution.execute(setAcl, e);
        }
        // A check alone is no request (contract 1.4).
        return Result.failed(
                operation instanceof Operation.Refused refused ? refused.error() : ErrorCode.UNIMPLEMENTED);
    }

    /**
     * Executes a batch that directly follows the tree's position.
     *
     * @throws IllegalStateException when it does not follow, or its parts do not add up to it
     */
    public void execute(Batch batch, Observer observer) {
        if (!batch.follows(tree.lastZxid())) {
            throw new IllegalStateException(batch + " does not follow " + Zxid.hex(tree.lastZxid()));
        }
        long zxid = batch.firstZxid();
        for (Section section : batch.sections()) {
            if (section.count() < 1 || section.count() > batch.lastZxid() - zxid + 1) {
                throw new IllegalStateException(batch + " has a section of " + section.count());
            }
            execute(section, zxid, batch.timeMillis(), observer);
            zxid += section.count();
        }
        if (zxid != batch.lastZxid() + 1) {
            throw new IllegalStateException(batch + " has fewer requests than it says");
        }
    }

    private void execute(Section section, long firstZxid, long timeMillis, Observer observer) {
        boolean next = tree.origins().isNext(section.originNode(), section.incarnation(), section.firstSequence());
        List<Request> requests = next ? decode(section, firstZxid) : List.of();
        if (!next) {
            log.error(
                    "section of origin {} incarnation {} at sequence {} is not the next after {}: {} requests from {} refused",
                    section.originNode(),
                    section.incarnation(),
                    section.firstSequence(),
                    tree.origins().get(section.originNode()),
                    section.count(),
                    Zxid.hex(firstZxid));
        }
        for (int i = 0; i < section.count(); i++) {
            long zxid = firstZxid + i;
            long sequence = section.firstSequence() + i;
            Request request = i < requests.size() ? requests.get(i) : null;
            observer.executing(section, request);
            Outcome outcome = request == null ? skip(zxid) : execute(request, zxid, timeMillis);
            if (next) {
                tree.putOrigin(section.originNode(), new Origins.Position(section.incarnation(), sequence));
            }
            observer.executed(section, sequence, request, zxid, outcome);
        }
    }

    private Outcome skip(long zxid) {
        tree.executed(zxid);
        return Outcome.failed(ErrorCode.SYSTEM_ERROR);
    }

    /** None when the body is damaged: that must not stop every replica, now and at every replay. */
    private static List<Request> decode(Section section, long firstZxid) {
        try {
            return RequestCodec.decode(section);
        } catch (RequestFormatException e) {
            log.error(
                    "section of origin {} at sequence {} cannot be decoded: {} requests from {} refused",
                    section.originNode(),
                    section.firstSequence(),
                    section.count(),
                    Zxid.hex(firstZxid),
                    e);
            return List.of();
        }
    }
}
