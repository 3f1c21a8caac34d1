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
import io.troupe.broadcast.PeerMessage.UpToDate;
import io.troupe.contract.Shows;
import io.troupe.election.ElectionProtocol;
import io.troupe.election.Vote;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.log.LogProtocol;
import io.troupe.request.Batch;
import io.troupe.tree.DataTreeProtocol;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * One test for each rule of Zab (Junqueira, Reed, Serafini, DSN 2011) as contract 9.3, 9.4 and 9.6 state them. Node 1 holds
 * four batches of epoch 3, of which the first is known to be committed, and has promised epoch 4.
 */
class ZabPaperTest {
    private static final List<Batch> OLD = Samples.epoch(0, 3, 4);
    private static final long LAST = zxid(3, 4);
    private static final Past HISTORY = Past.EMPTY.epochs(4, 3).logged(OLD).committed(zxid(3, 1));

    /** Contract 9.3 item 1. */
    @Nested
    class Discovery extends PhaseTest {
        @Test
        void aNodeVotesWithItsCurrentEpochAndItsLastLoggedZxid() {
            looking(HISTORY);

            assertThat(rig().election.take(ElectionProtocol.Look.class).own()).isEqualTo(new Vote(1, 3, LAST));
        }

        @Test
        void aLeaderProposesAnEpochGreaterThanAnyThatItsQuorumAccepted() {
            discovering(HISTORY);

            peer(2).dials(11);

            assertThat(rig().saved().acceptedEpoch()).isEqualTo(12);
            assertThat(peer(2).hears(NewEpoch.class).epoch()).isEqualTo(12);
        }

        @Test
        void aLeaderPromisesItsEpochDurablyBeforeItAsksOthersTo() {
            discovering(HISTORY);

            peer(2).dials(4);

            peer(2).hearsNothing();
            assertThat(rig().saved().acceptedEpoch()).isEqualTo(5);
            assertThat(peer(2).hears(NewEpoch.class).epoch()).isEqualTo(5);
        }

        @Test
        void aFollowerPromisesOnlyLargerEpochs() {
            calling(HISTORY);

            peer(2).says(new NewEpoch(3));

            peer(2).hearsNothing();
            assertThat(rig().log.all(LogProtocol.SaveMeta.class)).isEmpty();
            assertThat(rig().phase()).isEqualTo("looking");
        }

        @Test
        void aPromiseIsDurableBeforeItIsGiven() {
            calling(HISTORY);

            peer(2).says(new NewEpoch(5));
            peer(2).hearsNothing();
            rig().saved();

            assertThat(peer(2).hears(AckEpoch.class)).isEqualTo(new AckEpoch(5, 3, LAST, true));
        }

        @Test
        void anEpochPromisedBeforeIsAnsweredButNotCounted() {
            calling(HISTORY);
            peer(2).says(new NewEpoch(4));
            assertThat(peer(2).hears(AckEpoch.class).counts()).isFalse();

            discovering(HISTORY);
            peer(2).dials(4);
            rig().saved();
            peer(2).hears(NewEpoch.class);
            peer(2).says(new AckEpoch(5, 3, LAST, false));
            assertThat(rig().phase()).isEqualTo("leading: discovery");
        }

        @Test
        void nothingOfTheHistoryIsTouchedBeforeAQuorumHasPromised() {
            discovering(HISTORY.among(Samples.FIVE));
            peer(2).dials(4);
            peer(3).dials(4);
            rig().saved();
            rig().log.forget();

            promises(peer(2), 5, 3, zxid(3, 1));

            assertThat(rig().log.messages()).isEmpty();
            peer(2).hearsNothing();
        }

        @Test
        void aLeaderGivesUpForAFollowerWithALaterHistory() {
            discovering(HISTORY);
            peer(2).dials(4);
            rig().saved();

            promises(peer(2), 5, 4, zxid(3, 1));

            assertThat(rig().phase()).isEqualTo("looking");
        }

        /** Contract 9.6 item 24. */
        @Test
        @Shows("S28")
        void aVoterThatLostItsDiskHasNoVoice() {
            discovering(HISTORY);
            peer(2).withDisk(900).dials(4);

            assertThat(rig().log.all(LogProtocol.SaveMeta.class)).isEmpty();
        }
    }

    /** Contract 9.3 item 2, at the leader. */
    @Nested
    class SynchronizationAtTheLeader extends PhaseTest {
        private Peer learnerAt(long lastZxid) {
            discovering(HISTORY);
            peer(2).dials(4);
            rig().saved();
            promises(peer(2), 5, 3, lastZxid);
            return peer(2);
        }

