package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AckNewLeader;
import io.troupe.broadcast.PeerMessage.Forward;
import io.troupe.broadcast.PeerMessage.NewLeader;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.broadcast.PeerMessage.UpToDate;
import io.troupe.contract.Shows;
import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.Role;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.log.LogProtocol;
import io.troupe.metrics.Sizes;
import io.troupe.request.Batch;
import io.troupe.tree.DataTreeProtocol;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Node 1 leads epoch 1, which begins the history; node 2 follows. */
class LeaderBroadcastPhaseTest extends PhaseTest {
    private static final Past HISTORY =
            Past.EMPTY.epochs(4, 3).logged(Samples.epoch(0, 3, 4)).committed(zxid(3, 1));

    @Test
    void servesClientsOnlyWhenTheTreeWasGivenTheWholeHistory() {
        leading(HISTORY);

        List<DataTreeProtocol.Command> toTree = rig().tree.messages();
        assertThat(toTree.get(toTree.size() - 1)).isEqualTo(new DataTreeProtocol.Serve(Role.LEADING, 5, 1));
        assertThat(toTree.get(toTree.size() - 2)).isInstanceOf(DataTreeProtocol.Execute.class);
        assertThat(rig().executedEnd()).isEqualTo(zxid(3, 4));
        assertThat(rig().election.take(ElectionProtocol.Settle.class))
                .isEqualTo(new ElectionProtocol.Settle(Role.LEADING, 1, 5, Samples.THREE));
        assertThat(rig().lastToHeartbeat()).isEqualTo(new HeartbeatProtocol.Leading(5, Samples.THREE, true));
        assertThat(rig().status().serving()).isTrue();
    }

    @Test
    void tellsThoseThatAreSynchronizedToServe() {
        synchronizing(HISTORY);
        rig().saved();
        rig().located();
        peer(2).hears(NewLeader.class);

        peer(2).says(new AckNewLeader(5, zxid(3, 4)));

        assertThat(peer(2).hearsAll()).containsExactly(new UpToDate(5, zxid(3, 4)));
        assertThat(rig().status().syncedFollowers()).isEqualTo(1);
    }

    @Test
    void proposesRequestsFromTheFirstZxidOfTheEpoch() {
        leading(HISTORY);

        submit(1, 3);

        Batch batch = rig().log.take(LogProtocol.Append.class).batch();
        assertThat(batch.previousZxid()).isEqualTo(zxid(3, 4));
        assertThat(batch.firstZxid()).isEqualTo(zxid(5, 1));
        assertThat(batch.lastZxid()).isEqualTo(zxid(5, 3));
        assertThat(batch.commitZxid()).isEqualTo(zxid(3, 4));
        assertThat(peer(2).hears(Propose.class).batch()).isEqualTo(batch.image());
    }

    @Test
    void remembersTheSizesOfWhatItProposesAndNotOfEarlierLeaders() {
        synchronizing(HISTORY);
        rig().metrics.sizes("proposal_size").add(7);
        rig().saved();
        joins(peer(2));
        assertThat(rig().metrics.sizes("proposal_size").last()).isEqualTo(Sizes.NONE);

        submit(1, 3);

        long bytes = rig().log.take(LogProtocol.Append.class).batch().image().length;
        assertThat(rig().metrics.sizes("proposal_size").last()).isEqualTo(bytes);
        assertThat(rig().metrics.sizes("proposal_size").least()).isEqualTo(bytes);
    }

    @Test
    void commitsWhatItselfAndAFollowerHoldDurably() {
        leading();
        submit(1, 1);

        peer(2).says(new Ack(zxid(1, 1)));
        assertThat(rig().executed()).isEmpty();
        rig().durable(zxid(1, 1));

        assertThat(rig().executed()).containsExactly(zxid(1, 1));
    }

