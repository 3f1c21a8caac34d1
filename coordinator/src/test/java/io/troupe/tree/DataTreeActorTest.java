package io.troupe.tree;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import io.troupe.contract.Covers;
import io.troupe.edge.ClientRequest.Read;
import io.troupe.edge.Connect;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.Replicator;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionPassword;
import io.troupe.edge.SessionSink.End;
import io.troupe.edge.TreeReport;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.Zxid;
import io.troupe.env.Clock;
import io.troupe.env.FakeDisk;
import io.troupe.metrics.Metrics;
import io.troupe.request.Acl;
import io.troupe.request.Batch;
import io.troupe.request.CreateMode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Result;
import io.troupe.request.SectionBuilder;
import io.troupe.snapshot.SnapshotCatalog;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeProtocol.Command;
import io.troupe.tree.DataTreeProtocol.CommitPointConfirmed;
import io.troupe.tree.DataTreeProtocol.Execute;
import io.troupe.tree.DataTreeProtocol.Executed;
import io.troupe.tree.DataTreeProtocol.Open;
import io.troupe.tree.DataTreeProtocol.Reads;
import io.troupe.tree.DataTreeProtocol.Recover;
import io.troupe.tree.DataTreeProtocol.Recovered;
import io.troupe.tree.DataTreeProtocol.Serve;
import io.troupe.tree.DataTreeProtocol.SessionsChanged;
import io.troupe.tree.DataTreeProtocol.Suspend;
import io.troupe.tree.DataTreeProtocol.Touched;
import io.troupe.tree.DataTreeProtocol.TreeStatus;
import io.troupe.tree.local.RecordingSink;
import io.troupe.tree.local.RecordingSink.Connected;
import io.troupe.tree.local.RecordingSink.Ended;
import io.troupe.tree.local.RecordingSink.Event;
import io.troupe.tree.local.RecordingSink.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tree's actor in each of its states; the test is its broadcast, log and clients. */
class DataTreeActorTest {
    private static final int NODE = 1;
    private static final long INCARNATION = 7;
    private static final Membership ALONE =
            new Membership("e", 0, List.of(new Member(NODE, "h", 25520, "h", 2181, 101)), null);

    private final List<Replicator> replicated = new ArrayList<>();
    private final List<Executed> executed = new ArrayList<>();
    private final List<TreeStatus> published = new ArrayList<>();
    private final List<String> diverged = new ArrayList<>();
    private final Metrics metrics = new Metrics();
    private final TestInbox<SnapshotProtocol.Command> snapshots = TestInbox.create();
    private final TestInbox<Recovered> recovered = TestInbox.create();
    private final RecordingSink sink = new RecordingSink();
    private final BehaviorTestKit<Command> actor =
            BehaviorTestKit.create(DataTreeActor.create(new DataTreeActor.Surroundings(
                    NODE,
                    INCARNATION,
                    TreeSettings.DEFAULT,
                    new StoppedClock(),
                    new SnapshotCatalog(new FakeDisk()),
                    snapshots.getRef(),
                    replicated::add,
                    executed::add,
                    published::add,
                    diverged::add,
                    metrics)));
    private long lastZxid = Zxid.NONE;
    private long lastSequence;

    private static final class StoppedClock implements Clock {
        @Override
        public long monotonicNanos() {
            return 0;
        }

        @Override
        public long wallMillis() {
            return 1_000;
        }

        @Override
        public void alarm(long nanos, Runnable task) {
            throw new AssertionError("a tree has no alarms");
        }
    }

    private void recover() {
        actor.run(new Recover(ALONE, recovered.getRef()));
    }

    private void serve() {
        actor.run(new Serve(Role.LEADING, 1, NODE));
    }

    private Batch batch(Request... requests) {
        return batchOf(0, 0, requests);
    }

    private Batch batchOf(long digestZxid, long digest, Request... requests) {
        SectionBuilder section = new SectionBuilder(NODE, INCARNATION, lastSequence + 1);
        for (Request request : requests) {
            section.add(request);
        }
        long first = lastZxid == Zxid.NONE ? Zxid.of(1, 1) : lastZxid + 1;
        Batch batch = Batch.seal(lastZxid, first, lastZxid, 1_000, digestZxid, digest, List.of(section.build()));
        lastZxid = batch.lastZxid();
        lastSequence += requests.length;
        return batch;
    }

    /** Executes what the actor has asked to be replicated since the last call. */
    private void replicate() {
        List<Request> requests = replicated.stream()
                .filter(Replicator.Submit.class::isInstance)
                .flatMap(r -> ((Replicator.Submit) r).requests().stream())
                .toList();
        replicated.clear();
        actor.run(new Execute(List.of(batch(requests.toArray(Request[]::new)))));
    }

