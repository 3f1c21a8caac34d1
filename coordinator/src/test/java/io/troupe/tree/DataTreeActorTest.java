package io.troupe.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.TestInbox;
import io.troupe.contract.Covers;
import io.troupe.contract.Shows;
import io.troupe.edge.Connect;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink.End;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.Zxid;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeProtocol.Divergence;
import io.troupe.tree.DataTreeProtocol.Execute;
import io.troupe.tree.DataTreeProtocol.Executed;
import io.troupe.tree.DataTreeProtocol.Open;
import io.troupe.tree.DataTreeProtocol.Reads;
import io.troupe.tree.DataTreeProtocol.Recovered;
import io.troupe.tree.DataTreeProtocol.Serve;
import io.troupe.tree.DataTreeProtocol.SessionsChanged;
import io.troupe.tree.DataTreeProtocol.Suspend;
import io.troupe.tree.DataTreeProtocol.Touched;
import io.troupe.tree.local.RecordingSink;
import io.troupe.tree.local.RecordingSink.Connected;
import io.troupe.tree.local.RecordingSink.Ended;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The tree's actor in each of its states. */
class DataTreeActorTest extends DataTreeRig {
    // ---- recovering ----

    @Test
    void recoveringItTurnsClientsAway() {
        actor.run(new Open(anew(), sink));

        assertThat(sink.take()).containsExactly(new Ended(End.NOT_SERVING));
    }

    @Test
    void itSaysFromWhereItRecovered() {
        recover();

        Recovered answer = recovered.receiveMessage();
        assertThat(answer.executedZxid()).isEqualTo(Zxid.NONE);
        assertThat(answer.membership()).isEqualTo(ALONE);
        assertThat(answer.origins()).isEmpty();
    }

    @Test
    void itTellsWhoeverExpiresSessionsOfAllThereAreWhenItHasRecovered() {
        TestInbox<SessionsChanged> leases = TestInbox.create();
        actor.run(new DataTreeProtocol.SubscribeSessions(leases.getRef()));
        assertThat(leases.hasMessages()).isFalse();
        recover();

        assertThat(leases.receiveMessage()).isEqualTo(new SessionsChanged(true, List.of(), List.of()));
    }

    // ---- suspended ----

    @Test
    void suspendedItExecutesButTurnsNewClientsAway() {
        SessionHandle session = connected();
        actor.run(new Suspend());
        executed.clear();
        actor.run(new Execute(List.of(batch(create(session, 1, "/a")))));
        RecordingSink late = new RecordingSink();
        actor.run(new Open(anew(), late));

        assertThat(executed).singleElement().satisfies(e -> {
            assertThat(e.zxid()).isEqualTo(lastZxid);
            assertThat(e.ownSequence()).isEqualTo(lastSequence);
        });
        assertThat(late.take()).containsExactly(new Ended(End.NOT_SERVING));
    }

    @Test
    @Shows("S39")
    void suspendedItHoldsReadsAndPingsUntilThereIsALeaderAgain() {
        SessionHandle session = connected();
        actor.run(new Suspend());
        actor.run(
                new Reads(List.of(read(session, 1, 0, exists(false)), read(session, -2, 0, new ReadOperation.Ping()))));
        assertThat(sink.take()).isEmpty();

        serve();

        assertThat(sink.xids()).containsExactly(1, -2);
    }

    @Test
    void suspendedItKeepsTheConnectionsItHas() {
        SessionHandle session = connected();
        actor.run(new Suspend());
        serve();
        actor.run(new Reads(List.of(read(session, 1, 0, new ReadOperation.Ping()))));

        assertThat(sink.xids()).containsExactly(1);
    }

    @Test
    void aConnectionThatEndsMeanwhileIsForgotten() {
        SessionHandle session = connected();
        actor.run(new Suspend());
        actor.run(new Reads(List.of(read(session, 1, 0, exists(false)))));
        actor.run(new DataTreeProtocol.Disconnected(sink));
        serve();

        assertThat(sink.take()).isEmpty();
    }

    // ---- serving: connections ----

    @Test
    @Covers("1.6.1")
    void aNewClientIsConnectedOnceItsSessionIsReplicated() {
        recover();
        serve();
        actor.run(new Open(anew(), sink));
        assertThat(sink.take()).isEmpty();
        replicate();

        assertThat(sink.isFlushed()).isTrue();
        assertThat(sink.take()).singleElement().isInstanceOf(Connected.class);
        assertThat(published.get(published.size() - 1).sessions()).isEqualTo(1);
    }

