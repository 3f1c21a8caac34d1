package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.NewEpoch;
import io.troupe.election.ElectionProtocol;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.log.LogProtocol;
import io.troupe.tree.DataTreeProtocol;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaderDiscoveryPhaseTest extends PhaseTest {
    private static final Past HISTORY = Past.EMPTY.epochs(4, 3).logged(Samples.epoch(0, 3, 4));
    private static final long LAST = zxid(3, 4);

    @Test
    void tellsHeartbeatThatItLeadsWithoutBeingEstablished() {
        discovering(HISTORY);

        assertThat(rig().lastToHeartbeat()).isEqualTo(new HeartbeatProtocol.Leading(4, Samples.THREE, false));
        assertThat(rig().tree.all(DataTreeProtocol.Serve.class)).isEmpty();
    }

    @Test
    void choosesAnEpochOnlyOnceAQuorumHasSaidWhatItAccepted() {
        discovering(HISTORY.among(Samples.FIVE));
        peer(2).dials(4);
        assertThat(rig().log.all(LogProtocol.SaveMeta.class)).isEmpty();

        peer(3).dials(9);

        assertThat(rig().saved()).isEqualTo(HISTORY.among(Samples.FIVE).meta().withAcceptedEpoch(10));
    }

    @Test
    void doesNotCountALearnerWithAnotherDiskThanTheListedOne() {
        discovering(HISTORY);

        peer(2).withDisk(999).dials(50);
        assertThat(rig().log.all(LogProtocol.SaveMeta.class)).isEmpty();
        peer(3).dials(4);

        assertThat(rig().saved().acceptedEpoch()).isEqualTo(5);
    }

    @Test
    void asksForPromisesOnlyWhenItsOwnIsDurable() {
        discovering(HISTORY);
        peer(2).dials(4);
        peer(2).hearsNothing();

        rig().saved();

        assertThat(peer(2).hears(NewEpoch.class).epoch()).isEqualTo(5);
    }

    @Test
    void tellsALateLearnerTheEpochAtOnce() {
        discovering(HISTORY);
        peer(2).dials(4);
        rig().saved();

        peer(3).dials(2);

        assertThat(peer(3).hears(NewEpoch.class).epoch()).isEqualTo(5);
    }

    @Test
    void goesOnOnceAQuorumHasPromised() {
        discovering(HISTORY.among(Samples.FIVE));
        peer(2).dials(4);
        peer(3).dials(4);
        rig().saved();

        promises(peer(2), 5, 3, LAST);
        assertThat(rig().phase()).isEqualTo("leading: discovery");
        promises(peer(3), 5, 3, LAST);

        assertThat(rig().phase()).isEqualTo("leading: synchronization");
    }

    @Test
    void doesNotCountAPromiseThatWasMadeToAnotherNode() {
        discovering(HISTORY);
        peer(2).dials(4);
        peer(3).dials(4);
        rig().saved();

        peer(2).hears(NewEpoch.class);
        peer(2).says(new AckEpoch(5, 3, LAST, false));
        assertThat(rig().phase()).isEqualTo("leading: discovery");
        promises(peer(3), 5, 3, LAST);

        assertThat(rig().phase()).isEqualTo("leading: synchronization");
    }

    @Test
    void doesNotCountThePromiseOfALearnerWhoseConnectionBroke() {
        discovering(HISTORY.among(Samples.FIVE));
        peer(2).dials(4);
        peer(3).dials(4);
        rig().saved();
        promises(peer(2), 5, 3, LAST);
        peer(2).resets();

        promises(peer(3), 5, 3, LAST);

        assertThat(rig().phase()).isEqualTo("leading: discovery");
    }

    @Test
    void givesUpForALearnerOfALaterEpoch() {
        discovering(HISTORY);
        peer(2).dials(4);
        rig().saved();

        promises(peer(2), 5, 4, zxid(3, 1));

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void givesUpForALearnerOfTheSameEpochWithALongerHistory() {
        discovering(HISTORY);
        peer(2).dials(4);
        rig().saved();

        promises(peer(2), 5, 3, LAST + 1);

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void doesNotMindALongerHistoryOnADiskThatDoesNotCount() {
        discovering(HISTORY);
        peer(2).dials(4);
        peer(3).withDisk(999).dials(4);
        rig().saved();

        promises(peer(3), 5, 9, zxid(9, 9));

        assertThat(rig().phase()).isEqualTo("leading: discovery");
    }

    @Test
    void givesUpWhenALateLearnerHasPromisedMore() {
        discovering(HISTORY);
        peer(2).dials(4);
        rig().saved();

        peer(3).dials(8);

        assertThat(rig().phase()).isEqualTo("looking");
        peer(3).hearsNothing();
    }

    @Test
    void givesUpWhenALearnerThatCalledMeanwhileHasPromisedMore() {
        discovering(HISTORY);
        peer(2).dials(4);
        peer(3).dials(8);

        rig().saved();

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void givesUpWhenDiscoveryTakesTooLong() {
        discovering(HISTORY);
        peer(2).dials(4);
        rig().saved();
        rig().pass(Rig.SETTINGS.discoveryDeadline().minus(Duration.ofMillis(1)));
        assertThat(rig().phase()).isEqualTo("leading: discovery");

        rig().pass(Duration.ofMillis(1));

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void givesUpWhenHeartbeatNoLongerHearsAQuorum() {
        discovering(HISTORY);

        rig().found(new HeartbeatProtocol.QuorumLost("a test"));

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void choosesAGreaterEpochAfterEveryAttempt() {
        discovering(HISTORY);
        peer(2).dials(4);
        rig().log.forget();
        rig().pass(Rig.SETTINGS.discoveryDeadline());

        rig().elected(new ElectionProtocol.Lead(2));
        peer(2).dials(4);

        assertThat(rig().log.take(LogProtocol.SaveMeta.class).meta().acceptedEpoch())
                .as("epoch 5 may stand on disk already")
                .isEqualTo(6);
    }

    @Test
    void refusesANodeOfAnotherEnsemble() {
        discovering(HISTORY);

        peer(2).dials(Samples.info(2, Samples.disk(2), "another", 4));

        assertThat(peer(2).isReset()).isTrue();
        assertThat(rig().log.all(LogProtocol.SaveMeta.class)).isEmpty();
    }

    @Test
    void refusesALearnerThatSkipsSteps() {
        discovering(HISTORY);
        peer(2).dials(4);

        peer(2).says(new PeerMessage.AckNewLeader(5, LAST));

        assertThat(peer(2).isReset()).isTrue();
    }

    @Test
    void proposesNothing() {
        discovering(HISTORY);
        peer(2).dials(4);
        rig().saved();
        peer(2).hears(NewEpoch.class);

        rig().submit(Samples.writes(1, 3));
        rig().found(new HeartbeatProtocol.Internal(Samples.writes(9, 1)));
        rig().tellStrays();

        assertThat(rig().appended()).isEmpty();
        peer(2).hearsNothing();
        assertThat(rig().phase()).isEqualTo("leading: discovery");
    }

    @Test
    void needsNobodyElseInAnEnsembleOfOne() {
        discovering(HISTORY.among(Samples.ONE));

        assertThat(rig().saved().acceptedEpoch()).isEqualTo(5);
        assertThat(rig().phase()).isEqualTo("leading: synchronization");
        assertThat(rig().saved().currentEpoch()).isEqualTo(5);
        assertThat(rig().phase()).isEqualTo("leading");
    }
}
