package io.troupe.tree;

import io.troupe.edge.ClientRequest.Read;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.Replicator;
import io.troupe.edge.SessionSink;
import io.troupe.request.ErrorCode;
import io.troupe.request.Result;
import io.troupe.tree.local.LocalSession;
import io.troupe.tree.local.LocalSessions;
import io.troupe.tree.local.ReadExecutor;
import io.troupe.tree.state.DataTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers the reads of this node's clients: at once where nothing is before them, otherwise once the writes of their session,
 * or what a sync waits for, have executed, and once the client has taken what it was sent; and all that is held while there is no leader when there is one again (contract
 * 1.8, 2.8).
 */
final class ClientReads {
    private final LocalSessions sessions;
    private final Consumer<Replicator> replicator;
    private final TreeMetrics metrics;
    private final Consumer<LocalSession> closed;
    /** Came while there was no leader. */
    private final List<Read> held = new ArrayList<>();
    /** Sessions with a sync whose commit point is asked for, by the tag of the question. */
    private final Map<Long, LocalSession> syncs = new HashMap<>();
    /** Sessions with a sync whose commit point is known and may not have executed yet. */
    private final Set<LocalSession> confirmed = new LinkedHashSet<>();

    private long syncTags;
    private @Nullable Source source;

    private record Source(DataTree tree, ReadExecutor executor) {}

    /**
     * Nobody reads yet.
     *
     * @param closed told of a session that only this node knows once its client, which closes it, has its reply
     */
    ClientReads(
            LocalSessions sessions,
            Consumer<Replicator> replicator,
            TreeMetrics metrics,
            Consumer<LocalSession> closed) {
        this.sessions = sessions;
        this.replicator = replicator;
        this.metrics = metrics;
        this.closed = closed;
    }

    /** Whoever waits is forgotten, because the tree is being replaced. */
    void forget() {
        syncs.clear();
        confirmed.clear();
        held.clear();
        source = null;
    }

    /** From now on this tree is read. */
    void from(DataTree tree, ReadExecutor executor) {
        source = new Source(tree, executor);
    }

    private Source source() {
        if (source == null) {
            throw new IllegalStateException("there is no tree to read yet");
        }
        return source;
    }

    /** Reads that wait for a leader. */
    void hold(List<Read> reads) {
        held.addAll(reads);
    }

    /** Reads while there is no leader: some clients are content with that. */
    void answerReadOnly(List<Read> reads) {
        List<Read> due = new ArrayList<>();
        for (Read read : reads) {
            LocalSession session = sessions.get(read.session());
            (session != null && session.readOnly() ? due : held).add(read);
        }
        answer(due);
    }

    /** There is a leader again. */
    void answerHeld() {
        List<Read> waited = List.copyOf(held);
        held.clear();
        answer(waited);
        // Room may have come meanwhile, when nobody was answered.
        for (LocalSession session : sessions.all()) {
            resume(session);
        }
    }

    /** There is room again for replies to this client. */
    void resume(SessionSink sink) {
        LocalSession session = sessions.get(sink);
        if (session != null) {
            resume(session);
        }
    }

    private void resume(LocalSession session) {
        if (session.hasWaiting()) {
            answerWaiting(session);
            session.sink().flush();
        }
    }

    /** Each is answered, or waits its turn. */
    void answer(List<Read> reads) {
        List<LocalSession> answered = new ArrayList<>();
        for (Read read : reads) {
            LocalSession session = sessions.get(read.session());
            if (session == null) {
                continue;
            }
            session.touch();
            if (read.operation() instanceof ReadOperation.Sync) {
                long tag = ++syncTags;
                session.parkSync(read, tag);
                syncs.put(tag, session);
                replicator.accept(new Replicator.ConfirmCommitPoint(tag));
            } else if (session.mayAnswer(read)) {
                session.sink().reply(read.xid(), source().tree().lastZxid(), result(session, read));
                answered.add(session);
            } else {
                session.park(read);
            }
        }
        for (LocalSession session : answered) {
            session.sink().flush();
            endIfClosed(session);
        }
    }

    private Result result(LocalSession session, Read read) {
        Result result = source().executor().execute(session, read);
        metrics.read(read.operation(), result);
        if (isDenied(result)) {
            session.sink().denied(session.sessionId(), read.operation(), read.identities(), ErrorCode.NO_AUTH);
        }
        return result;
    }

    private static boolean isDenied(Result result) {
        return result instanceof Result.Many many
                ? many.results().stream().anyMatch(ClientReads::isDenied)
                : result.error() == ErrorCode.NO_AUTH;
    }

    private void endIfClosed(LocalSession session) {
        if (session.closing()) {
            closed.accept(session);
        }
    }

    /** A write of this session has executed: what waited for it is answered. */
    void answerWaiting(LocalSession session) {
        session.drain(source().tree().lastZxid(), read -> result(session, read));
        endIfClosed(session);
    }

    /** A write of this session is about to execute: what came before it must not see it. */
    void answerBeforeWrite(LocalSession session) {
        session.drainBeforeWrite(source().tree().lastZxid(), read -> result(session, read));
    }

    /** Where the leader stood when it was asked on behalf of a sync. */
    void confirmed(long tag, long zxid) {
        LocalSession session = syncs.remove(tag);
        if (session != null) {
            session.confirmed(tag, zxid);
            confirmed.add(session);
            answerConfirmed();
        }
    }

    /** Answers the syncs whose commit point has executed; the others go on waiting, for the next batch. */
    void answerConfirmed() {
        // Answers to who has gone would leave watches behind that nobody removes, and wait for writes that are not
        // counted any more.
        confirmed.removeIf(session -> sessions.get(session.handle()) != session);
        for (LocalSession session : List.copyOf(confirmed)) {
            answerWaiting(session);
            session.sink().flush();
            if (!session.hasWaiting()) {
                confirmed.remove(session);
            }
        }
    }
}