        @Test
        void aLearnerThatHasEverythingGetsAnEmptyDiff() {
            Peer learner = learnerAt(LAST);
            rig().located();
            assertThat(learner.hearsAll()).containsExactly(new NewLeader(5, LAST));
        }

        @Test
        void aLearnerThatLagsGetsADiffByteForByte() {
            Peer learner = learnerAt(zxid(3, 2));
            rig().located();

            assertThat(learner.hears(Propose.class).batch())
                    .isEqualTo(OLD.get(2).image());
            assertThat(learner.hears(Propose.class).batch())
                    .isEqualTo(OLD.get(3).image());
            learner.hears(NewLeader.class);
        }

        @Test
        @Shows("S8")
        void aLearnerWithProposalsOfALostLeaderIsTruncatedFirst() {
            Peer learner = learnerAt(zxid(2, 8));
            rig().locatedBehind(0);
            assertThat(learner.hearsAll()).containsExactly(new CutBack(0));
        }

        @Test
        void aLearnerFromBeforeTheLogGetsASnapshot() {
            Peer learner = learnerAt(zxid(1, 8));
            rig().locatedBefore(zxid(3, 1));
            assertThat(learner.hearsAll()).containsExactly(new TakeSnapshot(zxid(3, 1)));
        }

        @Test
        void theEpochIsEstablishedOnlyByAQuorumThatAcknowledgedNewLeader() {
            Peer learner = learnerAt(zxid(3, 2));
            rig().saved();
            rig().located();

            learner.says(new Ack(LAST));
            assertThat(rig().phase()).isEqualTo("leading: synchronization");
            learner.says(new AckNewLeader(5, LAST));

            assertThat(rig().phase()).isEqualTo("leading");
        }

        @Test
        void theLeaderCountsItselfOnlyWhenItsOwnHistoryAndEpochAreDurable() {
            Peer learner = learnerAt(LAST);
            rig().located();

            learner.says(new AckNewLeader(5, LAST));
            assertThat(rig().phase()).isEqualTo("leading: synchronization");
            rig().saved();

            assertThat(rig().phase()).isEqualTo("leading");
        }

        /** Contract 9.6 item 6. */
        @Test
        void proposalsOfOlderEpochsCommitOnlyWithTheWholeHistory() {
            Peer learner = learnerAt(zxid(3, 1));
            rig().saved();
            rig().located();
            learner.says(new Ack(zxid(3, 2))).says(new Ack(zxid(3, 3)));
            assertThat(rig().executedEnd()).as("held by a quorum").isEqualTo(zxid(3, 1));

            learner.says(new AckNewLeader(5, LAST));

            assertThat(rig().executedEnd()).isEqualTo(LAST);
        }

        /** Primary integrity. */
        @Test
        void nothingIsProposedBeforeTheHistoryIsDelivered() {
            Peer learner = learnerAt(LAST);
            rig().submit(Samples.writes(1, 1));
            rig().saved();
            rig().located();
            assertThat(rig().appended()).isEmpty();

            learner.says(new AckNewLeader(5, LAST));
            rig().pass(Rig.SOON);

            assertThat(rig().appended()).containsExactly(zxid(5, 1));
            assertThat(rig().executedEnd()).isEqualTo(LAST);
        }

        @Test
        void nothingIsServedBeforeTheEpochIsEstablished() {
            Peer learner = learnerAt(LAST);
            rig().saved();
            rig().located();
            assertThat(rig().tree.all(DataTreeProtocol.Serve.class)).isEmpty();
            learner.hears(NewLeader.class);
            learner.hearsNothing();

            learner.says(new AckNewLeader(5, LAST));

            assertThat(rig().tree.all(DataTreeProtocol.Serve.class)).hasSize(1);
            learner.hears(UpToDate.class);
        }
    }

    /** Contract 9.3 item 2 and 9.6 items 1 to 5, at the follower. */
    @Nested
    class SynchronizationAtTheFollower extends PhaseTest {
        private final Batch next = Samples.batch(LAST, zxid(4, 1), 1);

        @Test
        void historyThenEpochThenTheAcknowledgement() {
            promising(HISTORY, 5);
            rig().log.forget();
            peer(2).says(new Propose(next.image(), 0)).says(new NewLeader(5, zxid(4, 1)));

            List<LogProtocol.Command> toLog = rig().log.messages();
            assertThat(toLog).hasSize(2);
            assertThat(toLog.get(0)).isInstanceOf(LogProtocol.Append.class);
            assertThat(toLog.get(1)).isInstanceOf(LogProtocol.SaveMeta.class);
            peer(2).hearsNothing();
            rig().durable(zxid(4, 1));
            assertThat(peer(2).hearsAll()).as("no AckNewLeader yet").containsExactly(new Ack(zxid(4, 1)));
            assertThat(rig().saved().currentEpoch()).isEqualTo(5);

            assertThat(peer(2).hearsAll()).containsExactly(new AckNewLeader(5, zxid(4, 1)));
        }

