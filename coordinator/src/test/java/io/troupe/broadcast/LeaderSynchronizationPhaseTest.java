package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.AckNewLeader;
import io.troupe.broadcast.PeerMessage.CutBack;
import io.troupe.broadcast.PeerMessage.NewEpoch;
import io.troupe.broadcast.PeerMessage.NewLeader;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.broadcast.PeerMessage.TakeSnapshot;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.log.LogProtocol;
import io.troupe.request.Batch;
import io.troupe.tree.DataTreeProtocol;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Epoch 3 left four batches; node 1 leads epoch 5. */
class LeaderSynchronizationPhaseTest extends PhaseTest {
    private static final List<Batch> FOUR = Samples.epoch(0, 3, 4);
    private static final long LAST = zxid(3, 4);
    private static final Past HISTORY = Past.EMPTY.epochs(4, 3).logged(FOUR).committed(zxid(3, 1));

    /** Node 2 has promised; its history ends at {@code lastZxid}. */
    private void synchronizingFrom(long lastZxid) {
        discovering(HISTORY);
        peer(2).dials(4);
        rig().saved();
        promises(peer(2), 5, 3, lastZxid);
    }

    private void proposes(Peer learner, int first, int last) {
        for (int i = first; i <= last; i++) {
            assertThat(Batch.of(learner.hears(Propose.class).batch()).lastZxid())
                    .isEqualTo(zxid(3, i));
        }
    }

    @Test
    void makesTheEpochDurableAndAsksWhereEachLearnerStands() {
        synchronizingFrom(zxid(3, 2));

        assertThat(rig().log.take(LogProtocol.SaveMeta.class).meta().currentEpoch())
                .isEqualTo(5);
        assertThat(rig().log.take(LogProtocol.Locate.class).zxid()).isEqualTo(zxid(3, 2));
        assertThat(rig().status().serving()).isFalse();
    }

    @Test
    void sendsNothingButNewLeaderToALearnerThatHasEverything() {
        synchronizingFrom(LAST);

        rig().located();

        assertThat(peer(2).hearsAll()).containsExactly(new NewLeader(5, LAST));
    }

    @Test
    void sendsWhatALearnerLacksAndThenNewLeader() {
        synchronizingFrom(zxid(3, 2));

        rig().located();

        proposes(peer(2), 3, 4);
        assertThat(peer(2).hears(NewLeader.class)).isEqualTo(new NewLeader(5, LAST));
    }

    @Test
    void cutsALearnerBackToWhereTheHistoriesPart() {
        synchronizingFrom(zxid(2, 9));
        rig().locatedBehind(0);

        assertThat(peer(2).hears(CutBack.class).zxid()).isZero();
        peer(2).says(new AckEpoch(5, 3, 0, false));
        rig().located();

        proposes(peer(2), 1, 4);
        peer(2).hears(NewLeader.class);
    }

    /** Started anew, it need not know that the list has committed; without this voter it would never have a quorum. */
    @Test
    void executesTheListThatAVoterBeganWithToHaveASnapshotForIt() {
        discovering(HISTORY);
        peer(2).dials(new PeerMessage.LearnerInfo(Samples.voter(2), "ensemble", 4, zxid(3, 3), true));
        rig().saved();
        promises(peer(2), 5, 0, 0);

        rig().located();

        assertThat(peer(2).hears(TakeSnapshot.class).minZxid()).isEqualTo(zxid(3, 3));
        assertThat(rig().executed()).containsExactly(zxid(3, 1), zxid(3, 2), zxid(3, 3));
    }

    @Test
    void sendsALearnerThatIsTooFarBehindForASnapshot() {
        synchronizingFrom(zxid(1, 9));
        rig().locatedBefore(zxid(3, 1));

        assertThat(peer(2).hears(TakeSnapshot.class).minZxid()).isEqualTo(zxid(3, 1));
        peer(2).says(new AckEpoch(5, 3, zxid(3, 3), false));
        rig().located();

        proposes(peer(2), 4, 4);
        peer(2).hears(NewLeader.class);
    }

    @Test
    void readsFromTheLogWhatIsNoLongerInMemory() {
        discovering(Past.EMPTY.epochs(4, 3).logged(FOUR).snapshot(zxid(3, 3)));
        peer(2).dials(4);
        rig().saved();
        promises(peer(2), 5, 3, zxid(3, 1));
        rig().located();
        peer(2).hearsNothing();

        rig().read(FOUR);

        proposes(peer(2), 2, 4);
        peer(2).hears(NewLeader.class);
    }

    @Test
    void startsOverWithALearnerWhenTheLogWasPurgedUnderIt() {
        discovering(Past.EMPTY.epochs(4, 3).logged(FOUR).snapshot(zxid(3, 3)));
        peer(2).dials(4);
        rig().saved();
        promises(peer(2), 5, 3, zxid(3, 1));
        rig().located();

        rig().readPurged();

        assertThat(peer(2).isReset()).isTrue();
        peer(2).dials(5).hears(NewEpoch.class);
    }

    @Test
    void keepsNoMoreOnTheWayThanTheWindowAllows() {
        discovering(Past.EMPTY.epochs(4, 3).logged(Samples.epoch(0, 3, 200)));
        peer(2).dials(4);
        rig().saved();
        promises(peer(2), 5, 3, 0);
        rig().located();

        int first = peer(2).hearsAll().size();
        assertThat(first).isBetween(1, 199);
        peer(2).says(new Ack(zxid(3, first)));
        assertThat(peer(2).hearsAll()).hasSize(first).allMatch(Propose.class::isInstance);
        peer(2).says(new Ack(zxid(3, 2L * first)));
        peer(2).says(new Ack(zxid(3, 3L * first)));

        List<PeerMessage> rest = peer(2).hearsAll();
        assertThat(rest.get(rest.size() - 1)).isEqualTo(new NewLeader(5, zxid(3, 200)));
    }

