package io.troupe.akka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import akka.coordination.lease.javadsl.Lease;
import akka.coordination.lease.javadsl.LeaseProvider;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.Ensemble;
import io.troupe.client.Session;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Akka expects of a lease, through its own provider. */
class TroupeLeaseTest {
    private static Ensemble ensemble;
    private static ActorSystem<?> one;
    private static ActorSystem<?> other;
    private static Session witness;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        ensemble = Ensemble.start(directory, 1, "");
        one = application();
        other = application();
        witness = get(CoordinatorClient.create(ensemble.application(), ensemble.places())
                .open());
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    private static ActorSystem<?> application() {
        return ensemble.application("""
                troupe.lease.contact-points = ["%s"]
                short.lease = ${troupe.lease} { heartbeat-timeout = 6s }
                """.formatted(ensemble.place(0)));
    }

    private static <T> T get(CompletionStage<T> stage) {
        return Objects.requireNonNull(stage.toCompletableFuture()
                .orTimeout(Ensemble.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join());
    }

    private static TroupeLease lease(ActorSystem<?> system, String name, String owner) {
        return lease(system, name, "troupe.lease", owner);
    }

    private static TroupeLease lease(ActorSystem<?> system, String name, String config, String owner) {
        Lease lease = LeaseProvider.get(system).getLease(name, config, owner);
        return (TroupeLease) lease;
    }

    @Test
    void oneOwnerHasItAtATimeAndTokensGrow() {
        TroupeLease ours = lease(one, "orders", "one:1");
        TroupeLease theirs = lease(other, "orders", "other:1");
        assertThat(ours.checkLease()).isFalse();
        assertThat(ours.token()).isEmpty();

        assertThat(get(ours.acquire())).isTrue();
        assertThat(ours.checkLease()).isTrue();
        assertThat(get(theirs.acquire())).isFalse();
        assertThat(theirs.checkLease()).isFalse();
        assertThat(get(ours.acquire())).as("again").isTrue();
        long token = ours.token().getAsLong();

        assertThat(get(ours.release())).isTrue();
        assertThat(ours.checkLease()).isFalse();
        assertThat(get(theirs.acquire())).isTrue();
        assertThat(theirs.token().getAsLong()).isGreaterThan(token);
        assertThat(get(ours.acquire())).isFalse();
        assertThat(get(theirs.release())).isTrue();
        assertThat(get(theirs.release())).as("again").isTrue();
    }

    @Test
    void theSameNameInAnotherProcessOrAnotherNameInTheSameIsAnotherOwner() {
        assertThat(get(lease(one, "names", "same:1").acquire())).isTrue();
        assertThat(get(lease(other, "names", "same:1").acquire())).isFalse();
        assertThat(get(lease(one, "names", "another:1").acquire())).isFalse();
        assertThat(get(lease(one, "names", "another:1").release())).isTrue();
        assertThat(lease(one, "names", "same:1").checkLease()).isTrue();
    }

    @Test
    void whoeverReadsTheZnodeSeesTheOwner() {
        TroupeLease lease = lease(one, "app-singleton-akka://app/user/a", "one:1");
        assertThat(get(lease.acquire())).isTrue();
        assertThat(get(witness.getData("/akka/leases/app-singleton-akka%3A%2F%2Fapp%2Fuser%2Fa"))
                        .text())
                .isEqualTo("one:1");
    }

    @Test
    void leasesOfAnActorSystemAreInOneSessionForEachTimeout() {
        assertThat(get(lease(one, "first", "one:1").acquire())).isTrue();
        assertThat(get(lease(one, "second", "one:1").acquire())).isTrue();
        assertThat(get(lease(one, "third", "short.lease", "one:1").acquire())).isTrue();
        assertThat(sessionOf("first")).isEqualTo(sessionOf("second")).isNotEqualTo(sessionOf("third"));
    }

    private static long sessionOf(String lease) {
        return get(witness.exists("/akka/leases/" + lease)).orElseThrow().ephemeralOwner();
    }

    @Test
    void itsLossIsToldWhenItsZnodeIsDeleted() {
        TroupeLease lease = lease(one, "deleted", "one:1");
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        assertThat(get(lease.acquire(reason -> first.incrementAndGet()))).isTrue();
        assertThat(get(lease.acquire(reason -> second.incrementAndGet()))).isTrue();
        assertThat(get(lease.acquire())).isTrue();

        get(witness.delete("/akka/leases/deleted"));
        await().atMost(Ensemble.PATIENCE).until(() -> second.get() == 1);
        assertThat(lease.checkLease()).isFalse();
        assertThat(first).as("told no longer").hasValue(0);
        assertThat(get(lease(other, "deleted", "other:1").acquire())).isTrue();
        assertThat(get(lease.acquire())).isFalse();
        assertThat(second).hasValue(1);
    }

    @Test
    void whatWasReleasedIsNotLost() {
        TroupeLease lease = lease(one, "released", "one:1");
        AtomicInteger losses = new AtomicInteger();
        assertThat(get(lease.acquire(reason -> losses.incrementAndGet()))).isTrue();
        assertThat(get(lease.release())).isTrue();
        TroupeLease theirs = lease(other, "released", "other:1");
        assertThat(get(theirs.acquire())).isTrue();
        assertThat(get(theirs.release())).isTrue();
        assertThat(get(lease.acquire())).isTrue();
        get(witness.delete("/akka/leases/released"));
        await().atMost(Ensemble.PATIENCE).until(() -> !lease.checkLease());
        assertThat(losses).hasValue(0);
    }

    @Test
    void aReleaseEndsAnAcquisitionThatIsUnderWay() {
        TroupeLease lease = lease(one, "changed", "one:1");
        CompletionStage<Boolean> acquired = lease.acquire();
        CompletionStage<Boolean> released = lease.release();
        CompletionStage<Boolean> again = lease.acquire();
        assertThat(get(acquired)).isFalse();
        assertThat(get(again)).isTrue();
        assertThat(get(released)).isTrue();
        assertThat(get(lease.release())).isTrue();
        assertThat(get(witness.exists("/akka/leases/changed"))).isEmpty();
    }

    @Test
    void aWrongConfigurationSaysWhatToSet() {
        ActorSystem<?> unconfigured = ensemble.application();
        assertThatThrownBy(() -> lease(unconfigured, "a", "b"))
                .hasStackTraceContaining("set troupe.lease.contact-points");
    }
}