    private SessionHandle connected(RecordingSink to) {
        actor.run(new Open(anew(), to));
        replicate();
        return to.take().stream()
                .filter(Connected.class::isInstance)
                .map(seen -> ((Connected) seen).handle())
                .findFirst()
                .orElseThrow();
    }

    private SessionHandle connected() {
        recover();
        serve();
        return connected(sink);
    }

    private static Connect anew() {
        return new Connect(0, new byte[16], 10_000, 0, List.of(), false);
    }

    private static Connect again(long sessionId, long lastZxidSeen) {
        return new Connect(sessionId, SessionPassword.of(sessionId), 10_000, lastZxidSeen, List.of(), false);
    }

    private static Request create(SessionHandle session, int xid, String path) {
        return create(session, xid, path, "x");
    }

    private static Request create(SessionHandle session, int xid, String path, String text) {
        return new Request(
                session.sessionId(),
                session.attach(),
                xid,
                List.of(),
                new Operation.Create(
                        path, text.getBytes(StandardCharsets.UTF_8), Acl.OPEN, CreateMode.PERSISTENT, false, -1));
    }

    /** The same, to fail where it exceeds a quota. */
    private static Request bounded(Request request) {
        return new Request(request.sessionId(), request.attach(), request.xid(), List.of(), request.operation(), true);
    }

    private static Read read(SessionHandle session, int xid, long afterWrites, ReadOperation operation) {
        return new Read(session, xid, afterWrites, List.of(), operation);
    }

    private static ReadOperation exists(boolean watch) {
        return new ReadOperation.Exists("/a", watch);
    }

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

    // ---- serving: order ----

    @Test
    @Covers("1.8.1")
    void aReadBehindAWriteOfItsSessionWaitsForIt() {
        SessionHandle session = connected();
        actor.run(new Reads(List.of(read(session, 2, 1, exists(false)))));
        assertThat(sink.take()).isEmpty();
        actor.run(new Execute(List.of(batch(create(session, 1, "/a")))));

        assertThat(sink.take())
                .satisfiesExactly(
                        write -> assertThat(write).isEqualTo(new Reply(1, lastZxid, new Result.Created("/a", null))),
                        found -> assertThat(((Reply) found).result()).isInstanceOf(Result.Found.class));
    }

    @Test
    @Covers("1.8.1")
    void noOtherReadWaits() {
        SessionHandle session = connected();
        actor.run(new Reads(List.of(read(session, 1, 0, exists(false)))));

        assertThat(sink.xids()).containsExactly(1);
        assertThat(sink.isFlushed()).isTrue();
    }

    @Test
    @Covers("1.8.2")
    void anEventComesBeforeTheReplyThatRevealsItsCause() {
        SessionHandle session = connected();
        actor.run(new Reads(List.of(read(session, 1, 0, exists(true)))));
        sink.take();
        actor.run(new Execute(List.of(batch(create(session, 2, "/a")))));

        assertThat(sink.take())
                .satisfiesExactly(
                        event -> assertThat(event).isInstanceOf(Event.class),
                        reply -> assertThat(reply).isInstanceOf(Reply.class));
    }

    private static final Identity ALICE = new Identity("digest", "alice:hash");

    private static Operation.Create createFor(Identity who, String path) {
        return new Operation.Create(
                path, new byte[0], List.of(new Acl(Acl.ALL, who)), CreateMode.PERSISTENT, false, -1);
    }

    private static Request of(SessionHandle session, Operation operation) {
        return new Request(session.sessionId(), session.attach(), 1, List.of(ALICE), operation);
    }

    @Test
    @Covers("3.3.2")
    void aWatcherWhoMayNotReadANodeHearsNothingEvenWhenTheSameMultiDeletesIt() {
        SessionHandle writer = connected();
        RecordingSink watching = new RecordingSink();
        SessionHandle watcher = connected(watching);
        actor.run(new Reads(List.of(read(watcher, 1, 0, exists(true)))));
        watching.take();

        actor.run(new Execute(List.of(batch(
                of(writer, new Operation.Multi(List.of(createFor(ALICE, "/a"), new Operation.Delete("/a", -1))))))));

        assertThat(watching.take()).isEmpty();
    }

    @Test
    void aWatcherHearsWhatItMayReadAsSoonAsItHasProvenWhoItIs() {
        SessionHandle writer = connected();
        RecordingSink watching = new RecordingSink();
        SessionHandle watcher = connected(watching);
        actor.run(new Reads(List.of(read(watcher, 1, 0, exists(true)))));
        watching.take();

        actor.run(new DataTreeProtocol.Identified(watcher, List.of(ALICE)));
        // Written before it said who it is, executed after: that must not make it anybody again.
        actor.run(new Execute(List.of(batch(create(watcher, 2, "/own"), of(writer, createFor(ALICE, "/a"))))));

        assertThat(watching.take()).hasAtLeastOneElementOfType(Event.class);
    }

