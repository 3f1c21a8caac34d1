package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.AckNewLeader;
import io.troupe.broadcast.PeerMessage.AskCommitPoint;
import io.troupe.broadcast.PeerMessage.CommitPoint;
import io.troupe.broadcast.PeerMessage.ConfirmLeader;
import io.troupe.broadcast.PeerMessage.Forward;
import io.troupe.broadcast.PeerMessage.LeaderConfirmed;
import io.troupe.broadcast.PeerMessage.NewEpoch;
import io.troupe.broadcast.PeerMessage.NewLeader;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.broadcast.PeerMessage.UpToDate;
import io.troupe.contract.Shows;
import io.troupe.election.ElectionProtocol;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.log.LogProtocol;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.DataTreeProtocol;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** An epoch's transaction ids run out: its leader opens the next one, and nobody looks for another leader (anchors S19). */
class NextEpochTest extends PhaseTest {
    /** Six requests before the last that an epoch may number. */
    private static final long NEAR_END = zxid(5, 0xffff_fff8L);

    private static final long LAST = zxid(5, 0xffff_fffeL);

    @Nested
    class AtTheLeader {
        /** Leads epoch 5, which has room for six more requests, with node 2. */
        private void leadingNearTheEnd() {
            // As if epoch 5 had begun four billion requests ago.
            leading(Past.EMPTY.epochs(4, 4).snapshot(NEAR_END));
            rig().election.forget();
            rig().tree.forget();
        }

        private void submit(int first, int count) {
            rig().submit(Samples.writes(first, count));
            rig().pass(Rig.SOON);
        }

        /** The sixth request is on its way; the seventh does not fit. */
        private void runningOut() {
            leadingNearTheEnd();
            submit(1, 6);
            peer(2).hears(Propose.class);
            rig().durable(LAST);
            peer(2).says(new Ack(LAST));
            submit(7, 1);
        }

        private void nextEpoch(Peer learner, long lastZxid) {
            promises(learner, 6, 5, lastZxid);
            rig().saved();
            joins(learner);
        }

        @Test
        @Shows("S19")
        void usesEveryNumberAndGoesOnWithTheFirstOfTheNextEpoch() {
            runningOut();
            assertThat(rig().phase()).isEqualTo("leading: discovery");
            assertThat(rig().saved().acceptedEpoch()).isEqualTo(6);

            nextEpoch(peer(2), LAST);

            assertThat(rig().phase()).isEqualTo("leading");
            assertThat(rig().appended()).containsExactly(LAST, zxid(6, 1));
        }

        @Test
        void neitherElectsNorLetsClientsWait() {
            runningOut();
            rig().saved();
            promises(peer(2), 6, 5, LAST);
            assertThat(rig().status().serving()).isTrue();
            rig().saved();
            joins(peer(2));

            assertThat(rig().status().serving()).isTrue();
            assertThat(rig().election.messages()).noneMatch(ElectionProtocol.Look.class::isInstance);
            assertThat(rig().tree.messages()).noneMatch(DataTreeProtocol.Suspend.class::isInstance);
            assertThat(rig().lastToHeartbeat()).isEqualTo(new HeartbeatProtocol.Leading(6, Samples.THREE, true));
        }

        @Test
        void asksForPromisesOnlyOnceItsOwnIsDurable() {
            runningOut();
            peer(2).hearsNothing();

            rig().saved();

            assertThat(peer(2).hearsAll()).containsExactly(new NewEpoch(6));
        }

        @Test
        void proposesNothingBeforeAQuorumHasTheNextEpoch() {
            runningOut();
            rig().saved();
            promises(peer(2), 6, 5, LAST);
            rig().saved();
            rig().located();

            submit(8, 1);
            assertThat(rig().appended()).containsExactly(LAST);
            peer(2).hears(NewLeader.class);
            peer(2).says(new AckNewLeader(6, LAST));

            assertThat(rig().appended()).containsExactly(LAST, zxid(6, 2));
        }

