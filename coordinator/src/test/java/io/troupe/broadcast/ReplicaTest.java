package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.broadcast.pipeline.Admission.Position;
import io.troupe.contract.Shows;
import io.troupe.ensemble.Member;
import io.troupe.log.NodeMeta;
import io.troupe.request.Batch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicaTest {
    private static final NodeMeta META = Past.EMPTY.epochs(3, 3).meta();

    private final Replica replica = new Replica(META, 0, Samples.THREE, Map.of());

    private void appendEpoch3(int count) {
        Samples.epoch(replica.lastZxid(), 3, count).forEach(replica::append);
    }

    @Test
    void holdsNothingDurablyThatWasOnlyAppended() {
        appendEpoch3(3);

        assertThat(replica.lastZxid()).isEqualTo(zxid(3, 3));
        assertThat(replica.durable()).isZero();
        assertThat(replica.commit()).isZero();
        assertThat(replica.deliver()).isEmpty();
    }

    @Test
    void takesReportsOfDurabilityInAnyOrder() {
        appendEpoch3(3);

        assertThat(replica.durable(zxid(3, 2))).isTrue();
        assertThat(replica.durable(zxid(3, 1))).isFalse();
        assertThat(replica.durable(zxid(3, 2))).isFalse();

        assertThat(replica.durable()).isEqualTo(zxid(3, 2));
    }

    @Test
    void doesNotBelieveThatMoreIsDurableThanThereIs() {
        appendEpoch3(1);

        assertThatThrownBy(() -> replica.durable(zxid(3, 2))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void deliversWhatCommitsInOrderAndOnce() {
        appendEpoch3(4);

        replica.commit(zxid(3, 2));
        assertThat(replica.deliver()).extracting(Batch::lastZxid).containsExactly(zxid(3, 1), zxid(3, 2));
        replica.commit(zxid(3, 1));
        assertThat(replica.deliver()).isEmpty();
        replica.commit(zxid(3, 3));

        assertThat(replica.deliver()).extracting(Batch::lastZxid).containsExactly(zxid(3, 3));
        assertThat(replica.delivered()).isEqualTo(zxid(3, 3));
    }

    @Test
    void commitsNoFurtherThanItsHistoryReaches() {
        appendEpoch3(1);

        replica.commit(zxid(3, 9));

        assertThat(replica.commit()).isEqualTo(zxid(3, 1));
    }

    @Test
    void refusesABatchThatLeavesAGap() {
        appendEpoch3(1);

        assertThatThrownBy(() -> replica.append(Samples.batch(zxid(3, 2), zxid(3, 3), 1)))
                .isInstanceOf(IllegalStateException.class);
    }

    // ---- truncation ----

    @Test
    void endsWhereItWasCutBack() {
        appendEpoch3(4);
        replica.durable(zxid(3, 4));

        replica.truncate(zxid(3, 2));

        assertThat(replica.lastZxid()).isEqualTo(zxid(3, 2));
        assertThat(replica.durable()).isEqualTo(zxid(3, 2));
    }

    @Test
    @Shows("S31")
    void takesNoReportOfDurabilityWhileTheLogIsBeingCutBack() {
        appendEpoch3(4);
        replica.truncate(zxid(3, 1));
        Samples.epoch(zxid(3, 1), 4, 2).forEach(replica::append);

        assertThat(replica.durable(zxid(3, 4))).isFalse();
        assertThat(replica.durable()).isZero();
        replica.truncated(zxid(3, 1));

        assertThat(replica.durable()).isEqualTo(zxid(3, 1));
        assertThat(replica.durable(zxid(4, 1))).isTrue();
    }

    @Test
    void waitsForTheLastOfSeveralTruncations() {
        appendEpoch3(4);
        replica.truncate(zxid(3, 3));
        replica.truncate(zxid(3, 1));

        replica.truncated(zxid(3, 3));
        assertThat(replica.durable()).isZero();
        assertThat(replica.durable(zxid(3, 1))).isFalse();
        replica.truncated(zxid(3, 1));

        assertThat(replica.durable()).isEqualTo(zxid(3, 1));
    }

    @Test
    void refusesToUndoWhatWasDelivered() {
        appendEpoch3(4);
        replica.commit(zxid(3, 2));
        replica.deliver();

        assertThatThrownBy(() -> replica.truncate(zxid(3, 1))).isInstanceOf(IllegalStateException.class);
    }

    // ---- origins ----

    @Test
    void knowsHowFarEachOriginStandsInTheWholeHistory() {
        replica.append(Samples.batch(0, zxid(3, 1), List.of(Samples.section(2, 8, 1, 2), Samples.section(3, 5, 1, 1))));
        replica.commit(zxid(3, 3));
        replica.deliver();
        replica.append(Samples.batch(zxid(3, 3), zxid(3, 4), List.of(Samples.section(2, 8, 3, 1))));

        assertThat(replica.originsInHistory()).isEqualTo(Map.of(2, new Position(8, 3), 3, new Position(5, 1)));
    }

    @Test
    void forgetsHowFarAnOriginStoodInWhatWasCutOff() {
        replica.append(Samples.batch(0, zxid(3, 1), List.of(Samples.section(2, 8, 1, 2))));
        replica.append(Samples.batch(zxid(3, 2), zxid(3, 3), List.of(Samples.section(2, 8, 3, 1))));

        replica.truncate(zxid(3, 2));

        assertThat(replica.originsInHistory()).isEqualTo(Map.of(2, new Position(8, 2)));
    }

    @Test
    void startsOverFromASnapshot() {
        appendEpoch3(4);
        replica.truncate(zxid(3, 2));

        replica.restart(zxid(5, 7), Samples.FIVE, Map.of(3, new Position(2, 9)));

        assertThat(replica.lastZxid()).isEqualTo(zxid(5, 7));
        assertThat(replica.durable()).isEqualTo(zxid(5, 7));
        assertThat(replica.commit()).isEqualTo(zxid(5, 7));
        assertThat(replica.delivered()).isEqualTo(zxid(5, 7));
        assertThat(replica.membership()).isEqualTo(Samples.FIVE);
        assertThat(replica.originsInHistory()).isEqualTo(Map.of(3, new Position(2, 9)));
        replica.append(Samples.batch(zxid(5, 7), zxid(5, 8), 1));
        assertThat(replica.durable(zxid(5, 8))).isTrue();
    }

    // ---- voters ----

    @Test
    void needsBothConfigurationsFromTheAppendOfAChangeToItsCommit() {
        replica.append(Samples.changeOfMembers(0, zxid(3, 1), Samples.FIVE.voters()));
        assertThat(replica.membership().voters()).isEqualTo(Samples.THREE.voters());
        assertThat(replica.membership().next()).isEqualTo(Samples.FIVE.voters());
        assertThat(replica.peers()).containsExactly(2, 3, 4, 5);

        replica.commit(zxid(3, 1));
        replica.deliver();

        assertThat(replica.membership().voters()).isEqualTo(Samples.FIVE.voters());
        assertThat(replica.membership().next()).isNull();
        assertThat(replica.membership().version()).isEqualTo(zxid(3, 1));
    }

    /** As at a start, and at a learner that hears of the commit of one change with the proposal of the next. */
    @Test
    void needsBothConfigurationsWhileOneChangeStandsBehindAnotherThatCommits() {
        replica.append(Samples.changeOfMembers(0, zxid(3, 1), Samples.FIVE.voters()));
        replica.append(Samples.changeOfMembers(zxid(3, 1), zxid(3, 2), Samples.THREE.voters()));

        replica.commit(zxid(3, 1));
        replica.deliver();

        assertThat(replica.membership().voters()).isEqualTo(Samples.FIVE.voters());
        assertThat(replica.membership().next()).isEqualTo(Samples.THREE.voters());
    }

    @Test
    void forgetsAChangeOfVotersThatWasCutOff() {
        appendEpoch3(1);
        replica.append(Samples.changeOfMembers(zxid(3, 1), zxid(3, 2), Samples.FIVE.voters()));

        replica.truncate(zxid(3, 1));

        assertThat(replica.membership()).isEqualTo(Samples.THREE);
    }

    @Test
    void keepsAChangeOfVotersThatWasNotCutOff() {
        replica.append(Samples.changeOfMembers(0, zxid(3, 1), Samples.FIVE.voters()));
        Samples.epoch(zxid(3, 1), 4, 2).forEach(replica::append);

        replica.truncate(zxid(3, 1));

        assertThat(replica.membership().next()).isEqualTo(Samples.FIVE.voters());
    }

    @Test
    void countsWithTheDiskThatIsListedAndNoOther() {
        assertThat(replica.voting()).isTrue();
        Member elsewhere = Samples.voter(1).withDisk(999);

        replica.append(Samples.changeOfMembers(0, zxid(3, 1), List.of(elsewhere, Samples.voter(2), Samples.voter(3))));
        assertThat(replica.voting()).as("the old configuration is in force").isTrue();
        replica.commit(zxid(3, 1));
        replica.deliver();

        assertThat(replica.voting()).isFalse();
    }

    @Test
    void addsItselfToACountOfVotesWithItsDisk() {
        assertThat(replica.withSelf(Map.of(2, 102L))).isEqualTo(Map.of(1, 101L, 2, 102L));
    }

    // ---- promises ----

    @Test
    void remembersAPromiseAsDurableOnlyWhenItIs() {
        NodeMeta promise = META.withAcceptedEpoch(4);

        replica.requestMeta(promise);
        assertThat(replica.meta()).isEqualTo(META);
        assertThat(replica.requestedMeta()).isEqualTo(promise);
        replica.metaSaved(promise);

        assertThat(replica.meta()).isEqualTo(promise);
    }

    @Test
    void everyMemberIsWorthAskingWhoLeads() {
        replica.append(Samples.changeOfMembers(
                0,
                zxid(3, 1),
                List.of(Samples.voter(1), Samples.voter(2), Samples.voter(4).asObserver())));

        assertThat(replica.peers())
                .as("of both lists, whether or not they vote")
                .containsExactly(2, 3, 4);
    }
}