    @Test
    @Covers("2.8.1")
    void aSyncIsAnsweredOnceTheConfirmedCommitPointHasExecuted() {
        SessionHandle session = connected();
        actor.run(new Reads(List.of(read(session, 1, 0, new ReadOperation.Sync("/a")))));
        long tag = ((Replicator.ConfirmCommitPoint) replicated.remove(0)).tag();
        Batch next = batch(create(new SessionHandle(99, 1), 1, "/a"));
        actor.run(new CommitPointConfirmed(tag, next.lastZxid()));
        assertThat(sink.take()).isEmpty();
        actor.run(new Execute(List.of(next)));

        assertThat(sink.take()).containsExactly(new Reply(1, next.lastZxid(), new Result.Synced("/a")));
    }

    @Test
    void whatWaitsBehindASyncOfAClientThatHasGoneLeavesNoWatch() {
        SessionHandle session = connected();
        actor.run(new Reads(List.of(
                read(session, 1, 0, new ReadOperation.Sync("/a")),
                read(session, 2, 0, exists(true)),
                // Behind a write of which nobody counts any more that it has executed.
                read(session, 3, 1, exists(true)))));
        long tag = ((Replicator.ConfirmCommitPoint) replicated.remove(0)).tag();
        actor.run(new DataTreeProtocol.Disconnected(sink));
        actor.run(new CommitPointConfirmed(tag, lastZxid));
        actor.run(new Execute(List.of(batch(create(new SessionHandle(99, 1), 1, "/b")))));

        assertThat(published.get(published.size() - 1).watches()).isZero();
        assertThat(sink.take()).isEmpty();
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

        assertThat(diverged).hasSize(1);
    }

    @Test
    void itMeasuresWhatGoesInAndOutOfEachNamespace() {
        SessionHandle session = connected();
        actor.run(new Execute(List.of(batch(create(session, 1, "/app"), create(session, 2, "/app/b")))));
        actor.run(new Reads(List.of(
                read(session, 3, 2, new ReadOperation.GetData("/app/b", false)), read(session, 4, 2, exists(true)))));

        assertThat(metrics.summary("app_write_per_namespace").sum())
                .isEqualTo("/app".length() + 1 + "/app/b".length() + 1);
        assertThat(metrics.summary("app_read_per_namespace").sum()).isEqualTo("/app/b".length() + 1 + 68);
        assertThat(metrics.summary("a_read_per_namespace").count()).isZero();
        assertThat(metrics.distribution("propagation_latency").count()).isPositive();
    }

    @Test
    void itReportsQuotasByNamespaceAndCountsWhomTheyStop() {
        SessionHandle session = connected();
        actor.run(new Execute(List.of(batch(
                create(session, 1, "/app"),
                create(session, 2, "/zookeeper/quota/app"),
                create(session, 3, "/zookeeper/quota/app/zookeeper_stats"),
                create(
                        session,
                        4,
                        "/zookeeper/quota/app/zookeeper_limits",
                        "count=5,bytes=-1=;byteHardLimit=-1;countHardLimit=1"),
                bounded(create(session, 5, "/app/b"))))));
        List<TreeReport> reports = new ArrayList<>();
        actor.run(new DataTreeProtocol.Report(TreeReport.Part.QUOTAS, reports::add));

        assertThat(reports.get(0).quotas()).containsExactly(Map.entry("app", new TreeReport.QuotaReport(1, -1, 1, 1)));
        assertThat(metrics.counter("app_quota_exceeded_error_per_namespace").value())
                .isEqualTo(1);
    }

    @Test
    void itKeepsTheDigestOfEvery128thZxidWhereverBatchesEnd() {
        SessionHandle session = connected();
        List<TreeReport> reports = new ArrayList<>();
        int xid = 0;
        long digestAt128 = 0;
        while (Zxid.counter(lastZxid) < 300) {
            int count = Zxid.counter(lastZxid) < 120 ? 7 : Zxid.counter(lastZxid) < 128 ? 1 : 50;
            Request[] requests = new Request[count];
            for (int i = 0; i < count; i++) {
                requests[i] = create(session, ++xid, "/n" + xid);
            }
            actor.run(new Execute(List.of(batch(requests))));
            if (Zxid.counter(lastZxid) == 128) {
                digestAt128 = executed.get(executed.size() - 1).digest();
            }
        }
        actor.run(new DataTreeProtocol.Report(TreeReport.Part.DIGESTS, reports::add));

        assertThat(reports.get(0).digests()).containsOnlyKeys(Zxid.of(1, 128), Zxid.of(1, 256));
        assertThat(reports.get(0).digests()).containsEntry(Zxid.of(1, 128), digestAt128);
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
}
