package io.troupe.client;

import static io.troupe.client.SessionTest.done;
import static io.troupe.client.SessionTest.failure;
import static io.troupe.client.SessionTest.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Sink;
import io.troupe.request.CreateMode;
import io.troupe.request.Stat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions whose nodes die or are cut off, with three real nodes. */
class ReattachTest {
    private static final SessionSettings SETTINGS = SessionSettings.DEFAULT
            .withTimeout(Duration.ofSeconds(3))
            .withDeadline(Duration.ofSeconds(50))
            .withConnectTimeout(Duration.ofSeconds(1));

    @TempDir
    Path directory;

    private Ensemble ensemble;
    private ActorSystem<?> application;
    private FaultyNodes network;
    private Session session;
    private Session writer;
    private final List<SessionState> states = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        ensemble = Ensemble.start(directory, 3, "min-session-timeout = 500ms, max-session-timeout = 10m");
        application = ensemble.application();
        network = new FaultyNodes(application);
        session = get(CoordinatorClient.create(application, ensemble.places(), network)
                .open(SETTINGS));
        session.onState(states::add);
        writer = get(CoordinatorClient.create(ensemble.application(), ensemble.places())
                .open(SETTINGS.withTimeout(Duration.ofSeconds(20))));
        get(writer.create("/w", CreateMode.PERSISTENT));
        // Otherwise its node may learn of the creation only when it is watched already.
        get(session.sync("/w"));
    }

    @AfterEach
    void stop() {
        ensemble.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private int nodeOfSession() {
        return ensemble.places().indexOf(network.latest());
    }

    /** Until it has been done for sure: the writer's own node may be the one that stops. */
    private Stat set(String text) {
        while (true) {
            CompletionStage<Stat> set = writer.setData("/w", bytes(text));
            try {
                return get(set);
            } catch (RuntimeException e) {
                assertThat(e.getCause()).isInstanceOf(CoordinatorException.ConnectionLoss.class);
            }
        }
    }

    private void awaitState(SessionState state) {
        await().atMost(Ensemble.PATIENCE).until(() -> states.contains(state));
    }

    @Test
    void itGoesOnAtAnotherNodeAndMissesNoEvent() {
        Created ephemeral = get(session.create("/mine", CreateMode.EPHEMERAL));
        List<Event> seen = new CopyOnWriteArrayList<>();
        var stream = session.watch("/w", WatchMode.RECURSIVE)
                .toMat(Sink.foreach(seen::add), (watch, done) -> watch)
                .run(application);
        get(stream.established());
        set("before");

        ensemble.stopNode(nodeOfSession());
        for (int i = 0; i < 200; i++) {
            set("meanwhile " + i);
        }
        awaitState(SessionState.RECONNECTED);
        set("after");
        get(session.sync("/"));
        int versions = get(session.getData("/w")).stat().version();

        await().atMost(Ensemble.PATIENCE).until(() -> seen.size() >= versions);
        assertThat(seen).hasSize(versions).allMatch(Event.Change.class::isInstance);
        assertThat(seen)
                .extracting(event -> ((Event.Change) event).zxid())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(states).containsExactly(SessionState.SUSPENDED, SessionState.RECONNECTED);
        assertThat(get(session.getEphemerals("/"))).containsExactly(ephemeral.path());
        assertThat(get(writer.exists("/mine"))).isPresent();
    }

    @Test
    void itLeavesANodeThatIsCutOff() {
        List<Event> seen = new CopyOnWriteArrayList<>();
        Watch watch = session.watch("/w", WatchMode.NODE, seen::add);
        get(watch.established());
        int before = nodeOfSession();
        network.cut(ensemble.place(before));
        CompletionStage<Created> write = session.create("/unknown", CreateMode.PERSISTENT);
        CompletionStage<ZnodeData> read = session.getData("/w");
        set("meanwhile");

        assertThat(failure(write)).isInstanceOf(CoordinatorException.ConnectionLoss.class);
        assertThat(get(read).text()).isEqualTo("meanwhile");
        assertThat(nodeOfSession()).isNotEqualTo(before);
        network.heal();
        set("after");
        get(session.sync("/"));
        get(session.exists("/w"));
        assertThat(seen).hasSize(2);
        assertThat(get(session.exists("/unknown"))).isEmpty();
        assertThat(states).containsExactly(SessionState.SUSPENDED, SessionState.RECONNECTED);
    }

    @Test
    void itLeavesANodeThatIsSilentForLongerThanItsSettingsAllow() {
        // A third of the timeout is longer than this test's patience.
        Session patient = get(CoordinatorClient.create(application, ensemble.places(), network)
                .open(SETTINGS.withTimeout(Duration.ofMinutes(10)).withSilence(Duration.ofSeconds(1))));
        assertThat(patient.timeout()).isEqualTo(Duration.ofMinutes(10));
        String before = network.latest();
        network.cut(before);
        assertThat(get(patient.exists("/w"))).isPresent();
        assertThat(network.latest()).isNotEqualTo(before);
    }

    @Test
    void nothingIsAcceptedBehindALostMessage() {
        List<Long> seen = new CopyOnWriteArrayList<>();
        Watch watch = session.watch("/w", WatchMode.NODE, event -> seen.add(((Event.Change) event).zxid()));
        get(watch.established());
        List<Long> written = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int reconnections = states.size();
            if (i % 2 == 0) {
                network.loseOneToClient();
            } else {
                network.loseOneToNode();
            }
            CompletionStage<ZnodeData> read = session.getData("/w");
            written.add(set("" + i).mzxid());
            get(read);
            await().atMost(Ensemble.PATIENCE).until(() -> states.size() >= reconnections + 2);
        }
        get(session.sync("/"));
        get(session.exists("/w"));

        assertThat(seen).containsExactlyElementsOf(written);
    }

    @Test
    void itExpiresWhenItIsAwayForTooLong() {
        get(session.create("/gone", CreateMode.EPHEMERAL));
        List<CoordinatorException> ends = new CopyOnWriteArrayList<>();
        Watch watch = session.watch("/w", WatchMode.NODE, new WatchListener() {
            @Override
            public void onEvent(Event event) {
                // Not of interest.
            }

            @Override
            public void onEnd(@Nullable CoordinatorException cause) {
                ends.add(Objects.requireNonNull(cause));
            }
        });
        get(watch.established());
        // Else the writer's node may not know yet what it is to see go.
        get(writer.sync("/gone"));
        ensemble.places().forEach(network::cut);
        await().atMost(Ensemble.PATIENCE)
                .until(() -> get(writer.exists("/gone")).isEmpty());
        awaitState(SessionState.SUSPENDED);
        CompletionStage<ZnodeData> read = session.getData("/w");

        network.heal();

        assertThat(failure(read)).isInstanceOf(CoordinatorException.SessionExpired.class);
        assertThat(states).endsWith(SessionState.EXPIRED);
        assertThat(session.state()).isEqualTo(SessionState.EXPIRED);
        assertThat(failure(session.exists("/"))).isInstanceOf(CoordinatorException.SessionExpired.class);
        await().atMost(Ensemble.PATIENCE).until(() -> ends.size() == 1);
        done(session.close());
    }

    @Test
    void itOutlivesARestartOfItsNodesAndLeaders() throws Exception {
        Created ephemeral = get(session.create("/lasting", CreateMode.EPHEMERAL));
        for (int i = 0; i < 3; i++) {
            ensemble.stopNode(i);
            ensemble.startNode(i);
            ensemble.awaitServing(i);
        }
        awaitState(SessionState.RECONNECTED);

        assertThat(get(session.exists(ephemeral.path())).orElseThrow().ephemeralOwner())
                .isEqualTo(session.id());
        assertThat(get(session.create("/lasting-2", CreateMode.EPHEMERAL)).path())
                .isEqualTo("/lasting-2");
    }

    @Test
    void whatWasNotSentIsSentLaterUnlessNobodyWaitsForIt() {
        ensemble.places().forEach(network::cut);
        awaitState(SessionState.SUSPENDED);
        CompletableFuture<Created> cancelled =
                session.create("/cancelled", CreateMode.PERSISTENT).toCompletableFuture();
        CompletionStage<Created> late =
                session.withDeadline(Duration.ofMillis(50)).create("/late", CreateMode.PERSISTENT);
        CompletionStage<Created> wanted = session.create("/wanted", CreateMode.PERSISTENT);

        assertThat(cancelled.cancel(true)).isTrue();
        assertThat(failure(late)).isInstanceOf(CoordinatorException.DeadlineExceeded.class);
        network.heal();

        assertThat(get(wanted).path()).isEqualTo("/wanted");
        assertThat(get(session.exists("/cancelled"))).isEmpty();
        assertThat(get(session.exists("/late"))).isEmpty();
    }
}
