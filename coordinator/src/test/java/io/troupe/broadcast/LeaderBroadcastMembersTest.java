package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AckNewLeader;
import io.troupe.broadcast.PeerMessage.NewLeader;
import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.Member;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.log.LogProtocol;
import io.troupe.request.Batch;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.RequestCodec;
import io.troupe.request.RequestFormatException;
import io.troupe.tree.DataTreeProtocol;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Node 1 leads epoch 1 and admits voters again that lost their disks. */
class LeaderBroadcastMembersTest extends PhaseTest {
    private static final long NEW_DISK = 900;

    /** A node with an empty disk calls and is brought to the end of the history. */
    private void comesBack(Peer wiped, long newDisk) {
        wiped.restarted().withDisk(newDisk).dials(0);
        synchronizes(wiped);
    }

    private void synchronizes(Peer wiped) {
        promises(wiped, 1, 0, 0);
        rig().located();
        NewLeader newLeader = null;
        for (PeerMessage message : wiped.hearsAll()) {
            if (message instanceof NewLeader last) {
                newLeader = last;
            }
        }
        assertThat(newLeader).isNotNull();
        if (newLeader != null) {
            wiped.says(new AckNewLeader(1, newLeader.lastZxid()));
        }
    }

    private List<Batch> proposed() {
        return rig().log.all(LogProtocol.Append.class).stream()
                .map(LogProtocol.Append::batch)
                .toList();
    }

    private static List<Member> membersIn(Batch batch) throws RequestFormatException {
        Operation operation =
                RequestCodec.decode(batch.sections().get(0)).get(0).operation();
        return operation instanceof Operation.ChangeMembers change ? change.members() : List.of();
    }

    private long diskOf(int nodeId) {
        return rig().status().membership().member(nodeId).orElseThrow().diskId();
    }

    private void commits(long zxid, Peer... followers) {
        rig().durable(zxid);
        for (Peer follower : followers) {
            follower.says(new Ack(zxid));
        }
    }

    @Test
    void proposesThatTheNewDiskReplacesTheOldOne() throws RequestFormatException {
        leading();

        comesBack(peer(3), NEW_DISK);

        assertThat(proposed()).hasSize(1);
        assertThat(membersIn(proposed().get(0)))
                .containsExactly(
                        Samples.voter(1), Samples.voter(2), Samples.voter(3).withDisk(NEW_DISK));
    }

    @Test
    void needsAQuorumOfBothConfigurationsForTheChange() {
        leading();
        comesBack(peer(3), NEW_DISK);

        peer(3).says(new Ack(zxid(1, 1)));
        rig().durable(zxid(1, 1));
        assertThat(rig().executed())
                .as("1 and 3 are no quorum of 1, 2, 3 with the old disk")
                .isEmpty();
        peer(2).says(new Ack(zxid(1, 1)));

        assertThat(rig().executed()).containsExactly(zxid(1, 1));
        assertThat(diskOf(3)).isEqualTo(NEW_DISK);
        assertThat(rig().status().membership().version()).isEqualTo(zxid(1, 1));
        assertThat(rig().lastToHeartbeat())
                .isEqualTo(new HeartbeatProtocol.Leading(1, rig().status().membership(), true));
    }

    @Test
    void countsTheNewDiskOnceTheChangeHasCommitted() {
        leading();
        comesBack(peer(3), NEW_DISK);
        commits(zxid(1, 1), peer(2));

        rig().submit(Samples.writes(1, 1));
        rig().pass(Rig.SOON);
        commits(zxid(1, 2), peer(3));

        assertThat(rig().executed()).containsExactly(zxid(1, 1), zxid(1, 2));
    }

    @Test
    void letsTheChangeTravelAloneBehindWhatIsUnderWay() throws RequestFormatException {
        leading();
        rig().submit(Samples.writes(1, 1));
        rig().pass(Rig.SOON);
        comesBack(peer(3), NEW_DISK);
        rig().submit(Samples.writes(2, 1));
        rig().pass(Rig.SOON);
        assertThat(proposed()).hasSize(1);

        commits(zxid(1, 1), peer(2));
        rig().pass(Rig.SOON);
        assertThat(proposed()).hasSize(2);
        assertThat(membersIn(proposed().get(1))).hasSize(3);
        commits(zxid(1, 2), peer(2));
        rig().pass(Rig.SOON);

        assertThat(proposed()).hasSize(3);
        assertThat(membersIn(proposed().get(2))).isEmpty();
    }

