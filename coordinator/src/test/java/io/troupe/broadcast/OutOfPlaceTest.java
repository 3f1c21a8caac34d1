package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.AckNewLeader;
import io.troupe.broadcast.PeerMessage.AskCommitPoint;
import io.troupe.broadcast.PeerMessage.Commit;
import io.troupe.broadcast.PeerMessage.CommitPoint;
import io.troupe.broadcast.PeerMessage.ConfirmLeader;
import io.troupe.broadcast.PeerMessage.CutBack;
import io.troupe.broadcast.PeerMessage.Forward;
import io.troupe.broadcast.PeerMessage.LeaderConfirmed;
import io.troupe.broadcast.PeerMessage.NewEpoch;
import io.troupe.broadcast.PeerMessage.NewLeader;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.broadcast.PeerMessage.StepDown;
import io.troupe.broadcast.PeerMessage.TakeSnapshot;
import io.troupe.broadcast.PeerMessage.TakeTreeAnew;
import io.troupe.broadcast.PeerMessage.TreeDiffers;
import io.troupe.broadcast.PeerMessage.UpToDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every message in every state in which it has no place: a follower gives up a leader that sends it, a leader closes the
 * connection of a learner that sends it and goes on. Node 1 holds four batches of epoch 3.
 */
class OutOfPlaceTest extends PhaseTest {
    private static final long LAST = zxid(3, 4);
    private static final Past HISTORY = Past.EMPTY.epochs(4, 3).logged(Samples.epoch(0, 3, 4));

    private static final List<PeerMessage> ALL = List.of(
            Samples.info(2, Samples.disk(2), "ensemble", 4),
            new NewEpoch(5),
            new StepDown(false),
            new TreeDiffers(LAST, 1),
            new TakeTreeAnew(),
            new AckEpoch(5, 3, LAST, true),
            new CutBack(LAST),
            new TakeSnapshot(zxid(4, 9)),
            new NewLeader(5, LAST),
            new AckNewLeader(5, LAST),
            new UpToDate(5, LAST),
            new Propose(Samples.batch(LAST, zxid(5, 1), 1).image(), LAST),
            new Ack(LAST),
            new Commit(LAST),
            new Forward(Samples.section(2, 1, 1, 1).image()),
            new AskCommitPoint(1),
            new CommitPoint(1, LAST),
            new ConfirmLeader(1),
            new LeaderConfirmed(1));

    private static Stream<PeerMessage> except(Set<Class<? extends PeerMessage>> inPlace) {
        return ALL.stream().filter(m -> !inPlace.contains(m.getClass()));
    }

    @Test
    void thereIsASampleOfEveryMessage() {
        assertThat(ALL.stream().map(PeerMessage::getClass))
                .map(Class::getName)
                .containsExactlyInAnyOrderElementsOf(Stream.of(PeerMessage.class.getPermittedSubclasses())
                        .map(Class::getName)
                        .toList());
    }

    // ---- from a leader ----

    static Stream<PeerMessage> notForACaller() {
        return except(Set.of(NewEpoch.class));
    }

    @ParameterizedTest
    @MethodSource("notForACaller")
    void aFollowerThatHasCalledGivesUp(PeerMessage message) {
        calling(HISTORY);
        givesUp(message);
    }

    private void givesUp(PeerMessage message) {
        rig().log.forget();
        rig().tree.forget();

        peer(2).says(message);

        assertThat(rig().phase()).isEqualTo("looking");
        assertThat(rig().log.messages()).isEmpty();
        assertThat(rig().executed()).isEmpty();
    }

    static Stream<PeerMessage> notForOneThatHasPromised() {
        return except(Set.of(Propose.class, CutBack.class, TakeSnapshot.class, NewLeader.class));
    }

    @ParameterizedTest
    @MethodSource("notForOneThatHasPromised")
    void aFollowerThatHasPromisedGivesUp(PeerMessage message) {
        promising(HISTORY, 5);
        givesUp(message);
    }

