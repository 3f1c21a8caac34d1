package io.troupe.tree;

import io.troupe.edge.Connect;
import io.troupe.edge.Replicator;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionPassword;
import io.troupe.edge.SessionSink;
import io.troupe.edge.SessionSink.End;
import io.troupe.env.Clock;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.local.LocalSession;
import io.troupe.tree.local.LocalSessions;
import io.troupe.tree.local.SessionIds;
import io.troupe.tree.local.UnreplicatedSessions;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gives connections their sessions: replicated ones by a request that every node executes, unreplicated ones at once (contract
 * 1.6, 1.9, 1.10).
 */
final class Entrance {
    private final SessionIds ids;
    private final Clock clock;
    private final boolean unreplicatedSessions;
    private final Consumer<Replicator> replicator;
    private final LocalSessions sessions;
    private final Consumer<LocalSession> dropWatches;
    private final UnreplicatedSessions unreplicated = new UnreplicatedSessions();
    /** What was asked on an earlier connection of a session must not be answered on a later one. */
    private long connections;

    /**
     * An entrance without anybody.
     *
     * @param unreplicatedSessions whether new sessions are known to this node alone
     */
    Entrance(
            SessionIds ids,
            Clock clock,
            boolean unreplicatedSessions,
            Consumer<Replicator> replicator,
            LocalSessions sessions,
            Consumer<LocalSession> dropWatches) {
        this.ids = ids;
        this.clock = clock;
        this.unreplicatedSessions = unreplicatedSessions;
        this.replicator = replicator;
        this.sessions = sessions;
        this.dropWatches = dropWatches;
    }

    /** A client wants a session, or its session back. */
    void open(Connect connect, SessionSink sink, long lastZxid) {
        if (connect.lastZxidSeen() > lastZxid) {
            end(sink, End.CLIENT_AHEAD);
        } else if (connect.sessionId() == 0) {
            if (unreplicatedSessions || connect.unreplicated()) {
                letIn(ids.next(), connect, sink, false);
            } else {
                replicateNew(connect, sink);
            }
        } else if (!SessionPassword.matches(connect.sessionId(), connect.password())) {
            end(sink, End.EXPIRED);
        } else if (unreplicated.contains(connect.sessionId())) {
            letIn(connect.sessionId(), connect, sink, false);
        } else {
            leaveOldConnection(connect.sessionId());
            long token = sessions.expect(new LocalSessions.Pending(connect, sink, connect.sessionId(), null));
            submit(connect.sessionId(), connect, new Operation.AttachSession(token, connect.timeoutMillis()));
        }
    }

    /** As {@link #open}, on a node that has no leader and answers reads all the same. */
    void openReadOnly(Connect connect, SessionSink sink, long lastZxid) {
        if (!connect.readOnly()) {
            end(sink, End.NOT_SERVING);
        } else if (connect.lastZxidSeen() > lastZxid) {
            end(sink, End.CLIENT_AHEAD);
        } else if (connect.sessionId() == 0) {
            letIn(ids.next(), connect, sink, true);
        } else if (unreplicated.contains(connect.sessionId())
                && SessionPassword.matches(connect.sessionId(), connect.password())) {
            letIn(connect.sessionId(), connect, sink, true);
        } else {
            // Whether the session still lives only a leader knows.
            end(sink, End.NOT_SERVING);
        }
    }

    private void letIn(long sessionId, Connect connect, SessionSink sink, boolean readOnly) {
        leaveOldConnection(sessionId);
        SessionHandle handle = SessionHandle.unreplicated(sessionId, ++connections);
        unreplicated.attached(sessionId, connect.timeoutMillis());
        sessions.add(new LocalSession(handle, sink, connect.identities(), readOnly));
        sink.connected(handle, connect.timeoutMillis(), readOnly);
        sink.flush();
    }

    /** The client has given its old connection up; two must not be served at once. */
    private void leaveOldConnection(long sessionId) {
        LocalSession old = sessions.get(sessionId);
        if (old != null) {
            dropWatches.accept(old);
            sessions.remove(old);
            end(old.sink(), End.MOVED);
        }
    }

    private void replicateNew(Connect connect, SessionSink sink) {
        long sessionId = ids.next();
        long token = sessions.expect(new LocalSessions.Pending(connect, sink, sessionId, null));
        submit(sessionId, connect, new Operation.CreateSession(token, connect.timeoutMillis()));
    }

    /** The id drawn for a new session is taken: another is drawn. */
    void openAgain(LocalSessions.Pending refused) {
        replicateNew(refused.connect(), refused.sink());
    }

    /** A session that only this node knows is made known to the whole ensemble (contract 1.9). */
    void upgrade(SessionHandle handle, int timeoutMillis) {
        LocalSession session = sessions.get(handle);
        if (session != null) {
            Connect connect =
                    new Connect(handle.sessionId(), new byte[0], timeoutMillis, 0, session.identities(), false);
            long token =
                    sessions.expect(new LocalSessions.Pending(connect, session.sink(), handle.sessionId(), session));
            submit(handle.sessionId(), connect, new Operation.CreateSession(token, timeoutMillis));
        }
    }

    /** A session is known to the whole ensemble now. */
    void replicated(long sessionId) {
        unreplicated.forget(sessionId);
    }

    private void submit(long sessionId, Connect connect, Operation operation) {
        replicator.accept(
                new Replicator.Submit(List.of(new Request(sessionId, 0, 0, connect.identities(), operation))));
    }

    /** The connection is gone; whether a session was attached by it. */
    boolean disconnected(SessionSink sink) {
        LocalSession session = sessions.disconnected(sink);
        if (session == null) {
            return false;
        }
        dropWatches.accept(session);
        if (!session.handle().replicated()) {
            unreplicated.detached(session.sessionId(), clock.monotonicMillis());
        }
        return true;
    }

    /** Ends every connection; clients of unreplicated sessions may come back for them. */
    void endAll(End reason) {
        long now = clock.monotonicMillis();
        for (LocalSession session : sessions.all()) {
            if (!session.handle().replicated()) {
                unreplicated.detached(session.sessionId(), now);
            }
        }
        sessions.clear().forEach(sink -> end(sink, reason));
    }

    /** A client closes a session that only this node knows; its reply has been delivered. */
    void close(LocalSession session) {
        dropWatches.accept(session);
        sessions.remove(session);
        unreplicated.forget(session.sessionId());
        end(session.sink(), End.CLOSED);
    }

    /** There is a leader again: clients that were let in without one must come again. */
    void endReadOnly() {
        for (LocalSession session : sessions.all()) {
            if (session.readOnly()) {
                disconnected(session.sink());
                end(session.sink(), End.NOT_SERVING);
            }
        }
    }

    /** Forgets unreplicated sessions whose clients have been away for too long. */
    void expire() {
        unreplicated.expire(clock.monotonicMillis());
    }

    /** How many sessions only this node knows. */
    int unreplicatedCount() {
        return unreplicated.count();
    }

    static void end(SessionSink sink, End reason) {
        sink.end(reason);
        sink.flush();
    }
}