        @Test
        @Shows("S3")
        void proposalsBehindNewLeaderAreLoggedButNotApplied() {
            acknowledging(HISTORY, 5);
            rig().tree.forget();

            peer(2).says(new Propose(Samples.batch(LAST, zxid(5, 1), 1).image(), LAST));

            assertThat(rig().appended()).containsExactly(zxid(5, 1));
            assertThat(rig().executed()).isEmpty();
        }

        @Test
        void aHoleInTheHistoryIsNotAccepted() {
            promising(HISTORY, 5);

            rig().tellFatal(
                            peer(2).next(new Propose(
                                    Samples.batch(zxid(4, 1), zxid(4, 2), 1).image(), 0)),
                            "does not follow");
        }

        @Test
        void truncationUndoesNothingThatWasApplied() {
            promising(HISTORY, 5);
            peer(2).says(new CutBack(zxid(3, 1)));
            rig().truncated();
            peer(2).hears(AckEpoch.class);

            peer(2).says(new NewLeader(5, zxid(3, 1)));
            rig().saved();
            peer(2).says(new UpToDate(5, zxid(3, 1)));

            assertThat(rig().executed()).containsExactly(zxid(3, 1));
        }

        @Test
        void aSnapshotThatIsNotWholeChangesNothing() {
            promising(HISTORY, 5);
            rig().log.forget();
            peer(2).says(new TakeSnapshot(zxid(4, 50)));

            rig().found(new HeartbeatProtocol.PeerLost(2, "a test"));

            assertThat(rig().log.messages()).isEmpty();
            assertThat(rig().election.take(ElectionProtocol.Look.class).own()).isEqualTo(new Vote(1, 3, LAST));
        }

        @Test
        void nothingIsServedBeforeTheLeaderSaysSo() {
            acknowledging(HISTORY, 5);
            assertThat(rig().tree.all(DataTreeProtocol.Serve.class)).isEmpty();

            peer(2).says(new UpToDate(5, LAST));

            assertThat(rig().tree.all(DataTreeProtocol.Serve.class)).hasSize(1);
        }
    }

    /** Contract 9.3 item 3. */
    @Nested
    class Broadcast extends PhaseTest {
        private List<Long> proposedTo(Peer follower) {
            List<Long> zxids = new ArrayList<>();
            for (PeerMessage message : follower.hearsAll()) {
                if (message instanceof Propose propose) {
                    zxids.add(Batch.of(propose.batch()).firstZxid());
                }
            }
            return zxids;
        }

        private void leadingWithThreeProposals() {
            leading(HISTORY);
            rig().tree.forget();
            rig().submit(Samples.largeWrites(3));
            rig().pass(Rig.SOON);
        }

        @Test
        void zxidsAreContiguousInAnEpochAndBeginWithOne() {
            leadingWithThreeProposals();

            assertThat(rig().appended()).containsExactly(zxid(5, 1), zxid(5, 2), zxid(5, 3));
            assertThat(proposedTo(peer(2))).containsExactly(zxid(5, 1), zxid(5, 2), zxid(5, 3));
        }

        @Test
        @Shows("S23")
        void theLeaderCountsItselfOnlyAfterItsOwnFsync() {
            leadingWithThreeProposals();

            peer(2).says(new Ack(zxid(5, 3)));
            assertThat(rig().executed()).isEmpty();
            rig().durable(zxid(5, 3));

            assertThat(rig().executedEnd()).isEqualTo(zxid(5, 3));
        }

        /** Contract 9.6 item 23. */
        @Test
        void nothingCommitsBeforeItsPredecessorWhateverTheQuorums() {
            leadingWithThreeProposals();
            joinsLate(peer(3), 5, zxid(5, 3));

            peer(2).says(new Ack(zxid(5, 1)));
            assertThat(rig().executed()).as("held by 2 and 3").containsExactly(zxid(5, 1));
            rig().durable(zxid(5, 2));
            assertThat(rig().executed()).as("held by 1 and 3").containsExactly(zxid(5, 1), zxid(5, 2));
            peer(2).says(new Ack(zxid(5, 3)));

            assertThat(rig().executed()).containsExactly(zxid(5, 1), zxid(5, 2), zxid(5, 3));
        }

