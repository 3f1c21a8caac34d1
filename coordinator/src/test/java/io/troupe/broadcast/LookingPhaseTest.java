package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.election.ElectionProtocol;
import io.troupe.election.Vote;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.log.LogProtocol;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeProtocol;
import java.util.List;
import org.junit.jupiter.api.Test;

class LookingPhaseTest extends PhaseTest {
    private static final Past HISTORY =
            Past.EMPTY.epochs(3, 2).logged(Samples.epoch(0, 2, 4)).committed(zxid(2, 2));

    @Test
    void asksForAnElectionWithItsEpochAndItsLastLoggedZxid() {
        looking(HISTORY);

        ElectionProtocol.Look look = rig().election.take(ElectionProtocol.Look.class);
        assertThat(look.own()).isEqualTo(new Vote(1, 2, zxid(2, 4)));
        assertThat(look.voting()).isTrue();
        assertThat(look.peers()).containsExactly(2, 3);
        assertThat(look.membership()).isEqualTo(Samples.THREE);
    }

    @Test
    void letsClientsWaitAndStopsEverythingElse() {
        looking(HISTORY);

        assertThat(rig().status().role()).isEqualTo(Role.LOOKING);
        assertThat(rig().status().serving()).isFalse();
        assertThat(rig().status().leaderId()).isZero();
        rig().tree.take(DataTreeProtocol.Suspend.class);
        rig().snapshot.take(SnapshotProtocol.CancelPull.class);
        assertThat(rig().lastToHeartbeat()).isEqualTo(new HeartbeatProtocol.Looking());
        assertThat(rig().tree.all(DataTreeProtocol.Serve.class)).isEmpty();
    }

    @Test
    void doesNotVoteWithADiskThatTheEnsembleDoesNotKnow() {
        Member self = Samples.voter(1).withDisk(999);
        Membership others = new Membership("ensemble", 0, List.of(self, Samples.voter(2), Samples.voter(3)), null);

        looking(Past.EMPTY.among(others));

        assertThat(rig().election.take(ElectionProtocol.Look.class).voting()).isFalse();
    }

    @Test
    void leadsWhenElected() {
        looking(HISTORY);

        rig().elected(new ElectionProtocol.Lead(1));

        assertThat(rig().phase()).isEqualTo("leading: discovery");
        assertThat(rig().status().role()).isEqualTo(Role.LEADING);
        assertThat(rig().status().leaderId()).isEqualTo(1);
        assertThat(rig().status().serving()).isFalse();
    }

    @Test
    void callsTheNodeThatWasElected() {
        looking(HISTORY);

        rig().elected(new ElectionProtocol.Follow(3));

        assertThat(rig().phase()).isEqualTo("following: discovery");
        assertThat(rig().status().leaderId()).isEqualTo(3);
        assertThat(peer(3).accepts().hears(PeerMessage.LearnerInfo.class))
                .isEqualTo(Samples.info(1, Samples.disk(1), "ensemble", 3));
    }

    @Test
    void hearsLearnersThatCalledBeforeItWasElected() {
        looking(HISTORY);
        peer(2).dials(7);
        peer(2).hearsNothing();

        rig().elected(new ElectionProtocol.Lead(1));

        assertThat(rig().log.take(LogProtocol.SaveMeta.class).meta().acceptedEpoch())
                .isEqualTo(8);
    }

    @Test
    void refusesLearnersThatCalledWhenAnotherNodeIsElected() {
        looking(HISTORY);
        peer(2).dials(3);
        peer(3).dials(3);

        rig().elected(new ElectionProtocol.Follow(3));

        assertThat(peer(2).isReset()).isTrue();
        assertThat(peer(3).isReset()).isTrue();
        assertThat(peer(3).isDialed()).isTrue();
    }

    @Test
    void forgetsALearnerWhoseConnectionBroke() {
        looking(HISTORY);
        peer(2).dials(7).resets();

        rig().elected(new ElectionProtocol.Lead(1));

        assertThat(rig().log.all(LogProtocol.SaveMeta.class)).isEmpty();
    }

    @Test
    void hearsOnlyTheLastCallOfALearnerThatCalledTwice() {
        looking(HISTORY);
        peer(2).dials(9).restarted().dials(3);

        rig().elected(new ElectionProtocol.Lead(1));

        assertThat(rig().log.take(LogProtocol.SaveMeta.class).meta().acceptedEpoch())
                .isEqualTo(4);
    }

    @Test
    void refusesALearnerThatGoesOnBeforeItIsAnswered() {
        looking(HISTORY);

        peer(2).dials(3).says(new PeerMessage.AckEpoch(3, 2, zxid(2, 4), true));

        assertThat(peer(2).isReset()).isTrue();
        rig().elected(new ElectionProtocol.Lead(1));
        assertThat(rig().log.all(LogProtocol.SaveMeta.class)).isEmpty();
    }

    @Test
    void ignoresWhatConcernsALeaderOrAFollower() {
        looking(HISTORY);
        rig().log.forget();

        rig().found(new HeartbeatProtocol.PeerLost(2, "a test"));
        rig().found(new HeartbeatProtocol.QuorumLost("a test"));
        rig().found(new HeartbeatProtocol.Internal(Samples.writes(1, 1)));
        rig().submit(Samples.writes(1, 1));
        rig().confirm(5);
        for (BroadcastProtocol.Timer timer : BroadcastProtocol.Timer.values()) {
            rig().tell(timer);
        }

        assertThat(rig().phase()).isEqualTo("looking");
        assertThat(rig().log.messages()).isEmpty();
        assertThat(rig().election.all(ElectionProtocol.Look.class)).hasSize(1);
    }
}
