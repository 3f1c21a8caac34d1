package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.Commit;
import io.troupe.broadcast.PeerMessage.Forward;
import io.troupe.broadcast.PeerMessage.LearnerInfo;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.election.ElectionProtocol;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.request.Batch;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Section;
import io.troupe.tree.DataTreeProtocol;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests of a follower's clients on their way to the leader. */
class FollowerForwardingTest extends FollowerRig {
    @Test
    void forwardsRequestsInOrderUnderContiguousNumbers() {
        following5();

        rig().submit(Samples.writes(1, 3));
        List<Section> first = forwarded();
        Batch executed = Samples.batch(LAST, zxid(5, 1), first);
        peer(2).says(new Propose(executed.image(), LAST));
        rig().durable(zxid(5, 3));
        rig().submit(Samples.writes(4, 2));
        List<Section> second = forwarded();

        assertThat(first).singleElement().satisfies(s -> {
            assertThat(s.originNode()).isEqualTo(1);
            assertThat(s.incarnation()).isEqualTo(Past.INCARNATION);
            assertThat(s.firstSequence()).isEqualTo(1);
            assertThat(s.count()).isEqualTo(3);
        });
        assertThat(second)
                .singleElement()
                .satisfies(s -> assertThat(s.firstSequence()).isEqualTo(4));
    }

    @Test
    void forwardsNoWriteOfClientsWithoutRoomOnItsDiskAndHasItRefusedInItsTurn() {
        following5();
        rig().submit(Samples.writes(1, 2));
        List<Section> before = forwarded();
        rig().tell(new BroadcastProtocol.RoomForClients(false));
        List<Request> write = Samples.writes(3, 1);
        Request close = Request.internal(1, new Operation.CloseSession(0, 0));
        rig().submit(List.of(write.get(0), close));

        assertThat(rig().tree.all(DataTreeProtocol.Refuse.class))
                .containsExactly(new DataTreeProtocol.Refuse(write.get(0), 2, ErrorCode.THROTTLED_OP));
        rig().tell(new BroadcastProtocol.RoomForClients(true));
        rig().submit(Samples.writes(4, 1));
        Batch proposed = Samples.batch(LAST, zxid(5, 1), before);
        peer(2).says(new Propose(proposed.image(), LAST));
        rig().durable(zxid(5, 2));
        assertThat(forwarded()).singleElement().satisfies(s -> {
            assertThat(s.firstSequence()).isEqualTo(3);
            assertThat(s.count()).isEqualTo(2);
        });
    }

    @Test
    void gathersRequestsWhileTheLeaderHasNotProposedThoseBefore() {
        following5();
        rig().submit(Samples.writes(1, 1));
        List<Section> first = forwarded();

        rig().submit(Samples.writes(2, 1));
        rig().submit(Samples.writes(3, 1));
        assertThat(forwarded()).isEmpty();
        Batch proposed = Samples.batch(LAST, zxid(5, 1), first);
        peer(2).says(new Propose(proposed.image(), LAST));
        rig().durable(zxid(5, 1));

        assertThat(forwarded()).singleElement().satisfies(s -> {
            assertThat(s.firstSequence()).isEqualTo(2);
            assertThat(s.count()).isEqualTo(2);
        });
    }

    @Test
    void letsRequestsTravelJustBeforeTheAcknowledgementThatIsDue() {
        following5();
        peer(2).says(propose(0, LAST));

        rig().submit(Samples.writes(1, 1));
        rig().pass(Rig.SOON);
        peer(2).hearsNothing();
        rig().durable(zxid(5, 1));

        peer(2).hears(Forward.class);
        assertThat(peer(2).hears(Ack.class)).isEqualTo(new Ack(zxid(5, 1)));
    }

    @Test
    void doesNotMakeItsClientsWaitForADiskThatIsSlowerThanTheEnsemble() {
        following5();
        peer(2).says(propose(0, LAST));
        rig().submit(Samples.writes(1, 1));
        peer(2).hearsNothing();

        peer(2).says(propose(1, zxid(5, 1)));

        assertThat(forwarded()).hasSize(1);
    }

    @Test
    void sendsAtOnceWhatFillsASection() {
        following5();
        rig().submit(Samples.writes(1, 1));
        assertThat(forwarded()).hasSize(1);

        rig().submit(Samples.largeWrites(4));

        assertThat(forwarded()).isNotEmpty();
    }

    @Test
    void forwardsWhatCameBeforeThereWasALeader() {
        looking(HISTORY);
        rig().submit(Samples.writes(1, 2));
        rig().elected(new ElectionProtocol.Follow(2));
        peer(2).accepts().hears(LearnerInfo.class);
        peer(2).says(new PeerMessage.NewEpoch(5));
        rig().saved();
        peer(2).says(new PeerMessage.NewLeader(5, LAST));
        rig().saved();
        assertThat(forwarded()).isEmpty();

        peer(2).says(new PeerMessage.UpToDate(5, LAST));

        assertThat(forwarded())
                .singleElement()
                .satisfies(s -> assertThat(s.count()).isEqualTo(2));
    }

    @Test
    void forwardsAgainUnderTheSameNumbersWhatHasNotExecutedWhenTheConnectionBroke() {
        following5();
        rig().submit(Samples.writes(1, 2));
        List<Section> before = forwarded();

        peer(2).resets();
        reconnect(5);

        assertThat(forwarded()).usingRecursiveFieldByFieldElementComparator().isEqualTo(before);
    }

    @Test
    void doesNotForwardAgainWhatHasExecuted() {
        following5();
        rig().submit(Samples.writes(1, 2));
        List<Section> sent = forwarded();
        Batch batch = Samples.batch(LAST, zxid(5, 1), sent);
        peer(2).says(new Propose(batch.image(), zxid(5, 1)));
        peer(2).says(new Commit(zxid(5, 2)));
        rig().tell(new BroadcastProtocol.TreeExecuted(new DataTreeProtocol.Executed(zxid(5, 2), 1, 2, null)));

        rig().found(new HeartbeatProtocol.PeerLost(2, "a test"));
        followAgain(6, zxid(5, 2));

        assertThat(forwarded()).isEmpty();
    }
}
