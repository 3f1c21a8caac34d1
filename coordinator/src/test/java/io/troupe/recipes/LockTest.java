package io.troupe.recipes;

import static io.troupe.recipes.Rig.failure;
import static io.troupe.recipes.Rig.get;
import static io.troupe.recipes.Rig.names;
import static io.troupe.recipes.Rig.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Session;
import io.troupe.env.Clock;
import io.troupe.env.system.SystemClock;
import io.troupe.recipes.Rig.Party;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks and their like, with real nodes, in sessions that expire and whose messages are lost. */
class LockTest {
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
    void oneAfterTheOtherWithGrowingTokens() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Long> tokens = new CopyOnWriteArrayList<>();
        List<CompletionStage<Integer>> turns = new ArrayList<>();
        for (int who = 0; who < 3; who++) {
            Lock lock = rig.party().recipes().mutex("/mutex/turns");
            for (int turn = 0; turn < 10; turn++) {
                turns.add(lock.whileHeld(lease -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    tokens.add(lease.token());
                    return CompletableFuture.supplyAsync(inside::decrementAndGet);
                }));
            }
        }

        turns.forEach(Rig::get);

        assertThat(most).hasValue(1);
        assertThat(tokens).hasSize(30).isSorted().doesNotHaveDuplicates();
        assertThat(names(rig.party().session(), "/mutex/turns")).isEmpty();
    }

    @Test
    void theNextHasItWhenTheHoldersSessionExpires() {
        Party doomed = rig.party(Duration.ofSeconds(2));
        Party other = rig.party();
        Lease held = get(doomed.recipes().mutex("/mutex/expiry").acquire());
        CompletionStage<Lease> waiting = other.recipes().mutex("/mutex/expiry").acquire();
        List<Boolean> heldWhenGranted = new CopyOnWriteArrayList<>();
        waiting.thenAccept(lease -> heldWhenGranted.add(held.isHeld()));

        rig.expire(doomed);

        Lease next = get(waiting);
        assertThat(get(held.lost())).isEqualTo(Loss.SUSPENDED);
        assertThat(heldWhenGranted).containsExactly(false);
        assertThat(next.token()).isGreaterThan(held.token());
        assertThat(next.isHeld()).isTrue();
        get(held.release());
        get(next.release());
        assertThat(next.isHeld()).isFalse();
        assertThat(get(next.lost())).isEqualTo(Loss.RELEASED);
        assertThat(failure(doomed.recipes().mutex("/mutex/expiry").acquire()))
                .isInstanceOf(CoordinatorException.SessionExpired.class);
    }

    @Test
    void whoStoodStillHoldsNothingAtHisFirstLook() {
        AtomicLong stoodStill = new AtomicLong();
        SystemClock clock = new SystemClock();
        Party holder = rig.party(Duration.ofSeconds(20), new Clock() {
            @Override
            public long monotonicNanos() {
                return clock.monotonicNanos() + stoodStill.get();
            }

            @Override
            public long wallMillis() {
                return clock.wallMillis();
            }

            @Override
            public void alarm(long nanos, Runnable task) {
                clock.alarm(nanos, task);
            }
        });
        Lease held = get(holder.recipes().mutex("/mutex/still").acquire());
        boolean before = held.isHeld();

        stoodStill.set(Duration.ofSeconds(20).toNanos());
        boolean after = held.isHeld();

        assertThat(before).isTrue();
        assertThat(after).isFalse();
        assertThat(get(held.lost())).isEqualTo(Loss.SUSPENDED);
        get(get(holder.recipes().mutex("/mutex/still").acquire()).release());
    }

    @Test
    void aHolderWhoseNodeIsSilentGivesItBackWhenItHasAnother() {
        Party holder = rig.party(Duration.ofSeconds(10));
        Lease held = get(holder.recipes().mutex("/mutex/silent").acquire());
        CompletableFuture<Lease> waiting =
                rig.party().recipes().mutex("/mutex/silent").acquire().toCompletableFuture();

        holder.network().cut(holder.network().latest());

        assertThat(get(held.lost())).isEqualTo(Loss.SUSPENDED);
        get(get(waiting).release());
        holder.network().heal();
        get(get(holder.recipes().mutex("/mutex/silent").acquire()).release());
    }

    @Test
    void aZnodeWhoseCreationWasNotAnsweredIsFoundAgain() {
        Party party = rig.party(Duration.ofSeconds(6));
        Session session = party.session();
        Lock lock = party.recipes().mutex("/mutex/orphan");
        get(get(lock.acquire()).release());
        for (int i = 0; i < 4; i++) {
            party.network().loseOneToClient();
            Lease lease = get(lock.acquire());
            assertThat(names(session, "/mutex/orphan")).hasSize(1);
            get(lease.release());
            assertThat(names(session, "/mutex/orphan")).isEmpty();
        }
    }

    @Test
    void whoWaitsWatchesTheOneBeforeAlone() {
        Session session = rig.party().session();
        Lock lock = rig.party().recipes().mutex("/mutex/herd");
        List<Lease> granted = new CopyOnWriteArrayList<>();
        Lease first = get(lock.acquire());
        List<CompletionStage<Lease>> waiting = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            CompletionStage<Lease> next = lock.acquire();
            next.thenAccept(granted::add);
            waiting.add(next);
            int all = i + 1;
            patiently().until(() -> names(session, "/mutex/herd").size() == all);
        }

        waiting.get(1).toCompletableFuture().cancel(true);
        patiently().until(() -> names(session, "/mutex/herd").size() == 3);
        get(first.release());

        Lease second = get(waiting.get(0));
        // What is to be done with a result is done after it can be seen.
        patiently().until(() -> !granted.isEmpty());
        assertThat(granted).containsExactly(second);
        get(second.release());
        Lease fourth = get(waiting.get(2));
        assertThat(fourth.token()).isGreaterThan(second.token());
        get(fourth.release());
    }

    @Test
    void whoWaitsTooLongGoesWithoutATrace() {
        Session session = rig.party().session();
        Lock lock = rig.party().recipes().mutex("/mutex/impatient");
        Lease held = get(lock.acquire());

        Optional<Lease> none = get(lock.tryAcquire(Duration.ofMillis(100)));

        assertThat(none).isEmpty();
        patiently().until(() -> names(session, "/mutex/impatient").size() == 1);
        get(held.release());
        Lease again = get(lock.tryAcquire(Duration.ofSeconds(40))).orElseThrow();
        assertThat(again.isHeld()).isTrue();
        get(again.release());
    }

    @Test
    void itIsLostWhenSomebodyDeletesItsZnode() {
        Party party = rig.party();
        Lease held = get(party.recipes().mutex("/mutex/removed").acquire());

        get(rig.party().session().delete(held.path()));

        assertThat(get(held.lost())).isEqualTo(Loss.REMOVED);
        patiently().until(() -> names(party.session(), "/mutex/removed").isEmpty());
    }

    @Test
    void workThatFailsGivesItBackToo() {
        Party party = rig.party();
        Lock lock = party.recipes().mutex("/mutex/failing");

        assertThat(failure(lock.whileHeld(lease -> CompletableFuture.failedFuture(new IllegalStateException("work")))))
                .hasMessage("work");
        assertThat(failure(lock.whileHeld(lease -> {
                    throw new IllegalStateException("start");
                })))
                .hasMessage("start");
        assertThat(names(party.session(), "/mutex/failing")).isEmpty();
    }

    @Test
    void anActorContendsAsWell() {
        Party party = rig.party();
        Lease before = get(rig.party().recipes().mutex("/mutex/actor").acquire());
        TestProbe<Standing> probe = TestProbe.create(party.system());
        ActorRef<Release> contender = party.system()
                .systemActorOf(
                        party.recipes().mutex("/mutex/actor").contender(probe.ref()), "contender", Props.empty());
        patiently().until(() -> names(party.session(), "/mutex/actor").size() == 2);
        get(before.release());

        Lease lease = ((Standing.Granted) probe.receiveMessage(Duration.ofMinutes(1))).lease();
        assertThat(lease.token()).isGreaterThan(before.token());
        contender.tell(new Release());

        assertThat(probe.receiveMessage(Duration.ofMinutes(1))).isEqualTo(new Standing.Lost(Loss.RELEASED));
        assertThat(probe.receiveMessage(Duration.ofMinutes(1))).isEqualTo(new Standing.Ended(null));
        assertThat(names(party.session(), "/mutex/actor")).isEmpty();
    }

    @Test
    void anActorThatIsStoppedGivesItBack() {
        Party party = rig.party();
        for (Lock lock :
                List.of(party.recipes().mutex("/mutex/stop"), party.recipes().semaphore("/mutex/stop", 1))) {
            TestProbe<Standing> probe = TestProbe.create(party.system());
            ActorRef<String> parent = party.system()
                    .systemActorOf(
                            Behaviors.setup(context -> {
                                context.spawn(lock.contender(probe.ref()), "contender");
                                return Behaviors.receiveMessage(message -> Behaviors.stopped());
                            }),
                            "parent-" + probe.ref().path().name(),
                            Props.empty());
            String held = ((Standing.Granted) probe.receiveMessage(Duration.ofMinutes(1)))
                    .lease()
                    .path();

            parent.tell("stop");

            probe.fishForMessage(
                    Duration.ofMinutes(1),
                    standing -> standing.equals(new Standing.Ended(null))
                            ? FishingOutcomes.complete()
                            : FishingOutcomes.continueAndIgnore());
            patiently().until(() -> get(party.session().exists(held)).isEmpty());
        }
    }

    @Test
    void manyReadOrOneWrites() {
        Party party = rig.party();
        ReadWriteLock lock = party.recipes().readWriteLock("/rw");
        Lease reader = get(lock.read().acquire());
        Lease otherReader =
                get(rig.party().recipes().readWriteLock("/rw").read().acquire());
        CompletableFuture<Lease> writer = lock.write().acquire().toCompletableFuture();
        patiently().until(() -> names(party.session(), "/rw").size() == 3);
        CompletableFuture<Lease> late = lock.read().acquire().toCompletableFuture();
        patiently().until(() -> names(party.session(), "/rw").size() == 4);

        get(reader.release());
        get(party.session().sync("/rw"));
        assertThat(writer).isNotDone();
        get(otherReader.release());

        Lease written = get(writer);
        assertThat(late).isNotDone();
        assertThat(written.token()).isGreaterThan(otherReader.token());
        get(written.release());
        assertThat(get(late).token()).isGreaterThan(written.token());
        get(get(late).release());
    }

    @Test
    void aSemaphoreLetsSoManyIn() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<CompletionStage<Integer>> turns = new ArrayList<>();
        for (int who = 0; who < 2; who++) {
            Lock semaphore = rig.party().recipes().semaphore("/semaphore/turns", 2);
            for (int turn = 0; turn < 6; turn++) {
                turns.add(semaphore.whileHeld(lease -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    return CompletableFuture.supplyAsync(inside::decrementAndGet);
                }));
            }
        }
        turns.forEach(Rig::get);
        assertThat(most.get()).isBetween(1, 2);

        Party party = rig.party();
        Lock semaphore = party.recipes().semaphore("/semaphore/turns", 2);
        Lease one = get(semaphore.acquire());
        Lease two = get(semaphore.acquire());
        CompletableFuture<Lease> three = semaphore.acquire().toCompletableFuture();
        patiently()
                .until(() -> names(party.session(), "/semaphore/turns/leases").size() == 3);
        assertThat(three).isNotDone();
        get(one.release());
        assertThat(get(three).token()).isGreaterThan(two.token());
        get(two.release());
        get(get(three).release());
        patiently()
                .until(() -> names(party.session(), "/semaphore/turns/leases").isEmpty()
                        && names(party.session(), "/semaphore/turns/locks").isEmpty());
    }

    @Test
    void aPermitThatIsWaitedForIsAskedForAnewAfterASuspension() {
        Party party = rig.party(Duration.ofSeconds(10));
        Session witness = rig.party().session();
        Lease held =
                get(rig.party().recipes().semaphore("/semaphore/suspended", 1).acquire());
        CompletableFuture<Lease> waiting =
                party.recipes().semaphore("/semaphore/suspended", 1).acquire().toCompletableFuture();
        patiently().until(() -> names(witness, "/semaphore/suspended/leases").size() == 2);
        List<String> before = names(witness, "/semaphore/suspended/leases");

        party.network().cut(party.network().latest());
        patiently().until(() -> {
            List<String> now = names(witness, "/semaphore/suspended/leases");
            return now.size() == 2 && !now.containsAll(before);
        });
        get(held.release());

        get(get(waiting).release());
        party.network().heal();
        patiently().until(() -> names(witness, "/semaphore/suspended/leases").isEmpty());
    }
}
