package io.troupe.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.edge.Connect;
import io.troupe.edge.Replicator;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionPassword;
import io.troupe.edge.SessionSink.End;
import io.troupe.env.HandClock;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.local.LocalSession;
import io.troupe.tree.local.LocalSessions;
import io.troupe.tree.local.RecordingSink;
import io.troupe.tree.local.RecordingSink.Connected;
import io.troupe.tree.local.RecordingSink.Ended;
import io.troupe.tree.local.RecordingSink.Seen;
import io.troupe.tree.local.SessionIds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions that one node alone knows, and those it gives without a leader (contract 1.9, 1.10). */
class EntranceTest {
    private static final long ZXID = 50;

    private final HandClock clock = new HandClock();
    private final LocalSessions sessions = new LocalSessions();
    private final List<Replicator> replicated = new ArrayList<>();
    private final List<LocalSession> withoutWatches = new ArrayList<>();
    private final RecordingSink sink = new RecordingSink();
    private final Entrance entrance = entrance(true);

    private Entrance entrance(boolean unreplicated) {
        return new Entrance(
                new SessionIds(1, clock), clock, unreplicated, replicated::add, sessions, withoutWatches::add);
    }

    private static Connect anew(boolean readOnly) {
        return new Connect(0, new byte[16], 10_000, ZXID, List.of(), readOnly);
    }

    private static Connect again(long sessionId) {
        return new Connect(sessionId, SessionPassword.of(sessionId), 10_000, ZXID, List.of(), true);
    }

    private SessionHandle letIn() {
        entrance.open(anew(false), sink, ZXID);
        Seen seen = sink.take().get(0);
        assertThat(seen).isInstanceOf(Connected.class);
        return ((Connected) seen).handle();
    }

    @Test
    void aSessionThatOnlyThisNodeKnowsIsThereAtOnce() {
        SessionHandle handle = letIn();

        assertThat(handle.replicated()).isFalse();
        assertThat(replicated).isEmpty();
        assertThat(entrance.unreplicatedCount()).isOne();
    }

    @Test
    void whoeverAsksForNoMoreGetsOneOnAnyNode() {
        entrance(false).open(new Connect(0, new byte[16], 10_000, ZXID, List.of(), false, true), sink, ZXID);

        assertThat(((Connected) sink.take().get(0)).handle().replicated()).isFalse();
        assertThat(replicated).isEmpty();
    }

    /** On the next connection: a request of this one must not be answered there. */
    private static SessionHandle next(SessionHandle handle) {
        return SessionHandle.unreplicated(handle.sessionId(), 1 - handle.attach());
    }

    @Test
    void itsClientMayComeBackToThisNodeWithinItsTimeout() {
        SessionHandle handle = letIn();
        entrance.disconnected(sink);
        assertThat(withoutWatches).hasSize(1);
        clock.pass(9_999);
        entrance.expire();

        RecordingSink later = new RecordingSink();
        entrance.open(again(handle.sessionId()), later, ZXID);
        assertThat(later.take()).containsExactly(new Connected(next(handle), 10_000, false));
        clock.pass(100_000);
        entrance.expire();
        assertThat(entrance.unreplicatedCount())
                .as("as long as it is connected")
                .isOne();
    }

    @Test
    void afterItsTimeoutItIsASessionThatTheEnsembleDoesNotKnow() {
        SessionHandle handle = letIn();
        entrance.disconnected(sink);
        clock.pass(10_000);
        entrance.expire();
        entrance.open(again(handle.sessionId()), sink, ZXID);

        assertThat(sink.take()).isEmpty();
        assertThat(requests())
                .singleElement()
                .satisfies(r -> assertThat(r.operation()).isInstanceOf(Operation.AttachSession.class));
    }

    private List<Request> requests() {
        return replicated.stream()
                .flatMap(r -> ((Replicator.Submit) r).requests().stream())
                .toList();
    }

    @Test
    void aSecondConnectionTakesTheSessionFromTheFirst() {
        SessionHandle handle = letIn();
        RecordingSink second = new RecordingSink();
        entrance.open(again(handle.sessionId()), second, ZXID);

        assertThat(sink.take()).containsExactly(new Ended(End.MOVED));
        assertThat(second.take()).containsExactly(new Connected(next(handle), 10_000, false));
    }

    @Test
    void aWrongPasswordOpensNothing() {
        SessionHandle handle = letIn();
        RecordingSink thief = new RecordingSink();
        entrance.open(new Connect(handle.sessionId(), new byte[16], 10_000, ZXID, List.of(), false), thief, ZXID);

        assertThat(thief.take()).containsExactly(new Ended(End.EXPIRED));
        assertThat(sink.take()).isEmpty();
    }

    @Test
    void anUpgradeAsksForTheSameSession() {
        SessionHandle handle = letIn();
        entrance.upgrade(handle, 10_000);

        assertThat(requests()).singleElement().satisfies(r -> {
            assertThat(r.sessionId()).isEqualTo(handle.sessionId());
            assertThat(r.operation()).isInstanceOf(Operation.CreateSession.class);
        });
        entrance.replicated(handle.sessionId());
        assertThat(entrance.unreplicatedCount()).isZero();
    }

    @Test
    void aClosedOneIsGone() {
        SessionHandle handle = letIn();
        LocalSession session = sessions.get(handle);
        assertThat(session).isNotNull();
        if (session != null) {
            entrance.close(session);
        }
        assertThat(sink.take()).containsExactly(new Ended(End.CLOSED));
        assertThat(entrance.unreplicatedCount()).isZero();
        assertThat(sessions.all()).isEmpty();
    }

    @Test
    void whenAllConnectionsEndItsClientMayStillComeBack() {
        SessionHandle handle = letIn();
        entrance.endAll(End.UNKNOWN_OUTCOME);
        assertThat(sink.take()).containsExactly(new Ended(End.UNKNOWN_OUTCOME));
        clock.pass(5_000);
        entrance.expire();
        entrance.open(again(handle.sessionId()), sink, ZXID);

        assertThat(sink.take()).containsExactly(new Connected(next(handle), 10_000, false));
    }

    // ---- without a leader ----

    @Test
    void withoutALeaderOnlyThoseAreLetInWhoAreContentWithThat() {
        entrance.openReadOnly(anew(false), sink, ZXID);
        assertThat(sink.take()).containsExactly(new Ended(End.NOT_SERVING));
        entrance.openReadOnly(anew(true), sink, ZXID - 1);
        assertThat(sink.take()).containsExactly(new Ended(End.CLIENT_AHEAD));
        entrance.openReadOnly(again(77), sink, ZXID);
        assertThat(sink.take())
                .as("a session that only a leader could know")
                .containsExactly(new Ended(End.NOT_SERVING));

        entrance.openReadOnly(anew(true), sink, ZXID);
        assertThat(sink.take())
                .singleElement()
                .satisfies(seen -> assertThat(((Connected) seen).readOnly()).isTrue());
    }

    @Test
    void onceThereIsALeaderTheyMustComeAgain() {
        SessionHandle usual = letIn();
        RecordingSink reading = new RecordingSink();
        entrance.openReadOnly(anew(true), reading, ZXID);
        reading.take();
        entrance.endReadOnly();

        assertThat(reading.take()).containsExactly(new Ended(End.NOT_SERVING));
        assertThat(sink.take()).isEmpty();
        assertThat(sessions.get(usual)).isNotNull();
    }
}