    @Test
    void goesOnWithRequestsWhenTheSameVoterCameBackTwice() {
        leading();
        rig().submit(Samples.writes(1, 1));
        rig().pass(Rig.SOON);
        comesBack(peer(3), NEW_DISK);
        comesBack(peer(3), NEW_DISK);
        rig().submit(Samples.writes(2, 1));

        commits(zxid(1, 1), peer(2));
        commits(zxid(1, 2), peer(2));
        rig().pass(Rig.SOON);

        assertThat(rig().appended()).containsExactly(zxid(1, 1), zxid(1, 2), zxid(1, 3));
    }

    @Test
    void admitsTwoVotersThatCameBackAtTheSameTime() {
        synchronizingFive();
        comesBack(peer(4), 904);
        comesBack(peer(5), 905);

        commits(zxid(1, 1), peer(2), peer(3));
        commits(zxid(1, 2), peer(2), peer(3));

        assertThat(diskOf(4)).isEqualTo(904);
        assertThat(diskOf(5)).isEqualTo(905);
    }

    private void synchronizingFive() {
        discovering(Past.EMPTY.among(Samples.FIVE));
        peer(2).dials(0);
        peer(3).dials(0);
        rig().saved();
        promises(peer(2), 1, 0, 0);
        promises(peer(3), 1, 0, 0);
        rig().saved();
        rig().located();
        rig().located();
        peer(2).says(new AckNewLeader(1, 0));
        peer(3).says(new AckNewLeader(1, 0));
        assertThat(rig().phase()).isEqualTo("leading");
    }

    @Test
    void proposesNothingForAVoterThatKeptItsDisk() {
        leading();

        joinsLate(peer(3), 1, 0);

        assertThat(proposed()).isEmpty();
    }

    @Test
    void listsANodeThatJoinsAsAnObserver() throws RequestFormatException {
        leading();

        comesBack(peer(7), NEW_DISK);

        assertThat(membersIn(proposed().get(0)))
                .containsExactly(
                        Samples.voter(1),
                        Samples.voter(2),
                        Samples.voter(3),
                        Samples.voter(7).withDisk(NEW_DISK).asObserver());
        commits(zxid(1, 1), peer(2));
        assertThat(rig().status().syncedFollowers()).isEqualTo(1);
        assertThat(rig().status().syncedObservers()).isEqualTo(1);
    }

    @Test
    void listsNoNodeThatWasTakenOffTheList() {
        leading();
        peer(7).restarted()
                .withDisk(NEW_DISK)
                .dials(new PeerMessage.LearnerInfo(Samples.voter(7).withDisk(NEW_DISK), "ensemble", 0, 0, false));
        synchronizes(peer(7));

        assertThat(proposed()).isEmpty();
        assertThat(rig().status().syncedObservers()).isEqualTo(1);
    }

    @Test
    void refusesANodeUnderTheIdOfAnother() {
        leading();
        Member impostor = new Member(3, "elsewhere", 7000, "elsewhere", 2181, NEW_DISK);
        peer(3).restarted().dials(new PeerMessage.LearnerInfo(impostor, "ensemble", 0, 0, true));

        assertThat(peer(3).isReset()).isTrue();
    }

    @Test
    void listsAVoterThatHasMovedWhereItIsAndLeavesItItsVote() throws RequestFormatException {
        leading();
        Member moved = Samples.voter(3).at(new Member(3, "elsewhere", 7000, "elsewhere", 2181, 0));
        peer(3).restarted().dials(new PeerMessage.LearnerInfo(moved, "ensemble", 0, 0, true));
        synchronizes(peer(3));

        assertThat(membersIn(proposed().get(0))).containsExactly(Samples.voter(1), Samples.voter(2), moved);
        commits(zxid(1, 1), peer(2));
        assertThat(rig().status().membership().voters()).contains(moved);
    }

