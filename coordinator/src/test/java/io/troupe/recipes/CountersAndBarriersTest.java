package io.troupe.recipes;

import static io.troupe.recipes.Rig.failure;
import static io.troupe.recipes.Rig.get;
import static io.troupe.recipes.Rig.names;
import static io.troupe.recipes.Rig.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Session;
import io.troupe.recipes.Rig.Party;
import io.troupe.request.CreateMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counters and barriers with real nodes, in sessions that are cut off. */
class CountersAndBarriersTest {
    @TempDir
    static Path directory;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(directory);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void everyIncrementCounts() {
        Party watching = rig.party();
        List<Long> seen = new CopyOnWriteArrayList<>();
        CompletionStage<Done> stream =
                watching.recipes().counter("/counters/deep/many").changes().runForeach(seen::add, watching.system());
        List<CompletionStage<Long>> increments = new ArrayList<>();
        for (int who = 0; who < 3; who++) {
            Counter counter = rig.party().recipes().counter("/counters/deep/many");
            for (int i = 0; i < 20; i++) {
                increments.add(counter.increment());
            }
        }

        List<Long> sums = increments.stream().map(Rig::get).toList();

        assertThat(sums).hasSize(60).doesNotHaveDuplicates();
        Counter counter = rig.party().recipes().counter("/counters/deep/many");
        assertThat(get(counter.update(value -> value))).isEqualTo(60);
        assertThat(get(counter.set(-7))).isEqualTo(-7);
        patiently().until(() -> seen.contains(-7L));
        assertThat(seen.subList(0, seen.size() - 1)).isSorted().doesNotHaveDuplicates();
        get(watching.session().close());
        get(stream);
    }

    @Test
    void aCounterOfFourBytesStaysOne() {
        Party party = rig.party();
        get(party.session().create("/four", new byte[] {0x7f, -1, -1, -2}, CreateMode.PERSISTENT));
        Counter counter = party.recipes().counter("/four");

        assertThat(get(counter.increment())).isEqualTo(Integer.MAX_VALUE);
        assertThat(failure(counter.increment())).isInstanceOf(ArithmeticException.class);
        assertThat(get(party.session().getData("/four")).bytes()).containsExactly(0x7f, -1, -1, -1);
        get(party.session().setData("/four", new byte[3]));
        assertThat(failure(counter.get())).hasMessageContaining("/four holds 3 bytes");
    }

    @Test
    void aLostAnswerCountsOnceOrIsToldUnknown() {
        Party party = rig.party(Duration.ofSeconds(6));
        Counter counter = party.recipes().counter("/lost-answers");
        long told = 0;
        long unknown = 0;
        get(counter.get());
        for (int i = 0; i < 4; i++) {
            if (i % 2 == 0) {
                party.network().loseOneToClient();
            } else {
                party.network().loseOneToNode();
            }
            CompletionStage<Long> added = counter.increment();
            try {
                get(added);
                told++;
            } catch (RuntimeException e) {
                assertThat(e.getCause()).isInstanceOf(CoordinatorException.ConnectionLoss.class);
                unknown++;
            }
        }

        assertThat(get(counter.get())).isBetween(told, told + unknown);
        assertThat(told + unknown).isEqualTo(4);
    }

    @Test
    void aBarrierHoldsAllUntilItIsLifted() {
        Barrier barrier = rig.party().recipes().barrier("/barriers/one");
        get(barrier.await());
        assertThat(get(barrier.set())).isTrue();
        assertThat(get(barrier.set())).isFalse();
        Party other = rig.party(Duration.ofSeconds(10));
        // Else its node may not know yet that it is set.
        get(other.session().sync("/"));
        CompletableFuture<Done> first =
                other.recipes().barrier("/barriers/one").await().toCompletableFuture();
        CompletableFuture<Done> second = barrier.await().toCompletableFuture();
        get(other.session().sync("/"));
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        other.network().cut(other.network().latest());

        get(barrier.lift());
        get(barrier.lift());

        get(first);
        get(second);
        other.network().heal();
    }

    @Test
    void whoWaitsAtABarrierIsToldThatHisSessionIsOver() {
        Party doomed = rig.party(Duration.ofSeconds(2));
        get(doomed.recipes().barrier("/barriers/expired").set());
        CompletionStage<Done> waiting =
                doomed.recipes().barrier("/barriers/expired").await();

        rig.expire(doomed);

        assertThat(failure(waiting)).isInstanceOf(CoordinatorException.SessionExpired.class);
    }

    @Test
    void allEnterAndLeaveTogetherEveryTime() {
        Session witness = rig.party().session();
        List<DoubleBarrier> members = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            members.add(rig.party().recipes().doubleBarrier("/double/rounds", 3));
        }
        for (int round = 0; round < 3; round++) {
            CompletableFuture<Done> first = members.get(0).enter().toCompletableFuture();
            CompletableFuture<Done> second = members.get(1).enter().toCompletableFuture();
            patiently().until(() -> names(witness, "/double/rounds").size() == 2);
            assertThat(first).isNotDone();
            assertThat(second).isNotDone();
            get(members.get(2).enter());
            get(first);
            get(second);

            CompletableFuture<Done> leaving = members.get(0).leave().toCompletableFuture();
            patiently().until(() -> names(witness, "/double/rounds").size() == 3);
            assertThat(leaving).isNotDone();
            CompletionStage<Done> alsoLeaving = members.get(1).leave();
            get(members.get(2).leave());
            get(leaving);
            get(alsoLeaving);
            assertThat(names(witness, "/double/rounds")).isEmpty();
        }
    }

    @Test
    void whoIsTakenOutOfADoubleBarrierDoesNotCount() {
        Party party = rig.party();
        CompletableFuture<Done> impatient =
                party.recipes().doubleBarrier("/double/cancelled", 2).enter().toCompletableFuture();
        patiently().until(() -> names(party.session(), "/double/cancelled").size() == 1);

        impatient.cancel(true);

        patiently().until(() -> names(party.session(), "/double/cancelled").isEmpty());
    }
}
