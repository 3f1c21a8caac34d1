package io.troupe.recipes;

import static io.troupe.recipes.Rig.failure;
import static io.troupe.recipes.Rig.get;
import static io.troupe.recipes.Rig.names;
import static io.troupe.recipes.Rig.patiently;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import io.troupe.client.CoordinatorException;
import io.troupe.recipes.Rig.Party;
import io.troupe.request.CreateMode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues, with real nodes, whose takers die and whose messages are lost. */
class QueueTest {
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

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(Taken taken) {
        return taken.items().get(0).utf8String();
    }

    private static String processNext(WorkQueue queue) {
        CompletionStage<String> processed = queue.process(taken -> CompletableFuture.completedFuture(text(taken)));
        return get(processed);
    }

    @Test
    void eachElementIsTakenByOneInOrder() {
        Party party = rig.party();
        WorkQueue queue = party.recipes().queue("/queue/order");
        for (int i = 0; i < 12; i++) {
            get(queue.put(bytes("element " + i)));
        }
        assertThat(get(queue.size())).isEqualTo(12);
        WorkQueue other = rig.party().recipes().queue("/queue/order");
        List<String> processed = new CopyOnWriteArrayList<>();
        List<CompletionStage<Boolean>> work = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            for (WorkQueue one : List.of(queue, other)) {
                work.add(one.process(taken -> CompletableFuture.completedFuture(processed.add(text(taken)))));
            }
        }
        work.forEach(Rig::get);