    @Test
    @Covers("1.5.2")
    void aClientThatHasSeenMoreThanThisNodeIsSentElsewhere() {
        SessionHandle session = connected();
        RecordingSink ahead = new RecordingSink();
        actor.run(new Open(again(session.sessionId(), lastZxid + 1), ahead));

        assertThat(ahead.take()).containsExactly(new Ended(End.CLIENT_AHEAD));
        assertThat(replicated).isEmpty();
    }

    @Test
    void aWrongPasswordIsAsGoodAsNoSession() {
        SessionHandle session = connected();
        RecordingSink thief = new RecordingSink();
        actor.run(new Open(new Connect(session.sessionId(), new byte[16], 10_000, 0, List.of(), false), thief));

        assertThat(thief.take()).containsExactly(new Ended(End.EXPIRED));
        assertThat(sink.take()).isEmpty();
    }

    @Test
    void aSessionAttachedAnewLeavesItsOldConnection() {
        SessionHandle session = connected();
        RecordingSink next = new RecordingSink();
        actor.run(new Open(again(session.sessionId(), 0), next));
        assertThat(sink.take()).containsExactly(new Ended(End.MOVED));
        replicate();

        assertThat(next.take()).singleElement().isInstanceOfSatisfying(Connected.class, c -> {
            assertThat(c.handle().sessionId()).isEqualTo(session.sessionId());
            assertThat(c.handle().attach()).isEqualTo(lastZxid);
        });
    }

    @Test
    void touchesAreCollectedOnce() {
        SessionHandle session = connected();
        TestInbox<Touched> touched = TestInbox.create();
        actor.run(new Reads(List.of(read(session, -2, 0, new ReadOperation.Ping()))));
        actor.run(new DataTreeProtocol.CollectTouched(touched.getRef()));
        actor.run(new DataTreeProtocol.CollectTouched(touched.getRef()));

        assertThat(touched.getAllReceived())
                .containsExactly(new Touched(List.of(session.sessionId())), new Touched(List.of()));
    }

    // ---- refusals ----

    @Test
    void aWriteThatIsNotProposedIsRefusedBehindTheOneBeforeAndAheadOfTheOneAfter() {
        SessionHandle session = connected();
        long before = lastSequence;
        actor.run(new DataTreeProtocol.Refuse(create(session, 2, "/b"), before + 1, ErrorCode.THROTTLED_OP));
        actor.run(new Reads(List.of(read(session, 3, 2, exists(false)))));
        assertThat(sink.take()).isEmpty();

        actor.run(new Execute(List.of(batch(create(session, 1, "/a"), create(session, 4, "/c")))));

        assertThat(repliesSeen()).containsExactly("1 OK", "2 THROTTLED_OP", "3 OK", "4 OK");
        assertThat(metrics.counter("troupe_writes_refused_for_room").value()).isEqualTo(1);
    }

    @Test
    void aWriteThatWouldHaveLengthenedDataInAFullTreeIsCountedAsRefused() {
        SessionHandle session = connected();
        actor.run(new Execute(List.of(batch(create(session, 1, "/a", "x")))));
        Operation longer = new Operation.SetData("/a", new byte[2], -1);
        actor.run(new Execute(
                List.of(batch(new Request(session.sessionId(), session.attach(), 2, List.of(), longer, false, true)))));

        assertThat(repliesSeen()).containsExactly("1 OK", "2 QUOTA_EXCEEDED");
        assertThat(metrics.counter("troupe_writes_refused_for_tree_size").value())
                .isEqualTo(1);
    }

    @Test
    void aWriteThatIsNotProposedIsRefusedAtOnceWhenNothingIsBeforeIt() {
        SessionHandle session = connected();
        actor.run(new DataTreeProtocol.Refuse(create(session, 1, "/a"), lastSequence, ErrorCode.THROTTLED_OP));

        assertThat(repliesSeen()).containsExactly("1 THROTTLED_OP");
    }

    /** Seed 119: a read waited for a leader and the refusal of the write behind it did not. */
    @Test
    void aWriteThatIsNotProposedIsNotRefusedAheadOfAReadThatWaitsForALeader() {
        SessionHandle session = connected();
        actor.run(new Suspend());
        actor.run(new Reads(List.of(read(session, 1, 0, exists(false)))));
        actor.run(new DataTreeProtocol.Refuse(create(session, 2, "/b"), lastSequence, ErrorCode.THROTTLED_OP));
        assertThat(sink.take()).isEmpty();

        serve();

        assertThat(repliesSeen()).containsExactly("1 NO_NODE", "2 THROTTLED_OP");
    }

