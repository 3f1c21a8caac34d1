package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.Commit;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.broadcast.PeerMessage.StepDown;
import io.troupe.election.ElectionProtocol;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of the lead when the node that has it is about to stop. */
class HandOverTest extends PhaseTest {
    private final AtomicInteger done = new AtomicInteger();

    private void handOver() {
        rig().tell(new BroadcastProtocol.HandOver(done::incrementAndGet));
    }

    private void leadingBoth() {
        leading();
        joinsLate(peer(3), 1, 0);
        peer(2).hearsAll();
        peer(3).hearsAll();
    }

    @Test
    void anIdleLeaderTellsAllToElectAnotherAndIsNoCandidate() {
        leadingBoth();
        handOver();

        assertThat(peer(2).hearsAll()).last().isEqualTo(new StepDown(true));
        assertThat(peer(3).hearsAll()).last().isEqualTo(new StepDown(true));
        assertThat(rig().phase()).isEqualTo("leaving");
        assertThat(rig().status().serving()).isFalse();
        assertThat(rig().election.messages())
                .last()
                .isInstanceOfSatisfying(
                        ElectionProtocol.Look.class,
                        look -> assertThat(look.voting()).isFalse());
        assertThat(done).hasValue(0);
    }

    @Test
    void itMayEndOnceItsClientsAreServedByAnotherLeader() {
        leadingBoth();
        handOver();
        rig().elected(new ElectionProtocol.Follow(3));
        peer(3).accepts().hears(PeerMessage.LearnerInfo.class);
        peer(3).says(new PeerMessage.NewEpoch(2));
        rig().saved();
        peer(3).says(new PeerMessage.NewLeader(2, rig().status().lastLoggedZxid()));
        rig().saved();
        assertThat(done).hasValue(0);
        peer(3).says(new PeerMessage.UpToDate(2, rig().status().lastLoggedZxid()));

        assertThat(done).hasValue(1);
        assertThat(rig().status().serving()).isTrue();
    }

    @Test
    void whatIsInFlightCommitsFirstAndNothingIsProposedAnyMore() {
        leadingBoth();
        rig().submit(Samples.writes(1, 1));
        rig().pass(Rig.SOON);
        handOver();
        rig().submit(Samples.writes(2, 1));
        rig().pass(Rig.SOON);
        assertThat(done).hasValue(0);
        assertThat(rig().phase()).isEqualTo("leading");
        rig().durable(zxid(1, 1));
        peer(2).says(new Ack(zxid(1, 1)));

        assertThat(rig().phase()).isEqualTo("leaving");
        List<PeerMessage> heard = peer(3).hearsAll();
        assertThat(heard).hasSize(3);
        assertThat(heard.get(0)).isInstanceOf(Propose.class);
        assertThat(heard.subList(1, 3)).containsExactly(new Commit(zxid(1, 1)), new StepDown(true));
    }

    @Test
    void aLeaderThatTheOthersCannotReplaceLeadsToItsEnd() {
        leading();
        peer(2).hearsAll();
        handOver();

        assertThat(done).hasValue(1);
        peer(2).hearsNothing();
        assertThat(rig().phase()).isEqualTo("leading");
    }

    @Test
    void whoDoesNotLeadHasNothingToHandOver() {
        following();
        handOver();
        assertThat(done).hasValue(1);
        assertThat(rig().phase()).isEqualTo("following");
    }

    @Test
    void aFollowerDoesNotWaitForTheVoteOfALeaderThatIsAboutToStop() {
        following();
        peer(2).says(new StepDown(true));

        assertThat(rig().phase()).isEqualTo("looking");
        List<ElectionProtocol.Command> told = rig().election.messages();
        assertThat(told.get(told.size() - 2)).isEqualTo(new ElectionProtocol.Reachability(2, true));
        assertThat(told.get(told.size() - 1)).isInstanceOf(ElectionProtocol.Look.class);
    }

    @Test
    void aNodeThatIsAboutToStopAcceptsNobody() {
        leadingBoth();
        handOver();
        peer(2).dials(1);
        assertThat(peer(2).isReset()).isTrue();
        assertThat(rig().phase()).isEqualTo("leaving");
    }

    @Test
    void aNodeThatWasAboutToStopAndHasNotLooksForALeader() {
        leadingBoth();
        handOver();
        rig().pass(Duration.ofSeconds(10));
        assertThat(rig().phase()).isEqualTo("looking");
    }
}