        /** Contract 9.6 item 6: never by counting acknowledgements of the last epoch. */
        @Test
        void commitsWhatWasUnderWayOnlyByTheNextEpochsQuorum() {
            leadingNearTheEnd();
            submit(1, 6);
            peer(2).hears(Propose.class);
            rig().submit(Samples.writes(7, 1));
            rig().submit(Samples.largeWrites(8));
            rig().saved();

            rig().durable(LAST);
            peer(2).says(new Ack(LAST));
            assertThat(rig().executed()).isEmpty();
            nextEpoch(peer(2), LAST);

            assertThat(rig().executedEnd()).isEqualTo(LAST);
        }

        @Test
        void doesNotMindWhatAFollowerSaidBeforeItHeardOfTheNextEpoch() {
            leadingNearTheEnd();
            submit(1, 6);
            rig().confirm(77);
            peer(2).hearsAll();
            rig().durable(LAST);
            peer(2).says(new Ack(LAST));
            submit(7, 1);

            peer(2).says(new Forward(Samples.section(2, 6, 1, 1).image()))
                    .says(new AskCommitPoint(78))
                    .says(new LeaderConfirmed(1));
            rig().saved();
            peer(2).says(new Ack(LAST)).says(new LeaderConfirmed(1));
            nextEpoch(peer(2), LAST);

            assertThat(peer(2).isReset()).isFalse();
            assertThat(rig().tree.messages()).noneMatch(DataTreeProtocol.CommitPointConfirmed.class::isInstance);
        }

        @Test
        void asksAgainWhetherItLeadsForSyncsThatWait() {
            runningOut();
            rig().confirm(77);
            rig().saved();
            nextEpoch(peer(2), LAST);

            ConfirmLeader asked = peer(2).hears(ConfirmLeader.class);
            peer(2).says(new LeaderConfirmed(asked.round()));

            assertThat(rig().tree
                            .take(DataTreeProtocol.CommitPointConfirmed.class)
                            .tag())
                    .isEqualTo(77);
        }

        @Test
        void admitsWhatAFollowerSendsAgain() {
            leadingNearTheEnd();
            submit(1, 6);
            peer(2).says(new Forward(Samples.section(2, 6, 1, 1).image()));
            rig().durable(LAST);
            peer(2).says(new Ack(LAST));
            rig().pass(Rig.SOON);
            peer(2).hearsAll();
            rig().saved();
            nextEpoch(peer(2), LAST);
            assertThat(rig().appended()).containsExactly(LAST);

            peer(2).says(new Forward(Samples.section(2, 6, 1, 1).image()));

            assertThat(rig().appended()).containsExactly(LAST, zxid(6, 1));
        }

        @Test
        void givesASlowFollowerWhatItLacksInTheNextEpoch() {
            leadingNearTheEnd();
            joinsLate(peer(3), 5, NEAR_END);
            submit(1, 6);
            rig().durable(LAST);
            peer(2).says(new Ack(LAST));
            submit(7, 1);
            rig().saved();
            peer(2).hearsAll();
            peer(2).says(new AckEpoch(6, 5, LAST, true));
            rig().saved();
            joins(peer(2));
            peer(3).hearsAll();

            peer(3).says(new AckEpoch(6, 5, NEAR_END, true));
            rig().located();

            assertThat(peer(3).hears(Propose.class)).isNotNull();
            assertThat(peer(3).hears(Propose.class)).isNotNull();
            assertThat(peer(3).hears(NewLeader.class)).isEqualTo(new NewLeader(6, zxid(6, 1)));
        }

        /** The change that did not fit was its origin's request: the phase that is over must not take it along. */
        @Test
        void asksAgainWhatAWishForOtherMembersComesToThatDidNotFit() {
            leadingNearTheEnd();
            submit(1, 6);
            peer(2).hears(Propose.class);
            rig().durable(LAST);
            peer(2).says(new Ack(LAST));
            rig().pass(Rig.SOON);
            var removal = new Operation.Reconfigure(List.of(), List.of(3), null, -1, true);
            rig().submit(List.of(new Request(77, 5, 8, List.of(), removal)));
            rig().pass(Rig.SOON);
            var question = rig().tree.take(DataTreeProtocol.JudgeReconfiguration.class);
            question.replyTo().tell(new DataTreeProtocol.Judged(removal));
            rig().settled();
            assertThat(rig().phase()).isEqualTo("leading: discovery");
            rig().saved();
            peer(2).hearsAll();
            peer(2).says(new AckEpoch(6, 5, LAST, true));
            rig().saved();
            joins(peer(2));

            var again = rig().tree.take(DataTreeProtocol.JudgeReconfiguration.class);

            assertThat(again.wish().xid()).isEqualTo(8);
        }

