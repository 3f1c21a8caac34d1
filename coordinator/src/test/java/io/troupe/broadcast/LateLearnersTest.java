package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.AckNewLeader;
import io.troupe.broadcast.PeerMessage.NewEpoch;
import io.troupe.broadcast.PeerMessage.NewLeader;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.broadcast.PeerMessage.UpToDate;
import io.troupe.request.Batch;
import org.junit.jupiter.api.Test;

/** Node 1 leads epoch 1 with node 2; what becomes of learners that come when it does already. */
class LateLearnersTest extends PhaseTest {
    private static final Past HISTORY =
            Past.EMPTY.epochs(4, 3).logged(Samples.epoch(0, 3, 4)).committed(zxid(3, 1));

    @Test
    void bringsALateLearnerToTheEndOfItsHistory() {
        leading();
        submit(1, 1);
        commits(zxid(1, 1));
        submit(2, 1);

        peer(3).dials(1);
        promises(peer(3), 1, 0, 0);
        rig().located();

        assertThat(Batch.of(peer(3).hears(Propose.class).batch()).lastZxid()).isEqualTo(zxid(1, 1));
        assertThat(Batch.of(peer(3).hears(Propose.class).batch()).lastZxid()).isEqualTo(zxid(1, 2));
        assertThat(peer(3).hears(NewLeader.class)).isEqualTo(new NewLeader(1, zxid(1, 2)));
        peer(3).says(new AckNewLeader(1, zxid(1, 2)));
        assertThat(peer(3).hears(UpToDate.class).epoch()).isEqualTo(1);
    }

    /** Node 3 has been told that it has all of the history, and has not acknowledged it. */
    private void leadingOneWhoCatchesUp() {
        leading();
        peer(3).dials(1);
        promises(peer(3), 1, 1, 0);
        rig().located();
        peer(3).hears(NewLeader.class);
    }

    @Test
    void sendsALateLearnerWhatIsProposedMeanwhile() {
        leadingOneWhoCatchesUp();

        submit(1, 1);

        peer(3).hears(Propose.class);
        peer(3).says(new AckNewLeader(1, 0));
        assertThat(peer(3).hears(UpToDate.class).commitZxid()).isZero();
    }

    @Test
    void countsTheAcknowledgementsOfALearnerOnlyOnceItIsSynchronized() {
        leadingOneWhoCatchesUp();
        submit(1, 1);

        peer(3).says(new Ack(zxid(1, 1)));
        rig().durable(zxid(1, 1));
        assertThat(rig().executed()).isEmpty();
        peer(3).says(new AckNewLeader(1, 0));

        assertThat(rig().executed()).containsExactly(zxid(1, 1));
    }

    @Test
    void countsAFollowerAgainOnlyWhenItIsSynchronizedOnItsNewConnection() {
        leading();
        submit(1, 1);
        rig().durable(zxid(1, 1));
        peer(2).resets();
        peer(2).dials(1);
        promises(peer(2), 1, 1, zxid(1, 1));
        assertThat(rig().executed()).isEmpty();

        joins(peer(2));

        assertThat(rig().executed()).containsExactly(zxid(1, 1));
    }

    @Test
    void cutsOffWhatALateLearnerHasOfALostEpoch() {
        leading(HISTORY);
        peer(3).dials(4);
        peer(3).hears(NewEpoch.class);

        peer(3).says(new AckEpoch(5, 4, zxid(4, 7), true));
        rig().locatedBehind(zxid(3, 4));

        assertThat(peer(3).hears(PeerMessage.CutBack.class).zxid()).isEqualTo(zxid(3, 4));
        assertThat(rig().phase()).isEqualTo("leading");
    }

    @Test
    void givesWayToALearnerThatHasPromisedALaterEpoch() {
        leading();

        peer(3).dials(8);

        assertThat(rig().phase()).isEqualTo("looking");
    }
}
