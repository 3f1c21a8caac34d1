package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.AckNewLeader;
import io.troupe.broadcast.PeerMessage.CutBack;
import io.troupe.broadcast.PeerMessage.NewLeader;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.broadcast.PeerMessage.TakeSnapshot;
import io.troupe.broadcast.PeerMessage.UpToDate;
import io.troupe.contract.Shows;
import io.troupe.election.ElectionProtocol;
import io.troupe.election.Vote;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.log.LogProtocol;
import io.troupe.request.Batch;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeProtocol;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Node 1 holds four batches of epoch 3, the first of them committed, and has promised epoch 5 to node 2. */
class FollowerSynchronizationPhaseTest extends PhaseTest {
    private static final long LAST = zxid(3, 4);
    private static final Past HISTORY =
            Past.EMPTY.epochs(4, 3).logged(Samples.epoch(0, 3, 4)).committed(zxid(3, 1));
    private static final Batch NEXT = Samples.batch(LAST, zxid(4, 1), 2);

    private static Propose propose(Batch batch) {
        return new Propose(batch.image(), zxid(3, 1));
    }

    @Test
    void logsWhatItLacksWithoutExecutingIt() {
        promising(HISTORY, 5);
        rig().tree.forget();

        peer(2).says(propose(NEXT));

        assertThat(rig().appended()).containsExactly(zxid(4, 2));
        assertThat(rig().executed()).isEmpty();
    }

    /** A second change was proposed, so the first has committed: votes are counted by that one and the second (contract 9.6 item 22). */
    @Test
    void countsByTheChangeOfMembersThatIsKnownToBeCommittedAndByTheOneBehindIt() {
        promising(HISTORY, 5);
        List<Member> first = List.of(Samples.voter(1), Samples.voter(2), Samples.voter(3), Samples.voter(4));
        List<Member> second = List.of(Samples.voter(1), Samples.voter(2), Samples.voter(4), Samples.voter(5));

        peer(2).says(propose(Samples.changeOfMembers(LAST, zxid(4, 1), LAST, first)))
                .says(propose(Samples.changeOfMembers(zxid(4, 1), zxid(4, 2), zxid(4, 1), second)));
        rig().found(new HeartbeatProtocol.PeerLost(2, "a test"));

        Membership counted = rig().election.take(ElectionProtocol.Look.class).membership();
        assertThat(counted.members()).isEqualTo(first);
        assertThat(counted.next()).isEqualTo(second);
    }

    /** Or it would have to keep all that it missed in memory until the end. */
    @Test
    void executesWhatIsCommittedAndNoMore() {
        promising(HISTORY, 5);
        rig().tree.forget();

        peer(2).says(new Propose(NEXT.image(), zxid(3, 3)));
        assertThat(rig().executed()).containsExactly(zxid(3, 2), zxid(3, 3));
        Batch more = Samples.batch(zxid(4, 2), zxid(4, 3), 1);
        peer(2).says(new Propose(more.image(), zxid(4, 2)));

        assertThat(rig().executed()).containsExactly(zxid(3, 2), zxid(3, 3), LAST, zxid(4, 2));
    }

    @Test
    void acknowledgesWhatIsDurableToOpenTheLeadersWindow() {
        promising(HISTORY, 5);
        peer(2).says(propose(NEXT));
        peer(2).hearsNothing();

        rig().durable(zxid(4, 2));

        assertThat(peer(2).hears(Ack.class).zxid()).isEqualTo(zxid(4, 2));
    }

    @Test
    void savesTheEpochBehindTheHistoryAndOnlyThenAcknowledges() {
        promising(HISTORY, 5);
        rig().log.forget();

        peer(2).says(propose(NEXT)).says(new NewLeader(5, zxid(4, 2)));

        List<LogProtocol.Command> toLog = rig().log.messages();
        assertThat(toLog).hasSize(2);
        assertThat(toLog.get(0)).isInstanceOf(LogProtocol.Append.class);
        assertThat(toLog.get(1)).isInstanceOf(LogProtocol.SaveMeta.class);
        peer(2).hearsNothing();

        assertThat(rig().saved().currentEpoch()).isEqualTo(5);
        assertThat(peer(2).hears(AckNewLeader.class)).isEqualTo(new AckNewLeader(5, zxid(4, 2)));
    }

