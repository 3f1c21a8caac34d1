package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AskCommitPoint;
import io.troupe.broadcast.PeerMessage.Commit;
import io.troupe.broadcast.PeerMessage.CommitPoint;
import io.troupe.broadcast.PeerMessage.ConfirmLeader;
import io.troupe.broadcast.PeerMessage.LeaderConfirmed;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Role;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.request.Batch;
import io.troupe.tree.DataTreeProtocol;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a follower logs, executes and answers, and when it calls its leader again. */
class FollowerBroadcastPhaseTest extends FollowerRig {
    @Test
    void servesClientsOnlyWhenTheTreeWasGivenWhatHasCommitted() {
        following(HISTORY, 5);

        List<DataTreeProtocol.Command> toTree = rig().tree.messages();
        assertThat(toTree.get(toTree.size() - 1)).isEqualTo(new DataTreeProtocol.Serve(Role.FOLLOWING, 5, 2));
        assertThat(toTree.get(toTree.size() - 2)).isInstanceOf(DataTreeProtocol.Execute.class);
        assertThat(rig().executedEnd()).isEqualTo(LAST);
        assertThat(rig().election.take(ElectionProtocol.Settle.class))
                .isEqualTo(new ElectionProtocol.Settle(Role.FOLLOWING, 2, 5, Samples.THREE));
        assertThat(rig().lastToHeartbeat()).isEqualTo(new HeartbeatProtocol.Following(5, 2));
        assertThat(rig().status().serving()).isTrue();
    }

    @Test
    void logsProposalsAndAcknowledgesThemOnceTheyAreDurable() {
        following5();

        peer(2).says(propose(0, LAST)).says(propose(1, LAST));
        assertThat(rig().appended()).containsExactly(zxid(5, 1), zxid(5, 2));
        peer(2).hearsNothing();
        rig().durable(zxid(5, 1));

        assertThat(peer(2).hearsAll()).containsExactly(new Ack(zxid(5, 1)));
    }

    @Test
    void executesInOrderWhatIsCommitted() {
        following5();
        peer(2).says(propose(0, LAST)).says(propose(1, LAST)).says(propose(2, LAST));
        assertThat(rig().executed()).isEmpty();

        peer(2).says(new Commit(zxid(5, 2)));

        assertThat(rig().executed()).containsExactly(zxid(5, 1), zxid(5, 2));
    }

    @Test
    void executesWhatAProposalSaysIsCommitted() {
        following5();

        peer(2).says(propose(0, LAST)).says(propose(1, zxid(5, 1)));

        assertThat(rig().executed()).containsExactly(zxid(5, 1));
    }

    @Test
    void executesACommittedProposalThatComesBehindItsCommit() {
        following5();

        peer(2).says(new Commit(zxid(5, 1)));
        assertThat(rig().executed()).isEmpty();
        peer(2).says(propose(0, LAST));

        assertThat(rig().executed()).containsExactly(zxid(5, 1));
    }

    @Test
    void doesNotLetACommitPointGoBack() {
        following5();
        peer(2).says(propose(0, LAST)).says(propose(1, LAST)).says(new Commit(zxid(5, 2)));

        peer(2).says(propose(2, zxid(5, 1))).says(new Commit(zxid(5, 1)));

        assertThat(rig().executed()).containsExactly(zxid(5, 1), zxid(5, 2));
    }

    @Test
    void letsClientsWaitAndCallsTheLeaderAgainWhenTheConnectionBreaks() {
        following5();

        peer(2).resets();

        assertThat(rig().phase()).isEqualTo("following: reconnecting");
        rig().tree.take(DataTreeProtocol.Suspend.class);
        assertThat(rig().tree.messages()).isEmpty();
        assertThat(rig().status().serving()).isFalse();
        reconnect(5);
        assertThat(rig().tree.messages()).containsExactly(new DataTreeProtocol.Serve(Role.FOLLOWING, 5, 2));
    }

    @Test
    void callsTheLeaderAgainWhenAProposalIsMissing() {
        following5();
        peer(2).next(propose(0, LAST));

        peer(2).says(propose(1, LAST));

        assertThat(peer(2).isReset()).isTrue();
        assertThat(rig().appended()).isEmpty();
        assertThat(peer(2).isDialed()).isTrue();
    }

    @Test
    void callsTheLeaderAgainWhenTheLeaderCallsItInstead() {
        following5();

        peer(2).dials(5);

        assertThat(rig().phase()).isEqualTo("following: reconnecting");
        rig().tree.take(DataTreeProtocol.Suspend.class);
        assertThat(peer(2).isDialed()).isTrue();
    }