        assertThat(processed).doesNotHaveDuplicates().hasSize(12);
        assertThat(names(party.session(), "/queue/order")).isEmpty();
        assertThat(names(party.session(), "/queue/order-locks")).isEmpty();
    }

    @Test
    void oneTakerSeesThemInTheirOrderAndWaitsForMore() {
        Party party = rig.party();
        WorkQueue queue = party.recipes().queue("/queue/waits");
        CompletableFuture<Taken> waiting = queue.take().toCompletableFuture();
        patiently()
                .until(() ->
                        !names(party.session(), "/queue/waits-locks-takers").isEmpty());
        WorkQueue producer = rig.party().recipes().queue("/queue/waits");
        get(producer.putAll(List.of(bytes("one"), bytes("two"))));
        get(producer.put(bytes("three")));

        Taken first = get(waiting);
        assertThat(first.items()).containsExactly(ByteString.fromString("one"), ByteString.fromString("two"));
        assertThat(first.isHeld()).isTrue();
        Taken second = get(queue.take());
        assertThat(text(second)).isEqualTo("three");
        get(first.giveBack());
        assertThat(first.isHeld()).isFalse();
        Taken again = get(queue.take());
        assertThat(again.path()).isEqualTo(first.path());
        assertThat(again.token()).isGreaterThan(first.token());
        get(again.done());
        get(second.done());
        assertThat(get(queue.size())).isZero();
    }

    /** As one does whose first answer was lost. */
    @Test
    void whatIsGivenBackTwiceIsNotTakenFromTheNext() {
        Party party = rig.party();
        WorkQueue queue = party.recipes().queue("/queue/twice");
        WorkQueue other = rig.party().recipes().queue("/queue/twice");
        get(queue.put(bytes("precious")));
        Taken first = get(queue.take());
        get(first.giveBack());
        Taken next = get(other.take());

        get(first.giveBack());

        assertThat(names(party.session(), "/queue/twice-locks"))
                .containsExactly(next.path().substring("/queue/twice/".length()));
        get(next.done());
        assertThat(names(party.session(), "/queue/twice")).isEmpty();
    }

    @Test
    void anElementIsNotLostWithItsTaker() {
        Party doomed = rig.party(Duration.ofSeconds(2));
        Party other = rig.party();
        get(other.recipes().queue("/queue/death").put(bytes("precious")));
        Taken taken = get(doomed.recipes().queue("/queue/death").take());
        CompletionStage<Taken> waiting = other.recipes().queue("/queue/death").take();
        List<Boolean> heldWhenTakenAgain = new CopyOnWriteArrayList<>();
        waiting.thenAccept(again -> heldWhenTakenAgain.add(taken.isHeld()));

        rig.expire(doomed);

        Taken again = get(waiting);
        assertThat(text(again)).isEqualTo("precious");
        assertThat(again.token()).isGreaterThan(taken.token());
        assertThat(heldWhenTakenAgain).containsExactly(false);
        assertThat(failure(taken.done())).isInstanceOf(CoordinatorException.SessionExpired.class);
        get(again.done());
    }

    @Test
    void noElementIsLostOrDoneTwiceWhenAnswersAreLost() {
        Party party = rig.party(Duration.ofSeconds(6));
        WorkQueue queue = party.recipes().queue("/queue/lossy");
        WorkQueue producer = rig.party().recipes().queue("/queue/lossy");
        for (int i = 0; i < 4; i++) {
            get(producer.put(bytes("element " + i)));
        }
        List<String> processed = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 4; i++) {
            party.network().loseOneToClient();
            Taken taken = get(queue.take());
            processed.add(text(taken));
            party.network().loseOneToClient();
            get(taken.done());
        }
        assertThat(processed).containsExactly("element 0", "element 1", "element 2", "element 3");
        assertThat(names(party.session(), "/queue/lossy")).isEmpty();
        assertThat(names(party.session(), "/queue/lossy-locks")).isEmpty();
    }

    @Test
    void workThatFailsLeavesItForAnother() {
        WorkQueue queue = rig.party().recipes().queue("/queue/failing");
        get(queue.put(bytes("hard")));

        assertThat(failure(queue.process(taken -> CompletableFuture.failedFuture(new IllegalStateException("work")))))
                .hasMessage("work");
        assertThat(failure(queue.process(taken -> {
                    throw new IllegalStateException("start");
                })))
                .hasMessage("start");

        assertThat(processNext(queue)).isEqualTo("hard");
        assertThat(get(queue.size())).isZero();
    }

    @Test
    void whoGoesTakesNothingAlong() {
        Party party = rig.party();
        WorkQueue queue = party.recipes().queue("/queue/impatient");
        CompletableFuture<Taken> waiting = queue.take().toCompletableFuture();
        patiently()
                .until(() ->
                        !names(party.session(), "/queue/impatient-locks-takers").isEmpty());

        waiting.cancel(true);

        patiently()
                .until(() ->
                        names(party.session(), "/queue/impatient-locks-takers").isEmpty());
        get(queue.put(bytes("later")));
        Taken taken = get(queue.take());
        assertThat(text(taken)).isEqualTo("later");
        get(taken.done());
    }

    @Test
    void whatIsNoElementIsLeftWhereItIs() {
        Party party = rig.party();
        WorkQueue queue = party.recipes().queue("/queue/odd");
        get(queue.put(bytes("first")));
        get(get(queue.take()).giveBack());
        get(party.session().create("/queue/odd/queue-", bytes("no item"), CreateMode.PERSISTENT_SEQUENTIAL));
        get(party.session().create("/queue/odd/readme", bytes("?"), CreateMode.PERSISTENT));
        get(queue.put(bytes("last")));

        assertThat(processNext(queue)).isEqualTo("first");
        assertThat(processNext(queue)).isEqualTo("last");
        assertThat(names(party.session(), "/queue/odd")).contains("readme").hasSize(2);
        assertThat(names(party.session(), "/queue/odd-locks")).isEmpty();
    }

    @Test
    void delayedElementsComeWhenTheyAreDueTheEarliestFirst() {
        Party party = rig.party();
        HandTime time = new HandTime();
        DelayQueue queue = Recipes.in(party.session(), party.system(), UUID::randomUUID, time)
                .delayQueue("/queue/delayed");
        Instant now = time.instant();
        get(queue.put(bytes("late"), now.plusSeconds(7_200)));
        get(queue.put(bytes("soon"), now.plusMillis(300)));
        get(queue.put(bytes("past"), now.minusSeconds(1)));

        Taken past = get(queue.take());
        assertThat(text(past)).isEqualTo("past");
        assertThat(past.path()).matches("/queue/delayed/queue-\\|[0-9A-F]{8,}\\|[0-9]{10}");
        CompletableFuture<Taken> waiting = queue.take().toCompletableFuture();
        patiently()
                .until(() ->
                        !names(party.session(), "/queue/delayed-locks-takers").isEmpty());
        assertThat(waiting).isNotDone();
        time.pass(Duration.ofMillis(300));
        Taken soon = get(waiting);
        assertThat(text(soon)).isEqualTo("soon");
        time.pass(Duration.ofHours(2));
        get(get(queue.take()).done());
        get(past.done());
        get(soon.done());
        assertThat(get(queue.size())).isZero();
        assertThatThrownBy(() -> queue.put(bytes("x"), Instant.ofEpochMilli(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1970");
    }

    /** The time of day, moved by hand. */
    private static final class HandTime extends Clock {
        private volatile Instant now = Instant.parse("2026-11-21T12:00:00Z");

        void pass(Duration more) {
            now = now.plus(more);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