        @Test
        void looksForAnotherLeaderWhereNoQuorumPromises() {
            runningOut();
            rig().saved();

            rig().pass(Rig.SETTINGS.discoveryDeadline());

            assertThat(rig().phase()).isEqualTo("looking");
            assertThat(rig().status().serving()).isFalse();
        }
    }

    @Nested
    class AtAFollower {
        private static final long END = zxid(3, 4);
        private static final Past HISTORY =
                Past.EMPTY.epochs(4, 3).logged(Samples.epoch(0, 3, 4)).committed(zxid(3, 1));

        private void following5() {
            following(HISTORY, 5);
            rig().tree.forget();
            rig().election.forget();
        }

        @Test
        void promisesOnceThatIsDurableAndSaysWhereItStands() {
            following5();

            peer(2).says(new NewEpoch(6));
            peer(2).hearsNothing();
            assertThat(rig().saved().acceptedEpoch()).isEqualTo(6);

            assertThat(peer(2).hearsAll()).containsExactly(new AckEpoch(6, 5, END, true));
        }

        @Test
        void servesItsClientsAllTheTime() {
            following5();

            peer(2).says(new NewEpoch(6));
            rig().saved();
            peer(2).says(new NewLeader(6, END));
            assertThat(rig().status().serving()).isTrue();
            assertThat(rig().saved().currentEpoch()).isEqualTo(6);
            peer(2).says(new UpToDate(6, END));

            assertThat(rig().phase()).isEqualTo("following");
            assertThat(rig().tree.messages()).noneMatch(DataTreeProtocol.Suspend.class::isInstance);
            assertThat(rig().election.messages()).noneMatch(ElectionProtocol.Look.class::isInstance);
            assertThat(rig().lastToHeartbeat()).isEqualTo(new HeartbeatProtocol.Following(6, 2));
        }

        @Test
        void sendsAgainWhatTheLeaderDidNotPropose() {
            following5();
            rig().submit(Samples.writes(1, 1));
            rig().pass(Rig.SOON);
            Forward first = peer(2).hears(Forward.class);
            rig().confirm(77);
            peer(2).hears(AskCommitPoint.class);

            peer(2).says(new NewEpoch(6));
            rig().saved();
            peer(2).says(new NewLeader(6, END));
            rig().saved();
            peer(2).hearsAll();
            peer(2).says(new UpToDate(6, END));
            rig().pass(Rig.SOON);

            assertThat(peer(2).hears(AskCommitPoint.class)).isEqualTo(new AskCommitPoint(77));
            assertThat(peer(2).hears(Forward.class).section()).isEqualTo(first.section());
            peer(2).says(new CommitPoint(77, END));
            rig().tree.take(DataTreeProtocol.CommitPointConfirmed.class);
        }

        @Test
        void letsClientsWaitOnceTheConnectionIsLostOnTheWay() {
            following5();
            peer(2).says(new NewEpoch(6));

            peer(2).resets();

            assertThat(rig().status().serving()).isFalse();
            rig().tree.take(DataTreeProtocol.Suspend.class);
        }

        @Test
        void letsClientsWaitOnceTheConnectionIsLostInSynchronization() {
            following5();
            peer(2).says(new NewEpoch(6));
            rig().saved();

            peer(2).resets();

            assertThat(rig().status().serving()).isFalse();
            rig().tree.take(DataTreeProtocol.Suspend.class);
        }

        @Test
        void logsNothingOfTheNextEpochBeforeItIsAsked() {
            following5();
            rig().log.forget();

            peer(2).says(new NewEpoch(6));
            rig().saved();

            assertThat(rig().log.all(LogProtocol.Append.class)).isEmpty();
        }
    }
}