        @Test
        void oneFollowerIsNoQuorumHoweverOftenItAcknowledges() {
            leadingWithThreeProposals();

            for (int i = 0; i < 3; i++) {
                peer(2).says(new Ack(zxid(5, 3)));
            }

            assertThat(rig().executed()).isEmpty();
        }

        @Test
        void aFollowerAcknowledgesOnlyWhatIsDurable() {
            following(HISTORY, 5);
            peer(2).says(new Propose(Samples.batch(LAST, zxid(5, 1), 1).image(), LAST));
            peer(2).hearsNothing();

            rig().durable(zxid(5, 1));

            assertThat(peer(2).hearsAll()).containsExactly(new Ack(zxid(5, 1)));
        }

        @Test
        void aFollowerDeliversInOrderWhatCommittedAndNothingElse() {
            following(HISTORY, 5);
            rig().tree.forget();
            Samples.epoch(LAST, 5, 3).forEach(b -> peer(2).says(new Propose(b.image(), LAST)));
            rig().durable(zxid(5, 3));
            assertThat(rig().executed()).isEmpty();

            peer(2).says(new PeerMessage.Commit(zxid(5, 2)));

            assertThat(rig().executed()).containsExactly(zxid(5, 1), zxid(5, 2));
        }

        @Test
        void aFollowerTakesProposalsInOrderAndAGapIsAReset() {
            following(HISTORY, 5);
            List<Batch> proposed = Samples.epoch(LAST, 5, 2);
            peer(2).next(new Propose(proposed.get(0).image(), LAST));

            peer(2).says(new Propose(proposed.get(1).image(), LAST));

            assertThat(rig().appended()).isEmpty();
            assertThat(peer(2).isReset()).isTrue();
        }

        @Test
        void aFollowerIgnoresTheLeaderOfAnEarlierEpoch() {
            following(HISTORY, 5);
            BroadcastProtocol.Frame late =
                    peer(2).next(new Propose(Samples.batch(LAST, zxid(5, 1), 1).image(), LAST));
            rig().found(new HeartbeatProtocol.PeerLost(2, "a test"));
            rig().elected(new ElectionProtocol.Follow(3));
            peer(3).accepts().hears(PeerMessage.LearnerInfo.class);
            peer(3).says(new NewEpoch(6));
            rig().saved();

            rig().tell(late);

            assertThat(rig().appended()).isEmpty();
            assertThat(rig().phase()).isEqualTo("following: synchronization");
            assertThat(peer(2).isReset()).isTrue();
        }

        @Test
        void aLeaderIgnoresTheFollowersOfItsEarlierEpoch() {
            leadingWithThreeProposals();
            rig().durable(zxid(5, 3));
            rig().found(new HeartbeatProtocol.QuorumLost("a test"));

            peer(2).says(new Ack(zxid(5, 3)));

            assertThat(rig().executed()).isEmpty();
        }

        @Test
        void aLeaderWithoutAQuorumStops() {
            leadingWithThreeProposals();
            rig().durable(zxid(5, 3));

            rig().found(new HeartbeatProtocol.QuorumLost("a test"));
            rig().submit(Samples.writes(9, 1));
            rig().pass(Rig.SOON);

            assertThat(rig().tree.messages()).containsExactly(new DataTreeProtocol.Suspend());
            assertThat(rig().appended()).hasSize(3);
        }

        /** Contract 9.6 item 22. */
        @Test
        void aChangeOfVotersNeedsBothQuorums() {
            leading();
            peer(3).withDisk(900).dials(0);
            promises(peer(3), 1, 0, 0);
            rig().located();
            peer(3).says(new AckNewLeader(1, 0));

            rig().durable(zxid(1, 1));
            peer(3).says(new Ack(zxid(1, 1)));
            assertThat(rig().executed()).isEmpty();
            peer(2).says(new Ack(zxid(1, 1)));

            assertThat(rig().executed()).containsExactly(zxid(1, 1));
        }

        /** Contract 9.3, limits, and 9.6 item 15. */
        @Test
        void theLastCounterOfAnEpochIsNeverUsed() {
            leading(Past.EMPTY.epochs(4, 4).snapshot(zxid(5, 0xfffffffdL)));
            rig().submit(Samples.writes(1, 1));
            rig().pass(Rig.SOON);
            assertThat(rig().appended()).containsExactly(zxid(5, 0xfffffffeL));
            rig().durable(zxid(5, 0xfffffffeL));
            peer(2).says(new Ack(zxid(5, 0xfffffffeL)));

            rig().submit(Samples.writes(2, 1));
            rig().pass(Rig.SOON);

            assertThat(rig().appended()).hasSize(1);
            assertThat(rig().phase()).isEqualTo("leading: discovery");
        }
    }
}