    @Test
    void waitsForAFollowerWhenItselfIsDurable() {
        leading();
        submit(1, 1);

        rig().durable(zxid(1, 1));
        assertThat(rig().executed()).isEmpty();
        peer(2).says(new Ack(zxid(1, 1)));

        assertThat(rig().executed()).containsExactly(zxid(1, 1));
    }

    @Test
    void commitsWhatTwoFollowersHoldBeforeItIsDurableItself() {
        leading();
        joinsLate(peer(3), 1, 0);
        submit(1, 1);

        peer(2).says(new Ack(zxid(1, 1)));
        peer(3).says(new Ack(zxid(1, 1)));

        assertThat(rig().executed()).containsExactly(zxid(1, 1));
    }

    @Test
    void commitsEverythingUpToWhatWasAcknowledged() {
        leading();
        submit(1, 1);
        commits(zxid(1, 1));
        submit(2, 2);
        commits(zxid(1, 3));

        assertThat(rig().executed()).containsExactly(zxid(1, 1), zxid(1, 3));
    }

    @Test
    void proposesALoneRequestAtOnce() {
        leading();

        rig().submit(Samples.writes(1, 1));

        assertThat(rig().appended()).containsExactly(zxid(1, 1));
    }

    @Test
    void whatComesWhileABatchIsUnderWayLeavesTogetherOnceItCommits() {
        leading();
        rig().submit(Samples.writes(1, 1));
        rig().submit(Samples.writes(2, 1));
        peer(2).says(new Forward(Samples.section(2, 6, 1, 1).image()));
        assertThat(rig().appended()).containsExactly(zxid(1, 1));

        commits(zxid(1, 1));

        assertThat(rig().appended()).containsExactly(zxid(1, 1), zxid(1, 3));
    }

    @Test
    void newsOfACommitTravelsWithAProposalThatIsDue() {
        leading();
        peer(2).says(new Forward(Samples.section(2, 6, 1, 1).image()));
        peer(2).hears(Propose.class);
        rig().submit(Samples.writes(2, 1));

        commits(zxid(1, 1));

        assertThat(peer(2).hearsAll())
                .singleElement()
                .satisfies(m -> assertThat(((Propose) m).commitZxid()).isEqualTo(zxid(1, 1)));
    }

    @Test
    void newsOfACommitDoesNotWaitWhereNoProposalIsDue() {
        leading();
        peer(2).says(new Forward(Samples.section(2, 6, 1, 1).image()));
        peer(2).hears(Propose.class);

        commits(zxid(1, 1));

        assertThat(peer(2).hearsAll()).containsExactly(new PeerMessage.Commit(zxid(1, 1)));
    }

    @Test
    void doesNotGatherWhatFillsABatch() {
        leading();
        rig().submit(Samples.writes(1, 1));

        rig().submit(Samples.largeWrites(4));

        assertThat(rig().appended()).hasSizeGreaterThan(1);
    }

    @Test
    void sendsASecondBatchAfterOneThatIsLongUnderWay() {
        leading();
        rig().submit(Samples.writes(1, 1));
        rig().pass(Rig.SETTINGS.batchPatience());

        rig().submit(Samples.writes(2, 1));

        assertThat(rig().appended()).containsExactly(zxid(1, 1), zxid(1, 2));
    }

    @Test
    void tellsFollowersWhatIsCommitted() {
        leading();
        submit(1, 1);
        peer(2).hears(Propose.class);

        commits(zxid(1, 1));

        assertToldCommit(peer(2), zxid(1, 1));
    }

    private void assertToldCommit(Peer follower, long zxid) {
        rig().pass(Rig.SOON);
        assertThat(follower.hearsAll()).anyMatch(m -> m instanceof PeerMessage.Commit commit && commit.zxid() == zxid);
    }

    @Test
    void tellsAFollowerOfTheLastCommitEvenWhenNoProposalFollows() {
        leading();
        joinsLate(peer(3), 1, 0);
        for (int i = 1; i <= 3; i++) {
            submit(i, 1);
            commits(zxid(1, i));
        }

        assertToldCommit(peer(2), zxid(1, 3));
        assertToldCommit(peer(3), zxid(1, 3));
    }