    @Test
    void letsANodeThatBeganWithALaterListStartFromASnapshot() {
        leading();
        Member seventh = Samples.voter(7).withDisk(NEW_DISK);
        peer(7).dials(new PeerMessage.LearnerInfo(seventh, "ensemble", 0, zxid(1, 1), true));
        promises(peer(7), 1, 0, 0);
        rig().located();

        assertThat(peer(7).hears(PeerMessage.TakeSnapshot.class).minZxid()).isEqualTo(zxid(1, 1));
    }

    // ---- a client asks for other members ----

    private static Request wish(int xid) {
        return new Request(77, 5, xid, List.of(), new Operation.Reconfigure(List.of(), List.of(3), null, -1, true));
    }

    private DataTreeProtocol.JudgeReconfiguration asked() {
        return rig().tree.take(DataTreeProtocol.JudgeReconfiguration.class);
    }

    private void judged(DataTreeProtocol.JudgeReconfiguration question, Operation resolved) {
        question.replyTo().tell(new DataTreeProtocol.Judged(resolved));
        rig().settled();
    }

    private static Request only(Batch batch) throws RequestFormatException {
        assertThat(batch.count()).isEqualTo(1);
        return RequestCodec.decode(batch.sections().get(0)).get(0);
    }

    @Test
    void asksTheTreeOnceAllBeforeTheWishHasCommittedAndProposesWhatItComesToInItsPlace() throws RequestFormatException {
        leading();
        rig().submit(Samples.writes(1, 1));
        rig().submit(List.of(wish(2)));
        rig().submit(Samples.writes(3, 1));
        rig().pass(Rig.SOON);
        assertThat(rig().tree.all(DataTreeProtocol.JudgeReconfiguration.class)).isEmpty();

        commits(zxid(1, 1), peer(2));
        var question = asked();
        assertThat(question.wish().xid()).isEqualTo(2);
        assertThat(question.synced()).containsOnlyKeys(1, 2);
        List<Member> two = List.of(Samples.voter(1), Samples.voter(2));
        judged(question, new Operation.ChangeMembers(two));

        assertThat(proposed())
                .as("what is behind the wish waits until it has committed")
                .hasSize(2);
        Request change = only(proposed().get(1));
        assertThat(change.operation()).isEqualTo(new Operation.ChangeMembers(two));
        assertThat(change.sessionId()).isEqualTo(77);
        assertThat(change.xid()).isEqualTo(2);
        assertThat(proposed().get(1).sections().get(0).firstSequence()).isEqualTo(2);

        commits(zxid(1, 2), peer(2));
        rig().pass(Rig.SOON);
        assertThat(only(proposed().get(2)).xid()).isEqualTo(3);
        assertThat(rig().status().membership().voters()).isEqualTo(two);
    }

    @Test
    void aWishThatIsRefusedConsumesItsNumberAndHoldsNothingUp() throws RequestFormatException {
        leading();
        rig().submit(List.of(wish(1)));
        rig().submit(List.of(wish(2)));
        rig().pass(Rig.SOON);
        judged(asked(), new Operation.Refused(ErrorCode.BAD_VERSION));
        assertThat(only(proposed().get(0)).operation()).isEqualTo(new Operation.Refused(ErrorCode.BAD_VERSION));
        assertThat(rig().tree.all(DataTreeProtocol.JudgeReconfiguration.class)).isEmpty();
        commits(zxid(1, 1), peer(2));

        judged(asked(), new Operation.Refused(ErrorCode.NO_AUTH));
        assertThat(only(proposed().get(1)).xid()).isEqualTo(2);
    }

    @Test
    void anAnswerOfAnEarlierTermIsVoid() {
        leading();
        rig().submit(List.of(wish(1)));
        rig().pass(Rig.SOON);
        var question = asked();
        rig().found(new HeartbeatProtocol.QuorumLost("a test"));
        judged(question, new Operation.Refused(ErrorCode.BAD_VERSION));

        assertThat(proposed()).isEmpty();
    }