    @Test
    void establishesTheEpochOnceAQuorumHasItsHistoryAndItsOwnEpochIsDurable() {
        synchronizingFrom(LAST);
        rig().located();

        peer(2).says(new AckNewLeader(5, LAST));
        assertThat(rig().phase()).isEqualTo("leading: synchronization");
        rig().saved();

        assertThat(rig().phase()).isEqualTo("leading");
    }

    @Test
    void waitsForTheAcknowledgementOfAQuorum() {
        synchronizingFrom(zxid(3, 3));
        rig().saved();
        rig().located();
        assertThat(rig().phase()).isEqualTo("leading: synchronization");
        peer(2).says(new Ack(LAST));
        assertThat(rig().phase()).as("history without epoch is not enough").isEqualTo("leading: synchronization");

        peer(2).says(new AckNewLeader(5, LAST));

        assertThat(rig().phase()).isEqualTo("leading");
    }

    @Test
    void commitsTheHistoryOfOlderEpochsAsAWhole() {
        synchronizingFrom(LAST);
        rig().saved();
        rig().located();
        assertThat(rig().executed()).containsExactly(zxid(3, 1));

        peer(2).says(new AckNewLeader(5, LAST));

        assertThat(rig().executed()).containsExactly(zxid(3, 1), zxid(3, 2), zxid(3, 3), LAST);
        assertThat(rig().status().commitZxid()).isEqualTo(LAST);
    }

    @Test
    void synchronizesALearnerThatPromisesLate() {
        synchronizingFrom(zxid(3, 2));
        rig().located();
        peer(3).dials(4);
        promises(peer(3), 5, 3, zxid(3, 3));

        rig().located();

        proposes(peer(3), 4, 4);
        peer(3).hears(NewLeader.class);
    }

    @Test
    void countsALearnerWhosePromiseDidNotCountOnceItHasTheHistory() {
        synchronizingFrom(zxid(3, 2));
        rig().saved();
        peer(3).dials(5).hears(NewEpoch.class);
        peer(3).says(new AckEpoch(5, 3, LAST, false));
        rig().locatedBehind(zxid(3, 2));
        rig().located();

        peer(3).says(new AckNewLeader(5, LAST));

        assertThat(rig().phase()).isEqualTo("leading");
    }

    @Test
    void doesNotCountALearnerWhoseConnectionBroke() {
        discovering(HISTORY.among(Samples.FIVE));
        peer(2).dials(4);
        peer(3).dials(4);
        rig().saved();
        promises(peer(2), 5, 3, LAST);
        promises(peer(3), 5, 3, LAST);
        rig().saved();
        rig().located();
        rig().located();
        peer(2).says(new AckNewLeader(5, LAST)).resets();

        peer(3).says(new AckNewLeader(5, LAST));

        assertThat(rig().phase()).isEqualTo("leading: synchronization");
    }

    @Test
    void doesNotCountALearnerWithAnotherDiskThanTheListedOne() {
        synchronizingFrom(zxid(3, 2));
        rig().saved();
        peer(3).withDisk(999).dials(4);
        promises(peer(3), 5, 0, 0);
        rig().located();
        rig().located();

        peer(3).says(new AckNewLeader(5, LAST));

        assertThat(rig().phase()).isEqualTo("leading: synchronization");
    }

    @Test
    void givesUpForALateLearnerWithALaterHistory() {
        synchronizingFrom(LAST);
        peer(3).dials(4);

        promises(peer(3), 5, 3, LAST + 1);

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void givesUpWithoutProgress() {
        synchronizingFrom(zxid(3, 2));
        rig().located();
        Duration almost = Rig.SETTINGS.syncDeadline().minus(Duration.ofMillis(1));
        rig().pass(almost);
        peer(2).says(new Ack(zxid(3, 3)));
        rig().pass(almost);
        assertThat(rig().phase()).as("progress was made").isEqualTo("leading: synchronization");

        rig().pass(Duration.ofMillis(1));

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void givesUpWhenHeartbeatNoLongerHearsAQuorum() {
        synchronizingFrom(LAST);

        rig().found(new HeartbeatProtocol.QuorumLost("a test"));

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void proposesAndServesNothing() {
        synchronizingFrom(LAST);
        rig().saved();
        rig().located();
        peer(2).hears(NewLeader.class);

        rig().submit(Samples.writes(1, 3));
        rig().found(new HeartbeatProtocol.Internal(Samples.writes(9, 1)));
        rig().confirm(4);
        rig().tellStrays();

        assertThat(rig().appended()).isEmpty();
        peer(2).hearsNothing();
        assertThat(rig().tree.all(DataTreeProtocol.Serve.class)).isEmpty();
        assertThat(rig().phase()).isEqualTo("leading: synchronization");
    }

    @Test
    void refusesForwardedRequests() {
        synchronizingFrom(LAST);
        rig().located();

        peer(2).says(new PeerMessage.Forward(Samples.section(2, 1, 1, 1).image()));

        assertThat(peer(2).isReset()).isTrue();
    }

    @Test
    void ignoresAnAcknowledgementThatIsOlderThanTheConnection() {
        synchronizingFrom(zxid(3, 2));

        peer(2).says(new Ack(zxid(3, 9)));
        rig().located();

        assertThat(peer(2).isReset()).isFalse();
        proposes(peer(2), 3, 4);
    }
}