    @Test
    void proposesWhatGatheredWhileABatchWasUnderWay() {
        leading();
        for (int i = 1; i < 40; i++) {
            rig().submit(Samples.writes(i, 1));
        }
        submit(40, 1);
        long end = 0;
        for (int round = 0; round < 40 && end < 40; round++) {
            end = rig().appended().get(rig().appended().size() - 1) - zxid(1, 0);
            commits(zxid(1, end));
        }

        assertThat(rig().executedEnd()).isEqualTo(zxid(1, 40));
    }

    @Test
    void proposesRequestsOfTheEnsembleItself() {
        leading();

        rig().found(new HeartbeatProtocol.Internal(Samples.writes(9, 1)));
        rig().pass(Rig.SOON);

        assertThat(rig().appended()).containsExactly(zxid(1, 1));
    }

    // ---- health ----

    @Test
    void resignsWhenAProposalIsNotAcknowledgedInTime() {
        leading();
        submit(1, 1);
        rig().durable(zxid(1, 1));
        rig().pass(Rig.SETTINGS.proposalDeadline().minus(Rig.SOON));
        assertThat(rig().pulse().well()).isTrue();
        assertThat(rig().phase()).isEqualTo("leading");

        rig().pass(Duration.ofMillis(2).plus(Rig.SOON));
        rig().pass(Rig.SETTINGS.proposalDeadline().dividedBy(10));

        assertThat(rig().phase()).isEqualTo("looking");
        rig().tree.take(DataTreeProtocol.Suspend.class);
    }

    @Test
    @Shows("S33")
    void isNotWellWhileAProposalIsOverdue() {
        leading();
        submit(1, 1);
        Duration untilLook = Rig.SETTINGS.proposalDeadline().dividedBy(10);
        rig().pass(untilLook.dividedBy(2));
        rig().pass(untilLook.multipliedBy(9));
        assertThat(rig().pulse().well()).isTrue();

        rig().pass(untilLook.dividedBy(2).plusMillis(1));

        assertThat(rig().pulse().well() && rig().phase().equals("leading")).isFalse();
    }

    @Test
    void goesOnAsLongAsProposalsAreAcknowledged() {
        leading();
        for (int i = 1; i <= 3; i++) {
            submit(i, 1);
            rig().pass(Rig.SETTINGS.proposalDeadline().dividedBy(2));
            commits(zxid(1, i));
        }
        rig().pass(Rig.SETTINGS.proposalDeadline().multipliedBy(2));

        assertThat(rig().phase()).isEqualTo("leading");
    }

    @Test
    void stopsAtOnceWhenHeartbeatNoLongerHearsAQuorum() {
        leading();

        rig().found(new HeartbeatProtocol.QuorumLost("a test"));

        assertThat(rig().phase()).isEqualTo("looking");
        rig().tree.take(DataTreeProtocol.Suspend.class);
        assertThat(rig().pulse().positions()).isEmpty();
    }

    @Test
    void takesNoNoticeOfAFollowerOfItsEarlierEpoch() {
        leading();
        submit(1, 1);
        rig().durable(zxid(1, 1));
        rig().found(new HeartbeatProtocol.QuorumLost("a test"));

        peer(2).says(new Ack(zxid(1, 1)));

        assertThat(rig().executed()).isEmpty();
        assertThat(peer(2).isReset()).isTrue();
    }

    @Test
    void ignoresWhatDoesNotConcernIt() {
        leading();
        rig().log.forget();

        rig().tellStrays();
        rig().pass(Rig.SETTINGS.syncDeadline().multipliedBy(3));

        assertThat(rig().phase()).isEqualTo("leading");
        assertThat(rig().log.messages()).isEmpty();
        peer(2).hearsNothing();
    }
}
