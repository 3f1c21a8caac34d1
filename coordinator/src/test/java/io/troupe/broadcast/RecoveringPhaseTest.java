package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.election.ElectionProtocol;
import io.troupe.election.Vote;
import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Membership;
import io.troupe.log.LogProtocol;
import io.troupe.request.Batch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveringPhaseTest extends PhaseTest {
    private static final List<Batch> FIVE = Samples.epoch(0, 1, 5);

    @Test
    void readsTheLogBehindTheSnapshot() {
        starting(Past.EMPTY.epochs(1, 1).logged(FIVE).snapshot(zxid(1, 2)));

        assertThat(rig().phase()).isEqualTo("recovering");
        assertThat(rig().log.take(LogProtocol.Read.class).zxid()).isEqualTo(zxid(1, 2));
    }

    @Test
    void executesWhatTheLogKnowsToBeCommittedAndNoMore() {
        starting(Past.EMPTY.epochs(1, 1).logged(FIVE).snapshot(zxid(1, 2)).committed(zxid(1, 4)));

        rig().read(FIVE);

        assertThat(rig().executed()).containsExactly(zxid(1, 3), zxid(1, 4));
    }

    @Test
    void readsOnUntilTheLogEnds() {
        starting(Past.EMPTY.epochs(1, 1).logged(FIVE));

        rig().read(FIVE.subList(0, 3));
        assertThat(rig().phase()).isEqualTo("recovering");
        rig().read(FIVE);
        rig().read(FIVE);

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void stillBringsWhatIsNotKnownToBeCommittedToTheElection() {
        looking(Past.EMPTY.epochs(2, 1).logged(FIVE).committed(zxid(1, 3)));

        Vote own = rig().election.take(ElectionProtocol.Look.class).own();
        assertThat(own).isEqualTo(new Vote(1, 1, zxid(1, 5)));
    }

    @Test
    void startsTheLogBehindASnapshotThatWasReceivedJustBeforeTheNodeStopped() {
        starting(Past.EMPTY.epochs(3, 3).logged(FIVE).snapshot(zxid(3, 8)));

        assertThat(rig().log.all(LogProtocol.StartAfter.class))
                .extracting(LogProtocol.StartAfter::zxid)
                .containsExactly(zxid(3, 8));
        rig().logStarted();

        assertThat(rig().phase()).isEqualTo("looking");
        assertThat(rig().election.take(ElectionProtocol.Look.class).own().lastZxid())
                .isEqualTo(zxid(3, 8));
        assertThat(rig().executed()).isEmpty();
    }

    @Test
    void endsTheNodeWhenHistoryBetweenSnapshotAndLogIsMissing() {
        starting(Past.EMPTY.epochs(1, 1).logged(FIVE));

        rig().tellFatal(
                        new BroadcastProtocol.LogSlice(new LogProtocol.Slice(0, List.of(), true)),
                        "history is missing");
    }

    @Test
    void doesNotVoteWithoutWhatItsEnsembleBeganWith() {
        String id = new ImportedHistory(zxid(4, 9), 1).ensembleId("e");
        Membership founding = new Membership(id, 0, Samples.THREE.members(), null);

        starting(Past.EMPTY.epochs(4, 4).among(founding));
        rig().tellFatal(
                        new BroadcastProtocol.LogSlice(new LogProtocol.Slice(0, List.of(), false)),
                        "the import that the ensemble began with is missing");
        looking(Past.EMPTY.epochs(4, 4).among(founding).snapshot(zxid(4, 9)));
        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void refusesWhoeverCalls() {
        starting(Past.EMPTY.epochs(1, 1).logged(FIVE));

        peer(2).dials(1);

        assertThat(peer(2).isReset()).isTrue();
        assertThat(rig().phase()).isEqualTo("recovering");
    }

    @Test
    void ignoresWhatDoesNotConcernIt() {
        starting(Past.EMPTY.epochs(1, 1).logged(FIVE));

        rig().tellStrays();
        rig().submit(Samples.writes(1, 1));
        rig().confirm(5);
        rig().pass(Rig.SETTINGS.syncDeadline().multipliedBy(2));

        assertThat(rig().phase()).isEqualTo("recovering");
        assertThat(rig().log.messages()).hasSize(1).first().isInstanceOf(LogProtocol.Read.class);
    }

    @Test
    void takesAChangeOfVotersThatWasLoggedButNotCommittedIntoAccount() {
        Batch change = Samples.changeOfMembers(zxid(1, 5), zxid(1, 6), Samples.FIVE.voters());
        List<Batch> logged = new ArrayList<>(FIVE);
        logged.add(change);

        looking(Past.EMPTY.epochs(1, 1).logged(logged).committed(zxid(1, 5)));

        ElectionProtocol.Look look = rig().election.take(ElectionProtocol.Look.class);
        assertThat(look.membership().voters()).isEqualTo(Samples.THREE.voters());
        assertThat(look.membership().next()).isEqualTo(Samples.FIVE.voters());
        assertThat(look.peers()).containsExactly(2, 3, 4, 5);
    }
}