    private List<String> repliesSeen() {
        return sink.take().stream()
                .filter(RecordingSink.Reply.class::isInstance)
                .map(seen -> (RecordingSink.Reply) seen)
                .map(reply -> reply.xid() + " " + reply.result().error())
                .toList();
    }

    // ---- agreement ----

    @Test
    void itSaysWhenItsTreeDiffersFromTheLeaders() {
        SessionHandle session = connected();
        Executed here = executed.get(executed.size() - 1);
        actor.run(new Execute(List.of(batchOf(here.zxid(), here.digest(), create(session, 1, "/a")))));
        assertThat(diverged).isEmpty();
        here = executed.get(executed.size() - 1);
        actor.run(new Execute(List.of(batchOf(here.zxid(), here.digest() + 1, create(session, 2, "/b")))));

        assertThat(diverged).containsExactly(new Divergence(here.zxid(), here.digest(), here.digest() + 1));
        int executedBefore = executed.size();
        actor.run(new Execute(List.of(batchOf(here.zxid(), here.digest(), create(session, 2, "/b")))));
        assertThat(executed).as("it goes no further").hasSize(executedBefore);
        assertThat(undecided).isEmpty();
        actor.run(new Suspend());
        assertThat(undecided).isEqualTo(diverged);
    }

    /** Those that an earlier leader with a wrong tree has written would be wrong at each start. */
    @Test
    void itComparesItsTreeOnlyWithThatOfTheLeaderItServesUnder() {
        SessionHandle session = connected();
        Executed here = executed.get(executed.size() - 1);
        actor.run(new Suspend());
        actor.run(new Execute(List.of(batchOf(here.zxid(), here.digest() + 1, create(session, 1, "/a")))));
        actor.run(new Serve(Role.FOLLOWING, 2, 3));
        here = executed.get(executed.size() - 1);
        actor.run(new Execute(List.of(batchOf(here.zxid(), here.digest() + 1, create(session, 2, "/b")))));
        assertThat(diverged).isEmpty();
        assertThat(executed.get(executed.size() - 1).zxid()).isEqualTo(lastZxid);

        actor.run(new Serve(Role.FOLLOWING, 1, 3));
        here = executed.get(executed.size() - 1);
        actor.run(new Execute(List.of(batchOf(here.zxid(), here.digest() + 1, create(session, 3, "/c")))));
        assertThat(diverged).hasSize(1);
    }

    @Test
    void recoveredAnewItEndsConnectionsWhoseResultsAreHidden() {
        SessionHandle session = connected();
        actor.run(new Reads(List.of(read(session, 1, 1, exists(false)))));
        actor.run(new Suspend());
        lastZxid = Zxid.NONE;
        recover();

        assertThat(sink.take()).containsExactly(new Ended(End.UNKNOWN_OUTCOME));
    }

    // ---- snapshots for somebody to read ----

    private void encodeAll() {
        do {
            actor.run(new DataTreeProtocol.FromSnapshot(new SnapshotProtocol.Written()));
        } while (snapshots.getAllReceived().stream().noneMatch(SnapshotProtocol.Finish.class::isInstance));
    }

    @Test
    void whoComesWhileASnapshotIsWrittenGetsTheNextSinceThatShowsWhatWasBefore() {
        connected();
        CompletableFuture<SnapshotProtocol.Loan> first = new CompletableFuture<>();
        CompletableFuture<SnapshotProtocol.Loan> second = new CompletableFuture<>();
        actor.run(new DataTreeProtocol.LendSnapshot(first));
        actor.run(new DataTreeProtocol.LendSnapshot(second));
        encodeAll();

        actor.run(new DataTreeProtocol.FromSnapshot(new SnapshotProtocol.Completed(1)));
        assertThat(snapshots.getAllReceived())
                .contains(new SnapshotProtocol.Lend(1, first))
                .anyMatch(SnapshotProtocol.Begin.class::isInstance);

        encodeAll();
        actor.run(new DataTreeProtocol.FromSnapshot(new SnapshotProtocol.Completed(2)));
        assertThat(snapshots.getAllReceived()).containsExactly(new SnapshotProtocol.Lend(2, second));
    }

    @Test
    void whoWaitsForASnapshotIsToldThatItCannotBeWritten() {
        connected();
        CompletableFuture<SnapshotProtocol.Loan> borrower = new CompletableFuture<>();
        actor.run(new DataTreeProtocol.LendSnapshot(borrower));
        actor.run(new DataTreeProtocol.FromSnapshot(new SnapshotProtocol.WriteFailed("no room")));

        assertThatThrownBy(borrower::join).hasMessageContaining("no room");
    }
}
