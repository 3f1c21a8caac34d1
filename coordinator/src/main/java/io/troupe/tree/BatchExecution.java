package io.troupe.tree;

import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.SessionSink.End;
import io.troupe.ensemble.Membership;
import io.troupe.request.Batch;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Section;
import io.troupe.tree.DataTreeProtocol.SessionsChanged;
import io.troupe.tree.execute.Change;
import io.troupe.tree.execute.Executor;
import io.troupe.tree.execute.Outcome;
import io.troupe.tree.local.LocalSession;
import io.troupe.tree.local.LocalSessions;
import io.troupe.tree.local.Watches;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Executes committed batches and tells this node's clients: first the events of a change, then the reply that reveals it,
 * then the reads that waited for it.
 */
final class BatchExecution {
    private final int nodeId;
    private final long incarnation;
    private final DataTree tree;
    private final Executor executor;
    private final Watches watches;
    private final LocalSessions sessions;
    private final DigestHistory digests;
    private final TreeMetrics metrics;
    private final Consumer<LocalSession> answerWaiting;
    private final Consumer<LocalSession> answerBeforeWrite;
    private final Entrance entrance;
    private final Set<SessionSink> unflushed = new LinkedHashSet<>();
    private List<Session> opened = new ArrayList<>();
    private List<Long> closed = new ArrayList<>();
    private final Deque<DataTreeProtocol.Refuse> refusals = new ArrayDeque<>();
    private long ownSequence;
    private @Nullable Membership membership;

    BatchExecution(
            int nodeId,
            long incarnation,
            DataTree tree,
            Watches watches,
            LocalSessions sessions,
            DigestHistory digests,
            TreeMetrics metrics,
            Consumer<LocalSession> answerWaiting,
            Consumer<LocalSession> answerBeforeWrite,
            Entrance entrance) {
        this.nodeId = nodeId;
        this.incarnation = incarnation;
        this.tree = tree;
        this.executor = new Executor(tree);
        this.watches = watches;
        this.sessions = sessions;
        this.digests = digests;
        this.metrics = metrics;
        this.answerWaiting = answerWaiting;
        this.answerBeforeWrite = answerBeforeWrite;
        this.entrance = entrance;
        var own = tree.origins().get(nodeId);
        this.ownSequence = own != null && own.incarnation() == incarnation ? own.sequence() : 0;
    }

    /** Answered at once, or once what comes before it has executed. */
    void refuse(DataTreeProtocol.Refuse refusal) {
        refusals.add(refusal);
        answerRefusals();
    }

    private void answerRefusals() {
        while (!refusals.isEmpty() && refusals.getFirst().afterSequence() <= ownSequence) {
            DataTreeProtocol.Refuse refusal = refusals.removeFirst();
            Request request = refusal.request();
            LocalSession asker = sessions.get(new SessionHandle(request.sessionId(), request.attach()));
            metrics.refused(refusal.error());
            reply(asker, request, tree.lastZxid(), Outcome.failed(refusal.error()));
        }
    }

    void execute(Batch batch) {
        executor.execute(batch, new Executor.Observer() {
            @Override
            public void executing(Section section, @Nullable Request request) {
                LocalSession asker = asker(section, request);
                if (asker != null && asker.hasWaiting()) {
                    answerBeforeWrite.accept(asker);
                    unflushed.add(asker.sink());
                }
            }

            @Override
            public void executed(
                    Section section, long sequence, @Nullable Request request, long zxid, Outcome outcome) {
                BatchExecution.this.executed(section, sequence, request, zxid, outcome);
            }
        });
    }

    private boolean own(Section section) {
        return section.originNode() == nodeId && section.incarnation() == incarnation;
    }

    /** The session here that made a request, null when it is none of ours (any more). Nobody asks for its own session. */
    private @Nullable LocalSession asker(Section section, @Nullable Request request) {
        return own(section) && request != null && !(request.operation() instanceof Operation.CreateSession)
                ? sessions.get(new SessionHandle(request.sessionId(), request.attach()))
                : null;
    }

    private void executed(Section section, long sequence, @Nullable Request request, long zxid, Outcome outcome) {
        digests.sample(zxid, tree.digest());
        boolean own = own(section);
        if (request != null) {
            metrics.executed(request, outcome, own);
        }
        if (own) {
            ownSequence = sequence;
        }
        boolean closesItself = own
                && request != null
                && request.operation() instanceof Operation.CloseSession close
                && close.expiredAttach() == 0;
        LocalSession asker = asker(section, request);
        for (Change change : outcome.changes()) {
            tellWatchers(change, zxid);
            if (change instanceof Change.SessionClosed ended && closesItself) {
                reply(asker, request, zxid, outcome);
                asker = null;
                closed(ended.sessionId(), End.CLOSED);
            } else {
                tellConnections(change, own);
            }
        }
        reply(asker, request, zxid, outcome);
        if (own && request != null && outcome.changes().isEmpty()) {
            refuseConnection(request, outcome);
        }
        answerRefusals();
    }

