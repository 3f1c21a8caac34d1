package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AskCommitPoint;
import io.troupe.broadcast.PeerMessage.CommitPoint;
import io.troupe.broadcast.PeerMessage.ConfirmLeader;
import io.troupe.broadcast.PeerMessage.LeaderConfirmed;
import io.troupe.contract.Shows;
import io.troupe.election.ElectionProtocol;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.tree.DataTreeProtocol.CommitPointConfirmed;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Node 1 leads epoch 1 and makes sure of it with a quorum before it answers a sync. */
class LeaderBroadcastConfirmationTest extends PhaseTest {
    private List<CommitPointConfirmed> confirmed() {
        return rig().tree.all(CommitPointConfirmed.class);
    }

    @Test
    @Shows("S20")
    void answersOnlyOnceAQuorumHasConfirmedThatItLeads() {
        leading();

        rig().confirm(4);
        assertThat(confirmed()).isEmpty();
        peer(2).says(new LeaderConfirmed(peer(2).hears(ConfirmLeader.class).round()));

        assertThat(confirmed()).containsExactly(new CommitPointConfirmed(4, 0));
    }

    @Test
    void answersWithEverythingCommittedMeanwhile() {
        leading();
        rig().submit(Samples.writes(1, 1));
        rig().pass(Rig.SOON);
        peer(2).hearsAll();
        rig().confirm(4);
        long round = peer(2).hears(ConfirmLeader.class).round();
        rig().durable(zxid(1, 1));

        peer(2).says(new Ack(zxid(1, 1))).says(new LeaderConfirmed(round));

        assertThat(confirmed()).containsExactly(new CommitPointConfirmed(4, zxid(1, 1)));
    }

    @Test
    void asksAFollowerOnBehalfOfAnother() {
        leading();
        joinsLate(peer(3), 1, 0);

        peer(2).says(new AskCommitPoint(70));
        long round = peer(3).hears(ConfirmLeader.class).round();
        peer(3).says(new LeaderConfirmed(round));

        peer(2).hears(ConfirmLeader.class);
        assertThat(peer(2).hears(CommitPoint.class)).isEqualTo(new CommitPoint(70, 0));
        assertThat(confirmed()).isEmpty();
    }

    @Test
    void doesNotLetAConfirmationVouchForAQuestionThatCameBehindIt() {
        leading(Past.EMPTY.among(Samples.THREE));
        rig().confirm(4);
        long first = peer(2).hears(ConfirmLeader.class).round();

        rig().confirm(5);
        peer(2).says(new LeaderConfirmed(first));
        assertThat(confirmed()).extracting(CommitPointConfirmed::tag).containsExactly(4L);
        long second = peer(2).hears(ConfirmLeader.class).round();
        peer(2).says(new LeaderConfirmed(first));
        assertThat(confirmed()).hasSize(1);
        peer(2).says(new LeaderConfirmed(second));

        assertThat(confirmed()).extracting(CommitPointConfirmed::tag).containsExactly(4L, 5L);
    }

    @Test
    void doesNotCountTheConfirmationOfADiskThatDoesNotCount() {
        leading();
        peer(3).withDisk(999).dials(1);
        promises(peer(3), 1, 1, 0);
        rig().located();
        peer(3).says(new PeerMessage.AckNewLeader(1, 0));
        rig().confirm(4);

        List<PeerMessage> heard = peer(3).hearsAll();
        heard.stream()
                .filter(ConfirmLeader.class::isInstance)
                .forEach(m -> peer(3).says(new LeaderConfirmed(((ConfirmLeader) m).round())));

        assertThat(heard).anyMatch(ConfirmLeader.class::isInstance);
        assertThat(confirmed()).isEmpty();
    }

    @Test
    void asksALearnerThatIsSynchronizedWhileARoundIsUnderWay() {
        leading();
        rig().confirm(4);
        peer(2).resets();

        peer(2).dials(1);
        promises(peer(2), 1, 1, 0);
        joins(peer(2));
        peer(2).says(new LeaderConfirmed(peer(2).hears(ConfirmLeader.class).round()));

        assertThat(confirmed()).containsExactly(new CommitPointConfirmed(4, 0));
    }

    @Test
    void answersQuestionsFromBeforeItLed() {
        looking(Past.EMPTY);
        rig().confirm(4);
        rig().confirm(5);
        rig().elected(new ElectionProtocol.Lead(1));
        peer(2).dials(0);
        rig().saved();
        promises(peer(2), 1, 0, 0);
        rig().saved();
        joins(peer(2));

        for (int round = 0; round < 2; round++) {
            peer(2).says(new LeaderConfirmed(peer(2).hears(ConfirmLeader.class).round()));
        }

        assertThat(confirmed()).extracting(CommitPointConfirmed::tag).containsExactly(4L, 5L);
    }

    @Test
    void answersQuestionsFromBeforeItLedInAnEnsembleOfOne() {
        looking(Past.EMPTY.among(Samples.ONE));
        for (long tag = 4; tag <= 6; tag++) {
            rig().confirm(tag);
        }
        rig().elected(new ElectionProtocol.Lead(1));
        rig().saved();
        rig().saved();

        assertThat(confirmed()).extracting(CommitPointConfirmed::tag).containsExactly(4L, 5L, 6L);
    }

    @Test
    void leavesQuestionsToTheNextLeaderWhenItResigns() {
        leading();
        rig().confirm(4);
        long round = peer(2).hears(ConfirmLeader.class).round();

        rig().found(new HeartbeatProtocol.QuorumLost("a test"));
        peer(2).says(new LeaderConfirmed(round));
        assertThat(confirmed()).isEmpty();
        rig().elected(new ElectionProtocol.Follow(3));
        peer(3).accepts().hears(PeerMessage.LearnerInfo.class);
        peer(3).says(new PeerMessage.NewEpoch(2));
        rig().saved();
        peer(3).says(new PeerMessage.NewLeader(2, 0));
        rig().saved();
        peer(3).says(new PeerMessage.UpToDate(2, 0)).says(new CommitPoint(4, 0));

        assertThat(confirmed()).containsExactly(new CommitPointConfirmed(4, 0));
    }
}
