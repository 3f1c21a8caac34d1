package io.troupe.tree;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import io.troupe.edge.ClientRequest.Read;
import io.troupe.edge.Connect;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.Replicator;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionPassword;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.Zxid;
import io.troupe.env.FakeDisk;
import io.troupe.env.HandClock;
import io.troupe.metrics.Metrics;
import io.troupe.request.Acl;
import io.troupe.request.Batch;
import io.troupe.request.CreateMode;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.SectionBuilder;
import io.troupe.snapshot.SnapshotCatalog;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeProtocol.Command;
import io.troupe.tree.DataTreeProtocol.Divergence;
import io.troupe.tree.DataTreeProtocol.Execute;
import io.troupe.tree.DataTreeProtocol.Executed;
import io.troupe.tree.DataTreeProtocol.Open;
import io.troupe.tree.DataTreeProtocol.Recover;
import io.troupe.tree.DataTreeProtocol.Recovered;
import io.troupe.tree.DataTreeProtocol.Serve;
import io.troupe.tree.DataTreeProtocol.TreeStatus;
import io.troupe.tree.local.RecordingSink;
import io.troupe.tree.local.RecordingSink.Connected;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The tree's actor; the test is its broadcast, log and clients. */
abstract class DataTreeRig {
    static final int NODE = 1;
    static final long INCARNATION = 7;
    static final Membership ALONE = new Membership("e", 0, List.of(new Member(NODE, "h", 25520, "h", 2181, 101)), null);

    final List<Replicator> replicated = new ArrayList<>();
    final List<Executed> executed = new ArrayList<>();
    final List<TreeStatus> published = new ArrayList<>();
    final List<Divergence> diverged = new ArrayList<>();
    final List<Divergence> undecided = new ArrayList<>();
    final Metrics metrics = new Metrics();
    final TestInbox<SnapshotProtocol.Command> snapshots = TestInbox.create();
    final TestInbox<Recovered> recovered = TestInbox.create();
    final RecordingSink sink = new RecordingSink();
    final BehaviorTestKit<Command> actor = BehaviorTestKit.create(DataTreeActor.create(new DataTreeActor.Surroundings(
            NODE,
            INCARNATION,
            TreeSettings.DEFAULT,
            new HandClock(),
            new SnapshotCatalog(new FakeDisk()),
            PreloadedTree.none(),
            snapshots.getRef(),
            replicated::add,
            executed::add,
            published::add,
            diverged::add,
            undecided::add,
            metrics)));
    long lastZxid = Zxid.NONE;
    long lastSequence;

    void recover() {
        actor.run(new Recover(ALONE, recovered.getRef()));
    }

    void serve() {
        actor.run(new Serve(Role.LEADING, 1, NODE));
    }

    Batch batch(Request... requests) {
        return batchOf(0, 0, requests);
    }

    Batch batchOf(long digestZxid, long digest, Request... requests) {
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
    void replicate() {
        List<Request> requests = replicated.stream()
                .filter(Replicator.Submit.class::isInstance)
                .flatMap(r -> ((Replicator.Submit) r).requests().stream())
                .toList();
        replicated.clear();
        actor.run(new Execute(List.of(batch(requests.toArray(Request[]::new)))));
    }

    SessionHandle connected(RecordingSink to) {
        actor.run(new Open(anew(), to));
        replicate();
        return to.take().stream()
                .filter(Connected.class::isInstance)
                .map(seen -> ((Connected) seen).handle())
                .findFirst()
                .orElseThrow();
    }

    SessionHandle connected() {
        recover();
        serve();
        return connected(sink);
    }

    static Connect anew() {
        return new Connect(0, new byte[16], 10_000, 0, List.of(), false);
    }

    static Connect again(long sessionId, long lastZxidSeen) {
        return new Connect(sessionId, SessionPassword.of(sessionId), 10_000, lastZxidSeen, List.of(), false);
    }

    static Request create(SessionHandle session, int xid, String path) {
        return create(session, xid, path, "x");
    }

    static Request create(SessionHandle session, int xid, String path, String text) {
        return new Request(
                session.sessionId(),
                session.attach(),
                xid,
                List.of(),
                new Operation.Create(
                        path, text.getBytes(StandardCharsets.UTF_8), Acl.OPEN, CreateMode.PERSISTENT, false, -1));
    }

    /** The same, to fail where it exceeds a quota. */
    static Request bounded(Request request) {
        return new Request(
                request.sessionId(), request.attach(), request.xid(), List.of(), request.operation(), true, false);
    }

    static Read read(SessionHandle session, int xid, long afterWrites, ReadOperation operation) {
        return new Read(session, xid, afterWrites, List.of(), operation);
    }

    static ReadOperation exists(boolean watch) {
        return new ReadOperation.Exists("/a", watch);
    }
}
