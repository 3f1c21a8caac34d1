package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.LearnerInfo;
import io.troupe.broadcast.PeerMessage.NewEpoch;
import io.troupe.election.ElectionProtocol;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.log.LogProtocol;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Node 1 has promised epoch 4, holds four batches of epoch 3 and has elected node 2. */
class FollowerDiscoveryPhaseTest extends PhaseTest {
    private static final Duration REDIAL = Duration.ofMillis(20);
    private static final long LAST = zxid(3, 4);
    private static final Past HISTORY = Past.EMPTY.epochs(4, 3).logged(Samples.epoch(0, 3, 4));

    @Test
    void saysWhichEpochItHasAccepted() {
        looking(HISTORY);
        rig().elected(new ElectionProtocol.Follow(2));

        assertThat(peer(2).accepts().hears(LearnerInfo.class))
                .isEqualTo(Samples.info(1, Samples.disk(1), "ensemble", 4));
        assertThat(rig().lastToHeartbeat()).isEqualTo(new HeartbeatProtocol.Following(4, 2));
    }

    @Test
    void promisesAGreaterEpochDurablyBeforeItSaysSo() {
        calling(HISTORY);

        peer(2).says(new NewEpoch(6));
        peer(2).hearsNothing();
        assertThat(rig().saved()).isEqualTo(HISTORY.meta().withAcceptedEpoch(6));

        assertThat(peer(2).hears(AckEpoch.class)).isEqualTo(new AckEpoch(6, 3, LAST, true));
        assertThat(rig().phase()).isEqualTo("following: synchronization");
    }

    @Test
    void answersAnEpochPromisedToAnotherButDoesNotLetItCount() {
        calling(HISTORY);

        peer(2).says(new NewEpoch(4));

        assertThat(peer(2).hears(AckEpoch.class)).isEqualTo(new AckEpoch(4, 3, LAST, false));
        assertThat(rig().log.all(LogProtocol.SaveMeta.class)).isEmpty();
    }

    @Test
    void letsAPromiseCountAgainForTheLeaderItWasMadeTo() {
        promising(HISTORY, 6);
        peer(2).resets();
        rig().pass(REDIAL);
        peer(2).accepts().hears(LearnerInfo.class);

        peer(2).says(new NewEpoch(6));

        assertThat(peer(2).hears(AckEpoch.class).counts()).isTrue();
    }

    @Test
    void doesNotLetAPromiseCountForALaterIncarnationOfTheLeader() {
        promising(HISTORY, 6);
        peer(2).resets();
        rig().pass(REDIAL);
        peer(2).restarted().accepts().hears(LearnerInfo.class);

        peer(2).says(new NewEpoch(6));

        assertThat(peer(2).hears(AckEpoch.class).counts()).isFalse();
    }

    @Test
    void doesNotFollowALeaderOfASmallerEpoch() {
        calling(HISTORY);

        peer(2).says(new NewEpoch(3));

        assertThat(rig().phase()).isEqualTo("looking");
        peer(2).hearsNothing();
    }

    @Test
    void neverTakesBackAPromiseThatMayStandOnDisk() {
        calling(HISTORY);
        peer(2).says(new NewEpoch(9));
        LogProtocol.SaveMeta underWay = rig().log.take(LogProtocol.SaveMeta.class);
        rig().found(new HeartbeatProtocol.PeerLost(2, "a test"));
        rig().elected(new ElectionProtocol.Follow(3));
        assertThat(peer(3).accepts().hears(LearnerInfo.class).acceptedEpoch()).isEqualTo(9);

        peer(3).says(new NewEpoch(8));

        assertThat(underWay.meta().acceptedEpoch()).isEqualTo(9);
        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void doesNotTakeAPromiseMadeToAnotherLeaderForOneMadeToThisOne() {
        calling(HISTORY);
        peer(2).says(new NewEpoch(9));
        rig().found(new HeartbeatProtocol.PeerLost(2, "a test"));
        rig().elected(new ElectionProtocol.Follow(3));
        peer(3).accepts().hears(LearnerInfo.class);

        rig().saved();
        peer(3).hearsNothing();
        peer(3).says(new NewEpoch(9));

        assertThat(peer(3).hears(AckEpoch.class).counts()).isFalse();
    }

    @Test
    void callsAgainWhenTheLeaderDoesNotKnowYetThatItWasElected() {
        calling(HISTORY);

        peer(2).resets();
        assertThat(peer(2).isDialed()).isFalse();
        rig().pass(REDIAL);

        assertThat(peer(2).accepts().hears(LearnerInfo.class).acceptedEpoch()).isEqualTo(4);
        assertThat(rig().phase()).isEqualTo("following: discovery");
    }

    @Test
    void doesNotAnswerOnANewConnectionWhatWasAskedOnTheOld() {
        calling(HISTORY);
        peer(2).says(new NewEpoch(6)).resets();
        rig().pass(REDIAL);
        peer(2).accepts().hears(LearnerInfo.class);

        rig().saved();

        peer(2).hearsNothing();
        peer(2).says(new NewEpoch(6));
        peer(2).hears(AckEpoch.class);
    }

    @Test
    void callsAgainWhenTheConnectionEndedWhileThePromiseWasMadeDurable() {
        calling(HISTORY);
        peer(2).says(new NewEpoch(6)).resets();

        rig().saved();
        assertThat(rig().phase()).isEqualTo("following: discovery");
        rig().pass(REDIAL);
        peer(2).accepts().hears(LearnerInfo.class);
        peer(2).says(new NewEpoch(6));

        assertThat(peer(2).hears(AckEpoch.class).counts()).isTrue();
    }

    @Test
    void looksAgainWhenTheLeaderDoesNotAnswerInTime() {
        calling(HISTORY);
        rig().pass(Rig.SETTINGS.discoveryDeadline().minus(Duration.ofMillis(1)));
        assertThat(rig().phase()).isEqualTo("following: discovery");

        rig().pass(Duration.ofMillis(1));

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void looksAgainWhenTheLeaderIsGone() {
        calling(HISTORY);
        rig().found(new HeartbeatProtocol.PeerLost(3, "a test"));
        assertThat(rig().phase()).isEqualTo("following: discovery");

        rig().found(new HeartbeatProtocol.PeerLost(2, "a test"));

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void looksAgainWhenTheLeaderSkipsSteps() {
        calling(HISTORY);

        peer(2).says(new PeerMessage.NewLeader(5, LAST));

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void refusesLearners() {
        calling(HISTORY);

        peer(3).dials(4);

        assertThat(peer(3).isReset()).isTrue();
        assertThat(rig().phase()).isEqualTo("following: discovery");
    }

    @Test
    void callsAgainWhenTheLeaderCallsItInstead() {
        calling(HISTORY);

        peer(2).dials(4);
        assertThat(peer(2).isReset()).isTrue();
        rig().pass(REDIAL);

        peer(2).accepts().hears(LearnerInfo.class);
    }

    @Test
    void ignoresWhatDoesNotConcernIt() {
        calling(HISTORY);
        rig().log.forget();

        rig().tellStrays();
        rig().found(new HeartbeatProtocol.QuorumLost("a test"));
        rig().found(new HeartbeatProtocol.Internal(Samples.writes(1, 1)));
        rig().submit(Samples.writes(1, 1));
        rig().confirm(3);

        assertThat(rig().phase()).isEqualTo("following: discovery");
        assertThat(rig().log.messages()).isEmpty();
        peer(2).hearsNothing();
    }
}