    @Test
    void doesNotFollowALeaderThatEstablishesAnotherEpoch() {
        promising(HISTORY, 5);

        peer(2).says(new NewLeader(6, LAST));

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void endsTheNodeWhenTheHistoryIsNotTheOneTheLeaderAnnounces() {
        promising(HISTORY, 5);

        rig().tellFatal(peer(2).next(new NewLeader(5, zxid(3, 5))), "the leader says the epoch's history ends at");
    }

    @Test
    void endsTheNodeWhenTheLeaderLeavesAGapInTheHistory() {
        promising(HISTORY, 5);

        rig().tellFatal(peer(2).next(propose(Samples.batch(zxid(3, 5), zxid(3, 6), 1))), "does not follow");
    }

    @Test
    void cutsBackItsLogAndSaysWhereItStandsOnlyWhenThatIsDone() {
        promising(HISTORY, 5);

        peer(2).says(new CutBack(zxid(3, 2)));
        peer(2).hearsNothing();
        rig().truncated();

        assertThat(peer(2).hears(AckEpoch.class)).isEqualTo(new AckEpoch(5, 3, zxid(3, 2), false));
        peer(2).says(propose(Samples.batch(zxid(3, 2), zxid(4, 1), 1)));
        assertThat(rig().appended()).containsExactly(zxid(4, 1));
    }

    @Test
    @Shows("S31")
    void takesNoReportOfWhatIsBeingCutOffForOneOfWhatRemains() {
        promising(HISTORY, 5);
        peer(2).says(propose(NEXT)).says(new CutBack(zxid(3, 2)));

        rig().durable(zxid(4, 2));

        peer(2).hearsNothing();
    }

    @Test
    void endsTheNodeRatherThanUndoWhatWasExecuted() {
        promising(HISTORY, 5);

        rig().tellFatal(peer(2).next(new CutBack(0)), "is executed");
    }

    @Test
    void fetchesTheLeadersSnapshotWhenItIsTooFarBehind() {
        promising(HISTORY, 5);

        peer(2).says(new TakeSnapshot(zxid(4, 50)));

        SnapshotProtocol.Pull pull =
                rig().snapshot.all(SnapshotProtocol.Pull.class).get(0);
        assertThat(pull.nodeId()).isEqualTo(2);
        assertThat(pull.minZxid()).isEqualTo(zxid(4, 50));
        rig().pulled(2, zxid(4, 60));
        assertThat(rig().phase()).isEqualTo("following: installing a snapshot");
    }

    @Test
    void keepsItsHistoryWhenASnapshotArrivesThatNobodyAskedForNow() {
        promising(HISTORY, 5);
        rig().log.forget();
        peer(2).says(new NewLeader(5, LAST));
        rig().saved();

        rig().tell(new BroadcastProtocol.SnapshotPulled(new SnapshotProtocol.Pulled(2, zxid(3, 2))));

        assertThat(rig().log.messages()).as("what was acknowledged must stay").isEmpty();
        assertThat(rig().phase()).isEqualTo("following: synchronization");
    }

    @Test
    void keepsItsHistoryWhenTheSnapshotOfAnEarlierLeaderArrives() {
        promising(HISTORY, 5);
        peer(2).says(new TakeSnapshot(zxid(4, 50)));
        rig().found(new HeartbeatProtocol.PeerLost(2, "a test"));
        rig().elected(new ElectionProtocol.Follow(3));
        peer(3).accepts().hears(PeerMessage.LearnerInfo.class);
        peer(3).says(new PeerMessage.NewEpoch(6));
        rig().saved();
        rig().log.forget();

        rig().pulled(2, zxid(4, 60));

        assertThat(rig().log.messages()).isEmpty();
        assertThat(rig().phase()).isEqualTo("following: synchronization");
    }

    /** What an earlier phase has asked for may arrive although this one has asked, too. */
    @Test
    void takesNoOlderSnapshotThanItHasAskedFor() {
        promising(HISTORY, 5);
        peer(2).says(new TakeSnapshot(zxid(4, 50)));
        rig().log.forget();

        rig().pulled(2, zxid(4, 40));

        assertThat(rig().log.messages()).isEmpty();
        assertThat(rig().phase()).isEqualTo("following: synchronization");
    }

    @Test
    void servesOnceTheLeaderSaysThatTheEpochIsEstablished() {
        acknowledging(HISTORY, 5);

        peer(2).says(new UpToDate(5, LAST));

        assertThat(rig().phase()).isEqualTo("following");
        assertThat(rig().executedEnd()).isEqualTo(LAST);
    }

    @Test
    void doesNotFollowALeaderThatEstablishesTheEpochBeforeItHasAcknowledged() {
        promising(HISTORY, 5);
        peer(2).says(new NewLeader(5, LAST));

        peer(2).says(new UpToDate(5, LAST));

        assertThat(rig().phase()).isEqualTo("looking");
        assertThat(rig().tree.all(DataTreeProtocol.Serve.class)).isEmpty();
    }

    @Test
    @Shows("S3")
    void logsProposalsBehindNewLeaderWithoutExecutingThem() {
        acknowledging(HISTORY, 5);
        rig().tree.forget();
        Batch proposed = Samples.batch(LAST, zxid(5, 1), 1);

        peer(2).says(new Propose(proposed.image(), LAST));
        rig().durable(zxid(5, 1));

        assertThat(rig().appended()).containsExactly(zxid(5, 1));
        assertThat(rig().executed()).isEmpty();
        assertThat(peer(2).hears(Ack.class).zxid()).isEqualTo(zxid(5, 1));
        peer(2).says(new UpToDate(5, LAST));
        assertThat(rig().executedEnd()).as("only what is committed").isEqualTo(LAST);
    }

    @Test
    void callsTheLeaderAgainWhenTheConnectionBreaks() {
        promising(HISTORY, 5);

        peer(2).resets();

        assertThat(rig().phase()).isEqualTo("following: reconnecting");
        assertThat(peer(2).accepts().hears(PeerMessage.LearnerInfo.class).acceptedEpoch())
                .isEqualTo(5);
    }

    @Test
    void callsTheLeaderAgainWhenMessagesAreMissing() {
        promising(HISTORY, 5);
        peer(2).next(propose(NEXT));

        peer(2).says(new NewLeader(5, zxid(4, 2)));

        assertThat(peer(2).isReset()).isTrue();
        assertThat(rig().log.all(LogProtocol.SaveMeta.class)).isEmpty();
        assertThat(peer(2).isDialed()).isTrue();
    }

    @Test
    void looksAgainWithoutProgress() {
        promising(HISTORY, 5);
        Duration almost = Rig.SETTINGS.syncDeadline().minus(Duration.ofMillis(1));
        rig().pass(almost);
        peer(2).says(propose(NEXT));
        rig().pass(almost);
        assertThat(rig().phase()).isEqualTo("following: synchronization");

        rig().pass(Duration.ofMillis(1));

        assertThat(rig().phase()).isEqualTo("looking");
    }

    @Test
    void looksAgainWhenTheLeaderIsGone() {
        promising(HISTORY, 5);

        rig().found(new HeartbeatProtocol.PeerLost(2, "a test"));

        assertThat(rig().phase()).isEqualTo("looking");
        rig().snapshot.take(SnapshotProtocol.CancelPull.class);
    }

    @Test
    void votesWithWhatItHasLoggedEvenWhenTheLeaderIsGoneBeforeItIsDurable() {
        promising(HISTORY, 5);
        peer(2).says(propose(NEXT)).says(new NewLeader(5, zxid(4, 2)));

        rig().found(new HeartbeatProtocol.PeerLost(2, "a test"));

        assertThat(rig().election.take(ElectionProtocol.Look.class).own()).isEqualTo(new Vote(1, 3, zxid(4, 2)));
    }

    @Test
    void ignoresWhatDoesNotConcernIt() {
        promising(HISTORY, 5);
        rig().log.forget();

        rig().tellStrays();
        rig().found(new HeartbeatProtocol.QuorumLost("a test"));
        rig().submit(Samples.writes(1, 1));
        rig().confirm(3);

        assertThat(rig().phase()).isEqualTo("following: synchronization");
        assertThat(rig().log.messages()).isEmpty();
        peer(2).hearsNothing();
    }
}
