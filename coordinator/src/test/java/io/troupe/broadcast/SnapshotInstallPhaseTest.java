package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.TakeSnapshot;
import io.troupe.election.ElectionProtocol;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.log.LogProtocol;
import io.troupe.request.Batch;
import io.troupe.tree.DataTreeProtocol;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Node 1 holds four batches of epoch 3; node 2, leader of epoch 5, has sent it for a snapshot, which is as of 4/60. */
class SnapshotInstallPhaseTest extends PhaseTest {
    private static final long SNAPSHOT = zxid(4, 60);
    private static final Past HISTORY =
            Past.EMPTY.epochs(4, 3).logged(Samples.epoch(0, 3, 4)).committed(zxid(3, 1));

    private void installing() {
        promising(HISTORY, 5);
        rig().log.forget();
        rig().tree.forget();
        peer(2).says(new TakeSnapshot(zxid(4, 50)));
        rig().pulled(2, SNAPSHOT);
    }

    @Test
    void startsTheLogBehindTheSnapshotBeforeItLoadsTheTree() {
        installing();

        assertThat(rig().phase()).isEqualTo("following: installing a snapshot");
        assertThat(rig().log.all(LogProtocol.StartAfter.class).get(0).zxid()).isEqualTo(SNAPSHOT);
        assertThat(rig().tree.messages()).isEmpty();
        rig().logStarted();

        assertThat(rig().tree.all(DataTreeProtocol.Recover.class)).hasSize(1);
    }

    @Test
    void saysWhereItStandsOnceTheTreeIsLoaded() {
        installing();
        rig().logStarted();
        peer(2).hearsNothing();

        rig().treeRecovered(SNAPSHOT);

        assertThat(peer(2).hears(AckEpoch.class)).isEqualTo(new AckEpoch(5, 3, SNAPSHOT, false));
        assertThat(rig().phase()).isEqualTo("following: synchronization");
    }

    @Test
    void goesOnBehindTheSnapshot() {
        installing();
        rig().logStarted();
        rig().treeRecovered(SNAPSHOT);
        peer(2).hears(AckEpoch.class);
        Batch next = Samples.batch(SNAPSHOT, zxid(4, 61), 1);

        peer(2).says(new PeerMessage.Propose(next.image(), 0)).says(new PeerMessage.NewLeader(5, zxid(4, 61)));
        rig().saved();
        peer(2).says(new PeerMessage.UpToDate(5, zxid(4, 61)));

        assertThat(rig().executed()).as("nothing of the old history").containsExactly(zxid(4, 61));
    }

    /** One fetched from an earlier leader, which was lost before it could be installed. */
    @Test
    void startsTheLogBehindWhatTheTreeWasLoadedFromWhenALaterSnapshotStoodOnTheDisk() {
        installing();
        rig().logStarted();
        rig().treeRecovered(zxid(4, 80));
        peer(2).hearsNothing();

        assertThat(rig().log.all(LogProtocol.StartAfter.class).get(0).zxid()).isEqualTo(zxid(4, 80));
        rig().logStarted();

        assertThat(peer(2).hears(AckEpoch.class)).isEqualTo(new AckEpoch(5, 3, zxid(4, 80), false));
        assertThat(rig().phase()).isEqualTo("following: synchronization");
    }

    /** What was behind it is gone from the log by now. */
    @Test
    void doesNotGoOnFromAnOlderSnapshotWhenTheOneThatArrivedCannotBeRead() {
        installing();
        rig().logStarted();

        rig().tellFatal(
                        new BroadcastProtocol.TreeRecovered(
                                new DataTreeProtocol.Recovered(zxid(3, 2), 7, Samples.THREE, Map.of())),
                        "history is missing");
    }

    @Test
    void takesNoReportOfTheOldLogForOneOfTheNew() {
        installing();

        rig().durable(zxid(3, 4));
        rig().logStarted();
        rig().treeRecovered(SNAPSHOT);

        assertThat(peer(2).hearsAll()).containsExactly(new AckEpoch(5, 3, SNAPSHOT, false));
    }

    @Test
    void isNotInterruptedByTheLossOfTheLeaderButActsOnItAfterwards() {
        installing();
        rig().found(new HeartbeatProtocol.PeerLost(2, "a test"));
        rig().logStarted();
        assertThat(rig().phase()).isEqualTo("following: installing a snapshot");

        rig().treeRecovered(SNAPSHOT);

        assertThat(rig().phase()).isEqualTo("looking");
        assertThat(rig().election.take(ElectionProtocol.Look.class).own().lastZxid())
                .isEqualTo(SNAPSHOT);
    }

    @Test
    void callsTheLeaderAgainAfterwardsWhenTheConnectionBroke() {
        installing();
        peer(2).resets();
        rig().logStarted();
        assertThat(peer(2).isDialed()).isFalse();

        rig().treeRecovered(SNAPSHOT);

        assertThat(rig().phase()).isEqualTo("following: reconnecting");
        assertThat(peer(2).isDialed()).isTrue();
    }

    @Test
    void looksAgainAfterwardsWhenTheLeaderWentOnWithoutIt() {
        installing();
        peer(2).says(new PeerMessage.Commit(zxid(5, 1)));
        rig().logStarted();

        rig().treeRecovered(SNAPSHOT);

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void doesNotMindTheLossOfAnotherNode() {
        installing();
        rig().found(new HeartbeatProtocol.PeerLost(3, "a test"));
        rig().logStarted();

        rig().treeRecovered(SNAPSHOT);

        assertThat(rig().phase()).isEqualTo("following: synchronization");
    }

    @Test
    void takesAsLongAsItTakes() {
        installing();

        rig().pass(Duration.ofMinutes(10));

        assertThat(rig().phase()).isEqualTo("following: installing a snapshot");
    }

    @Test
    void refusesLearnersAndIgnoresWhatDoesNotConcernIt() {
        installing();

        peer(3).dials(4);
        rig().tellStrays();
        rig().submit(Samples.writes(1, 1));
        rig().confirm(4);

        assertThat(peer(3).isReset()).isTrue();
        assertThat(rig().log.messages()).hasSize(1);
        assertThat(rig().phase()).isEqualTo("following: installing a snapshot");
    }
}