    private void reply(@Nullable LocalSession asker, @Nullable Request request, long zxid, Outcome outcome) {
        if (asker == null || request == null) {
            return;
        }
        if (outcome.result().error() == ErrorCode.SESSION_MOVED) {
            drop(asker, End.MOVED);
            return;
        }
        asker.touch();
        asker.sink().decided(request, outcome.result());
        asker.executed(request.xid(), outcome.result(), zxid);
        if (asker.hasWaiting()) {
            answerWaiting.accept(asker);
        }
        unflushed.add(asker.sink());
    }

    private void tellWatchers(Change change, long zxid) {
        Set<LocalSession> told = Set.of();
        if (change instanceof Change.NodeCreated created) {
            told = watches.created(created.path(), created.acl(), created.parentAcl(), zxid);
        } else if (change instanceof Change.NodeDeleted deleted) {
            told = watches.deleted(deleted.path(), deleted.acl(), deleted.parentAcl(), zxid);
        } else if (change instanceof Change.NodeDataChanged changed) {
            told = watches.dataChanged(changed.path(), changed.acl(), zxid);
        }
        told.forEach(session -> unflushed.add(session.sink()));
    }

    private void tellConnections(Change change, boolean own) {
        if (change instanceof Change.SessionOpened session) {
            SessionHandle handle = new SessionHandle(session.sessionId(), session.attach());
            attach(handle, session.timeoutMillis(), own ? session.token() : 0);
        } else if (change instanceof Change.SessionAttached session) {
            SessionHandle handle = new SessionHandle(session.sessionId(), session.attach());
            attach(handle, session.timeoutMillis(), own ? session.token() : 0);
        } else if (change instanceof Change.SessionClosed session) {
            closed(session.sessionId(), End.EXPIRED);
        } else if (change instanceof Change.MembersChanged voters) {
            membership = voters.membership();
        }
    }

    private void attach(SessionHandle handle, int timeoutMillis, long token) {
        // The tree's own, so that there is one for all who know the session.
        opened.add(Objects.requireNonNull(tree.sessions().get(handle.sessionId())));
        LocalSessions.Pending connection = token == 0 ? null : sessions.arrived(token);
        LocalSession old = sessions.get(handle.sessionId());
        if (connection != null && connection.upgrading() != null) {
            upgraded(connection.upgrading(), handle, timeoutMillis);
            return;
        }
        if (old != null) {
            drop(old, End.MOVED);
        }
        if (connection != null) {
            LocalSession session = new LocalSession(
                    handle, connection.sink(), connection.connect().identities(), false);
            sessions.add(session);
            connection.sink().connected(handle, timeoutMillis, false);
            unflushed.add(connection.sink());
        }
    }

    /** Its client may have gone meanwhile: then the session waits for it, or expires, as any other. */
    private void upgraded(LocalSession session, SessionHandle handle, int timeoutMillis) {
        entrance.replicated(handle.sessionId());
        if (sessions.get(handle.sessionId()) == session) {
            session.upgraded(handle);
            session.sink().connected(handle, timeoutMillis, false);
            unflushed.add(session.sink());
        }
    }

    private void closed(long sessionId, End reason) {
        closed.add(sessionId);
        LocalSession local = sessions.get(sessionId);
        if (local != null) {
            drop(local, reason);
        }
    }

    private void drop(LocalSession session, End reason) {
        watches.remove(session);
        sessions.remove(session);
        session.sink().end(reason);
        unflushed.add(session.sink());
    }

    /** A session could not be opened or attached: the connection that waits for it must hear so. */
    private void refuseConnection(Request request, Outcome outcome) {
        if (outcome.result().error() == ErrorCode.OK) {
            return;
        }
        if (request.operation() instanceof Operation.CreateSession create) {
            LocalSessions.Pending waiting = sessions.arrived(create.token());
            if (waiting != null && waiting.upgrading() != null) {
                waiting.sink().end(End.EXPIRED);
                unflushed.add(waiting.sink());
            } else if (waiting != null) {
                entrance.openAgain(waiting);
            }
        } else if (request.operation() instanceof Operation.AttachSession attach) {
            LocalSessions.Pending waiting = sessions.arrived(attach.token());
            if (waiting != null) {
                waiting.sink().end(End.EXPIRED);
                unflushed.add(waiting.sink());
            }
        }
    }

    /** What was delivered may be written now. */
    void flush() {
        unflushed.forEach(SessionSink::flush);
        unflushed.clear();
    }

    /** The last executed of this node's own requests in this incarnation. */
    long ownSequence() {
        return ownSequence;
    }

    boolean leasesChanged() {
        return !opened.isEmpty() || !closed.isEmpty();
    }

    SessionsChanged takeLeases() {
        SessionsChanged changed = new SessionsChanged(false, opened, closed);
        opened = new ArrayList<>();
        closed = new ArrayList<>();
        return changed;
    }

    @Nullable
    Membership takeMembership() {
        Membership changed = membership;
        membership = null;
        return changed;
    }
}
