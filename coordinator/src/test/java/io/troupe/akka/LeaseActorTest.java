package io.troupe.akka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.coordination.lease.LeaseTimeoutException;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.Ensemble;
import io.troupe.client.FaultyNodes;
import io.troupe.client.Session;
import io.troupe.client.SessionSettings;
import io.troupe.client.SessionState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases of owners whose nodes die, or who are cut off from all nodes. */
class LeaseActorTest {
    private static Ensemble ensemble;
    private static Session witness;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        ensemble = Ensemble.start(directory, 3, "min-session-timeout = 500ms");
        witness = get(CoordinatorClient.create(ensemble.application(), ensemble.places())
                .open());
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    private static ConditionFactory patiently() {
        return await().atMost(Ensemble.PATIENCE);
    }

    private static <T> T get(CompletionStage<T> stage) {
        return Objects.requireNonNull(stage.toCompletableFuture()
                .orTimeout(Ensemble.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join());
    }

    /** Who has a lease of his own session. */
    private static final class Owner {
        final ActorSystem<?> system = ensemble.application();
        final FaultyNodes network = new FaultyNodes(system);
        final AtomicReference<@Nullable Holding> holding = new AtomicReference<>();
        final AtomicInteger losses = new AtomicInteger();
        final Duration timeout;
        final ActorRef<LeaseProtocol.Command> actor;
        CompletableFuture<Session> opened;

        Owner(String lease, Duration timeout, Duration patience) {
            this.timeout = timeout;
            this.opened = open();
            get(opened);
            this.actor = system.systemActorOf(
                    LeaseActor.create(this::session, LeaseZnode.of("/a/leases", lease, "owner"), patience, holding),
                    "lease",
                    Props.empty());
        }

        private CompletableFuture<Session> open() {
            return CoordinatorClient.create(system, ensemble.places(), network)
                    .open(SessionSettings.DEFAULT.withTimeout(timeout).withConnectTimeout(Duration.ofSeconds(1)))
                    .toCompletableFuture();
        }

        private synchronized CompletionStage<Session> session() {
            if (opened.isDone() && opened.join().state().isFinal()) {
                opened = open();
            }
            return opened;
        }

        CompletionStage<Boolean> acquire() {
            var acquire = new LeaseProtocol.Acquire(new CompletableFuture<>(), reason -> losses.incrementAndGet());
            actor.tell(acquire);
            return acquire.answer();
        }

        CompletionStage<Boolean> release() {
            var release = new LeaseProtocol.Release(new CompletableFuture<>());
            actor.tell(release);
            return release.answer();
        }

        long token() {
            return Objects.requireNonNull(holding.get()).token();
        }

        boolean isCertain() {
            Holding now = holding.get();
            return now != null && now.isCertain();
        }

        void cutOff() {
            ensemble.places().forEach(network::cut);
        }
    }

    @Test
    void aChangeOfNodeDoesNotLoseIt() throws Exception {
        Owner owner = new Owner("moving", Duration.ofSeconds(20), Duration.ofSeconds(40));
        assertThat(get(owner.acquire())).isTrue();
        long token = owner.token();
        Session session = owner.opened.join();
        CompletableFuture<SessionState> reconnected = new CompletableFuture<>();
        session.onState(state -> {
            if (state == SessionState.RECONNECTED) {
                reconnected.complete(state);
            }
        });

        int node = ensemble.places().indexOf(owner.network.latest());
        ensemble.stopNode(node);
        get(reconnected);
        patiently().until(owner::isCertain);
        assertThat(get(owner.acquire())).isTrue();
        assertThat(owner.token()).isEqualTo(token);
        assertThat(owner.losses).hasValue(0);
        ensemble.startNode(node);
        ensemble.awaitServing(node);
    }

    @Test
    void whoIsCutOffHearsOfItAndKeepsOthersOutUntilItsSessionEnds() {
        Owner owner = new Owner("cut", Duration.ofSeconds(3), Duration.ofSeconds(40));
        Owner next = new Owner("cut", Duration.ofSeconds(20), Duration.ofSeconds(40));
        assertThat(get(owner.acquire())).isTrue();
        long token = owner.token();
        assertThat(get(next.acquire())).isFalse();

        owner.cutOff();
        patiently().until(() -> owner.losses.get() == 1);
        assertThat(owner.isCertain()).isFalse();
        assertThat(owner.holding.get()).isNull();
        patiently().until(() -> get(next.acquire()));
        assertThat(next.token()).isGreaterThan(token);

        owner.network.heal();
        assertThat(get(owner.acquire())).as("in a new session").isFalse();
        assertThat(get(next.release())).isTrue();
        assertThat(get(owner.acquire())).isTrue();
        assertThat(owner.losses).hasValue(1);
    }

    @Test
    void whatWasLostInSilenceIsKeptForItsOwnerWhileItsSessionLives() {
        Owner owner = new Owner("kept", Duration.ofSeconds(20), Duration.ofSeconds(60));
        Owner next = new Owner("kept", Duration.ofSeconds(20), Duration.ofSeconds(40));
        assertThat(get(owner.acquire())).isTrue();
        long token = owner.token();

        owner.cutOff();
        patiently().until(() -> owner.losses.get() == 1);
        // Half of the session's time is left.
        CompletionStage<Boolean> again = owner.acquire();
        assertThat(get(next.acquire())).isFalse();
        owner.network.heal();
        assertThat(get(again)).isTrue();
        assertThat(owner.token()).isEqualTo(token);
        assertThat(get(next.acquire())).isFalse();
        assertThat(get(owner.release())).isTrue();
        assertThat(get(next.acquire())).isTrue();
    }

    @Test
    void whatWasNotAcquiredInTimeIsNotHeldLater() {
        Owner owner = new Owner("late", Duration.ofSeconds(40), Duration.ofSeconds(2));
        Owner next = new Owner("late", Duration.ofSeconds(20), Duration.ofSeconds(40));
        owner.cutOff();
        CompletionStage<Boolean> acquired = owner.acquire();
        assertThat(failure(acquired)).isInstanceOf(LeaseTimeoutException.class);

        owner.network.heal();
        patiently().until(() -> get(next.acquire()));
        assertThat(owner.isCertain()).isFalse();
        assertThat(get(witness.sync("/").thenCompose(done -> witness.exists("/a/leases/late")))
                        .map(stat -> stat.ephemeralOwner()))
                .isEqualTo(Optional.of(next.opened.join().id()));
    }

    @Test
    void aReleaseThatIsNotAnsweredInTimeGoesOn() {
        Owner owner = new Owner("released", Duration.ofSeconds(40), Duration.ofSeconds(2));
        Owner next = new Owner("released", Duration.ofSeconds(20), Duration.ofSeconds(40));
        assertThat(get(owner.acquire())).isTrue();
        owner.cutOff();
        assertThat(failure(owner.release())).isInstanceOf(LeaseTimeoutException.class);
        assertThat(owner.isCertain()).isFalse();
        assertThat(get(next.acquire())).isFalse();

        owner.network.heal();
        patiently().until(() -> get(next.acquire()));
        assertThat(owner.losses).hasValue(0);
    }

    @Test
    void itStaysWhenItsOwnersActorSystemEndsAndWaitsForHisSession() {
        Owner owner = new Owner("ended", Duration.ofSeconds(4), Duration.ofSeconds(40));
        Owner next = new Owner("ended", Duration.ofSeconds(20), Duration.ofSeconds(40));
        assertThat(get(owner.acquire())).isTrue();
        get(witness.sync("/"));
        Optional<?> before = get(witness.exists("/a/leases/ended"));
        assertThat(before).isPresent();
        owner.system.terminate();
        get(owner.system.getWhenTerminated());
        assertThat(owner.isCertain()).isFalse();
        get(witness.sync("/"));
        assertThat(get(witness.exists("/a/leases/ended"))).isEqualTo(before);
        patiently().until(() -> get(next.acquire()));
    }

    private static Throwable failure(CompletionStage<?> stage) {
        try {
            get(stage);
        } catch (CompletionException e) {
            return Objects.requireNonNull(e.getCause());
        }
        throw new AssertionError("did not fail");
    }
}