    @Test
    void callsTheLeaderAgainWhenItsBeatsSayThatTheLastMessagesAreMissing() {
        following5();
        var position = new HeartbeatProtocol.PeerPosition(2, peer(2).connection(), peer(2).sent() + 1);

        rig().found(position);
        assertThat(rig().phase()).as("they may be on their way").isEqualTo("following");
        rig().found(position);

        assertThat(rig().phase()).isEqualTo("following: reconnecting");
        assertThat(peer(2).isReset()).isTrue();
    }

    @Test
    void looksAgainWhenTheLeaderIsGone() {
        following5();
        rig().found(new HeartbeatProtocol.PeerLost(3, "a test"));
        assertThat(rig().phase()).isEqualTo("following");

        rig().found(new HeartbeatProtocol.PeerLost(2, "a test"));

        assertThat(rig().phase()).isEqualTo("looking");
        rig().tree.take(DataTreeProtocol.Suspend.class);
    }

    @Test
    void looksAgainWhenTheLeaderSaysSomethingOutOfPlace() {
        following5();

        peer(2).says(new PeerMessage.CutBack(LAST));

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void refusesLearners() {
        following5();

        peer(3).dials(5);

        assertThat(peer(3).isReset()).isTrue();
        assertThat(rig().phase()).isEqualTo("following");
    }

    @Test
    void asksTheLeaderForAConfirmedCommitPointAndPassesItOn() {
        following5();

        rig().confirm(8);
        assertThat(peer(2).hearsAll()).containsExactly(new AskCommitPoint(8));
        peer(2).says(propose(0, LAST)).says(new CommitPoint(8, zxid(5, 1)));

        List<DataTreeProtocol.Command> toTree = rig().tree.messages();
        assertThat(rig().executed()).containsExactly(zxid(5, 1));
        assertThat(toTree.get(toTree.size() - 1)).isEqualTo(new DataTreeProtocol.CommitPointConfirmed(8, zxid(5, 1)));
    }

    @Test
    void asksAgainForWhatIsNotConfirmedWhenTheConnectionBroke() {
        following5();
        rig().confirm(8);
        rig().confirm(9);
        peer(2).says(new CommitPoint(8, LAST)).resets();

        reconnect(5);

        assertThat(peer(2).hearsAll()).contains(new AskCommitPoint(9)).doesNotContain(new AskCommitPoint(8));
    }

    @Test
    void passesAConfirmationOnOnce() {
        following5();
        rig().confirm(8);

        peer(2).says(new CommitPoint(8, LAST)).says(new CommitPoint(8, LAST));

        assertThat(rig().tree.all(DataTreeProtocol.CommitPointConfirmed.class)).hasSize(1);
    }

    @Test
    void tellsTheLeaderThatItStillFollows() {
        following5();

        peer(2).says(new ConfirmLeader(12));

        assertThat(peer(2).hearsAll()).containsExactly(new LeaderConfirmed(12));
    }

    @Test
    void becomesAnObserverWhenAChangeOfVotersLeavesItOut() {
        following5();
        List<Member> others = List.of(Samples.voter(2), Samples.voter(3));
        Batch change = Samples.changeOfMembers(LAST, zxid(5, 1), others);

        peer(2).says(new Propose(change.image(), LAST));
        assertThat(rig().status().role()).isEqualTo(Role.FOLLOWING);
        peer(2).says(new Commit(zxid(5, 1)));

        assertThat(rig().status().role()).isEqualTo(Role.OBSERVING);
        assertThat(rig().status().membership().version()).isEqualTo(zxid(5, 1));
        assertThat(rig().tree.all(DataTreeProtocol.Serve.class))
                .containsExactly(new DataTreeProtocol.Serve(Role.OBSERVING, 5, 2));
    }

    @Test
    void answersHeartbeatWithHowMuchItHasSent() {
        following5();
        rig().confirm(8);
        peer(2).hears(AskCommitPoint.class);

        assertThat(rig().pulse())
                .isEqualTo(new HeartbeatProtocol.Pulse(
                        true,
                        Role.FOLLOWING,
                        2,
                        5,
                        List.of(new HeartbeatProtocol.Position(2, peer(2).connection(), peer(2).received()))));
    }

    @Test
    void ignoresWhatDoesNotConcernIt() {
        following5();

        rig().tellStrays();
        rig().found(new HeartbeatProtocol.QuorumLost("a test"));
        rig().found(new HeartbeatProtocol.Internal(Samples.writes(1, 1)));
        rig().pass(Rig.SETTINGS.syncDeadline().multipliedBy(3));

        assertThat(rig().phase()).isEqualTo("following");
        peer(2).hearsNothing();
    }
}