    static Stream<PeerMessage> notForOneThatHasAcknowledged() {
        return except(Set.of(Propose.class, UpToDate.class));
    }

    @ParameterizedTest
    @MethodSource("notForOneThatHasAcknowledged")
    void aFollowerThatHasAcknowledgedGivesUp(PeerMessage message) {
        acknowledging(HISTORY, 5);
        givesUp(message);
    }

    static Stream<PeerMessage> notForAServingFollower() {
        return except(Set.of(Propose.class, Commit.class, CommitPoint.class, ConfirmLeader.class));
    }

    @ParameterizedTest
    @MethodSource("notForAServingFollower")
    void aServingFollowerGivesUp(PeerMessage message) {
        following(HISTORY, 5);
        givesUp(message);
    }

    // ---- from a learner ----

    static Stream<PeerMessage> notFromOneThatIsNotTheLeader() {
        return ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("notFromOneThatIsNotTheLeader")
    void aFollowerRefusesAnyoneElse(PeerMessage message) {
        following(HISTORY, 5);
        peer(3).dials(4);

        peer(3).says(message);

        assertThat(peer(3).isReset()).isTrue();
        assertThat(rig().phase()).isEqualTo("following");
    }

    static Stream<PeerMessage> notFromACaller() {
        return except(Set.of(Ack.class));
    }

    @ParameterizedTest
    @MethodSource("notFromACaller")
    void aLeaderRefusesALearnerThatWasNotTold(PeerMessage message) {
        discovering(HISTORY);
        peer(2).dials(4);
        refuses("leading: discovery", message);
    }

    private void refuses(String phase, PeerMessage message) {
        rig().log.forget();
        rig().tree.forget();

        peer(2).says(message);

        assertThat(peer(2).isReset()).isTrue();
        assertThat(rig().phase()).isEqualTo(phase);
        assertThat(rig().log.messages()).isEmpty();
        assertThat(rig().tree.messages()).isEmpty();
    }

    static Stream<PeerMessage> notFromOneThatWasTold() {
        return except(Set.of(Ack.class, AckEpoch.class));
    }

    @ParameterizedTest
    @MethodSource("notFromOneThatWasTold")
    void aLeaderRefusesALearnerThatOwesItsPromise(PeerMessage message) {
        discovering(HISTORY);
        peer(2).dials(4);
        rig().saved();
        refuses("leading: discovery", message);
    }

    static Stream<PeerMessage> notFromOneThatHasPromised() {
        return except(Set.of(Ack.class));
    }

    @ParameterizedTest
    @MethodSource("notFromOneThatHasPromised")
    void aLeaderRefusesALearnerThatGoesAheadOfIt(PeerMessage message) {
        synchronizing(HISTORY);
        refuses("leading: synchronization", message);
    }

    @ParameterizedTest
    @MethodSource("notFromOneThatWasTold")
    void aLeaderRefusesALearnerThatOwesItsNewPosition(PeerMessage message) {
        synchronizing(HISTORY);
        rig().locatedBehind(zxid(3, 2));
        refuses("leading: synchronization", message);
    }

    static Stream<PeerMessage> notFromOneThatWasToldNewLeader() {
        return except(Set.of(Ack.class, AckNewLeader.class));
    }

    @ParameterizedTest
    @MethodSource("notFromOneThatWasToldNewLeader")
    void aLeaderRefusesALearnerThatOwesItsAcknowledgement(PeerMessage message) {
        synchronizing(HISTORY);
        rig().located();
        refuses("leading: synchronization", message);
    }

    static Stream<PeerMessage> notFromAServingFollower() {
        return except(Set.of(Ack.class, Forward.class, AskCommitPoint.class, LeaderConfirmed.class, TreeDiffers.class));
    }

    @ParameterizedTest
    @MethodSource("notFromAServingFollower")
    void aLeaderRefusesAServingFollower(PeerMessage message) {
        leading(HISTORY);
        refuses("leading", message);
        assertThat(rig().status().syncedFollowers()).isZero();
    }
}
