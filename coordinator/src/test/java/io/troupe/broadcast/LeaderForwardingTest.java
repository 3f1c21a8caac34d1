package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Forward;
import io.troupe.election.ElectionProtocol;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.log.LogProtocol;
import io.troupe.request.Batch;
import io.troupe.request.Section;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Node 1 leads epoch 1; what it does with the requests that followers forward. */
class LeaderForwardingTest extends PhaseTest {
    private void forwards(Peer follower, Section section) {
        follower.says(new Forward(section.image()));
        rig().pass(Rig.SOON);
    }

    @Test
    void proposesForwardedRequests() {
        leading();

        forwards(peer(2), Samples.section(2, 6, 1, 2));

        Batch batch = rig().log.take(LogProtocol.Append.class).batch();
        assertThat(batch.lastZxid()).isEqualTo(zxid(1, 2));
        assertThat(batch.sections())
                .singleElement()
                .satisfies(s -> assertThat(s.originNode()).isEqualTo(2));
    }

    @Test
    void proposesARequestOnceHoweverOftenItIsForwarded() {
        leading();
        forwards(peer(2), Samples.section(2, 6, 1, 2));
        commits(zxid(1, 2));

        forwards(peer(2), Samples.section(2, 6, 1, 2));
        forwards(peer(2), Samples.section(2, 6, 3, 1));

        assertThat(rig().appended()).containsExactly(zxid(1, 2), zxid(1, 3));
    }

    @Test
    void doesNotProposeAgainWhatTheHistoryOfOlderEpochsHolds() {
        Batch old = Samples.batch(0, zxid(3, 1), List.of(Samples.section(2, 6, 1, 2)));
        leading(Past.EMPTY.epochs(4, 3).logged(List.of(old)));

        forwards(peer(2), Samples.section(2, 6, 1, 2));
        assertThat(rig().appended()).isEmpty();
        forwards(peer(2), Samples.section(2, 6, 3, 1));

        assertThat(rig().appended()).containsExactly(zxid(5, 1));
    }

    /** Its disk was lost and its wall clock has gone back: what it asks for would be taken for late mail of its earlier life. */
    @Test
    void startsUnderALaterIncarnationWhereTheHistoryKnowsOneOfItsOwn() {
        long later = Past.INCARNATION + 1;
        Batch old = Samples.batch(0, zxid(3, 1), List.of(Samples.section(Past.NODE, later, 1, 1)));
        leading(Past.EMPTY.epochs(4, 3).logged(List.of(old)));

        submit(1, 1);

        assertThat(rig().appended()).isEmpty();
        assertThat(rig().election.messages()).last().isEqualTo(new ElectionProtocol.Outdated(Past.NODE, later));
    }

    @Test
    void resetsAFollowerWhoseRequestsAreMissing() {
        leading();

        forwards(peer(2), Samples.section(2, 6, 2, 1));

        assertThat(peer(2).isReset()).isTrue();
        assertThat(rig().appended()).isEmpty();
    }

    @Test
    void resetsALearnerThatForwardsBeforeItServes() {
        leading();
        peer(3).dials(1);
        promises(peer(3), 1, 1, 0);

        forwards(peer(3), Samples.section(3, 6, 1, 1));

        assertThat(peer(3).isReset()).isTrue();
        assertThat(rig().appended()).isEmpty();
    }

    @Test
    void proposesItsOwnRequestsAgainWhenItLeadsAgain() {
        leading();
        submit(1, 2);
        rig().log.forget();
        rig().found(new HeartbeatProtocol.QuorumLost("a test"));

        leadsAgain(zxid(1, 2));
        assertThat(rig().executedEnd()).isEqualTo(zxid(1, 2));
        rig().log.forget();
        submit(3, 1);

        Batch batch = rig().log.take(LogProtocol.Append.class).batch();
        assertThat(batch.sections())
                .singleElement()
                .satisfies(s -> assertThat(s.firstSequence())
                        .as("the first two are part of the history")
                        .isEqualTo(3));
    }

    private void leadsAgain(long lastZxid) {
        rig().elected(new ElectionProtocol.Lead(2));
        peer(2).dials(1);
        long epoch = rig().saved().acceptedEpoch();
        promises(peer(2), epoch, 1, lastZxid);
        rig().saved();
        joins(peer(2));
    }
}
