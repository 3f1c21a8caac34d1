package io.troupe.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.contract.Shows;
import io.troupe.edge.ReadOperation;
import io.troupe.edge.Replicator;
import io.troupe.edge.SessionHandle;
import io.troupe.ensemble.Role;
import io.troupe.request.Acl;
import io.troupe.request.Batch;
import io.troupe.request.CreateMode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Result;
import io.troupe.tree.DataTreeProtocol.CommitPointConfirmed;
import io.troupe.tree.DataTreeProtocol.Execute;
import io.troupe.tree.DataTreeProtocol.Reads;
import io.troupe.tree.local.RecordingSink;
import io.troupe.tree.local.RecordingSink.Event;
import io.troupe.tree.local.RecordingSink.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In which order clients of a serving node get replies and events. */
class ClientReadsTest extends DataTreeRig {
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
    void aClientThatTakesNothingIsAnsweredWhenItDoes() {
        SessionHandle session = connected();
        sink.full(true);
        actor.run(new Reads(List.of(read(session, 1, 0, exists(false)), read(session, 2, 0, exists(false)))));
        assertThat(sink.take()).isEmpty();

        sink.full(false);
        actor.run(new DataTreeProtocol.Resume(sink));
        assertThat(sink.xids()).containsExactly(1, 2);
        assertThat(sink.isFlushed()).isTrue();
    }

    @Test
    void itIsAnsweredWhenThereIsALeaderAgainIfItDidSoMeanwhile() {
        SessionHandle session = connected();
        sink.full(true);
        actor.run(new Reads(List.of(read(session, 1, 0, exists(false)))));
        actor.run(new DataTreeProtocol.Suspend());
        sink.full(false);
        actor.run(new DataTreeProtocol.Resume(sink));
        actor.run(new Reads(List.of(read(session, 2, 0, exists(false)))));
        assertThat(sink.take()).isEmpty();

        actor.run(new DataTreeProtocol.Serve(Role.FOLLOWING, 1, 2));
        assertThat(sink.xids()).containsExactly(1, 2);
    }

    @Test
    @Covers("1.8.2")
    @Shows("S25")
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
    @Shows("S26")
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
}