    @Test
    void aLeaderWithoutAVoteTellsItsLearnersOfTheCommitAndStepsDown() {
        leading();
        joinsLate(peer(3), 1, 0);
        rig().submit(List.of(wish(1)));
        rig().pass(Rig.SOON);
        judged(asked(), new Operation.ChangeMembers(List.of(Samples.voter(2), Samples.voter(3))));
        commits(zxid(1, 1), peer(2));
        assertThat(rig().phase())
                .as("the new voters alone need two acknowledgements")
                .isEqualTo("leading");
        peer(3).says(new Ack(zxid(1, 1)));

        assertThat(rig().phase()).isEqualTo("looking");
        List<PeerMessage> heard = peer(2).hearsAll();
        assertThat(heard.get(heard.size() - 2)).isEqualTo(new PeerMessage.Commit(zxid(1, 1)));
        assertThat(heard.get(heard.size() - 1)).isEqualTo(new PeerMessage.StepDown(false));
    }

    @Test
    void aNodeThatIsTakenOffTheListWhileItCatchesUpStaysOffIt() {
        leading();
        rig().submit(List.of(wish(1)));
        rig().pass(Rig.SOON);
        judged(asked(), new Operation.ChangeMembers(List.of(Samples.voter(1), Samples.voter(2))));
        comesBack(peer(3), NEW_DISK);
        commits(zxid(1, 1), peer(2));
        rig().pass(Rig.SOON);

        assertThat(proposed()).as("only the change that was asked for").hasSize(1);
        assertThat(rig().status().membership().member(3)).isEmpty();
    }

    @Test
    void aNodeThatLostItsVoteWhileItCaughtUpDoesNotGetItBack() throws RequestFormatException {
        leading();
        rig().submit(List.of(wish(1)));
        rig().pass(Rig.SOON);
        judged(
                asked(),
                new Operation.ChangeMembers(List.of(
                        Samples.voter(1), Samples.voter(2), Samples.voter(3).asObserver())));
        comesBack(peer(3), NEW_DISK);
        commits(zxid(1, 1), peer(2));
        rig().pass(Rig.SOON);

        assertThat(membersIn(proposed().get(1)))
                .contains(Samples.voter(3).withDisk(NEW_DISK).asObserver());
    }

    @Test
    void aLeaderWhoseInheritedHistoryTakesItsVoteStepsDownAtOnce() {
        Batch change = Samples.changeOfMembers(0, zxid(1, 1), List.of(Samples.voter(2), Samples.voter(3)));
        discovering(Past.EMPTY.epochs(1, 1).logged(List.of(change)));
        List<Peer> voters = List.of(peer(2), peer(3));
        voters.forEach(voter -> voter.dials(1));
        long epoch = rig().saved().acceptedEpoch();
        voters.forEach(voter -> promises(voter, epoch, 1, zxid(1, 1)));
        rig().saved();
        for (Peer voter : voters) {
            rig().located();
            voter.hears(NewLeader.class);
            voter.says(new AckNewLeader(epoch, zxid(1, 1)));
        }

        assertThat(rig().phase()).isEqualTo("looking");
        assertThat(peer(2).hearsAll()).last().isEqualTo(new PeerMessage.StepDown(false));
    }

    /** To a candidate that failed: without an epoch behind that one it could never follow. */
    @Test
    void opensAnEpochBehindTheOneThatALearnerWithoutAVoteHasPromised() {
        leading(Past.EMPTY.among(Samples.THREE));
        rig().election.forget();
        rig().tree.forget();

        peer(9).dials(7);
        assertThat(rig().phase()).isEqualTo("leading: discovery");
        assertThat(rig().saved().acceptedEpoch()).isEqualTo(8);
        promises(peer(2), 8, 1, 0);
        rig().saved();
        joins(peer(2));
        peer(9).dials(7).hears(PeerMessage.NewEpoch.class);

        assertThat(rig().phase()).isEqualTo("leading");
        assertThat(rig().election.messages()).noneMatch(ElectionProtocol.Look.class::isInstance);
        assertThat(rig().tree.messages()).noneMatch(DataTreeProtocol.Suspend.class::isInstance);
    }
}
