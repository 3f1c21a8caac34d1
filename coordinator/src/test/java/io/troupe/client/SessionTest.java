package io.troupe.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Stat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An actor system that is none of the ensemble's, and a real node. */
class SessionTest {
    private static final SessionSettings SETTINGS =
            SessionSettings.DEFAULT.withTimeout(Duration.ofSeconds(20)).withDeadline(Duration.ofSeconds(40));

    @TempDir
    static Path directory;

    private static Ensemble ensemble;
    private static CoordinatorClient client;

    @BeforeAll
    static void start() throws Exception {
        ensemble = Ensemble.start(directory, 1, "min-session-timeout = 300ms");
        client = ensemble.client();
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    static <T> T get(CompletionStage<T> stage) {
        done(stage);
        return Objects.requireNonNull(stage.toCompletableFuture().join());
    }

    static void done(CompletionStage<?> stage) {
        stage.toCompletableFuture()
                .orTimeout(Ensemble.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    static Throwable failure(CompletionStage<?> stage) {
        try {
            done(stage);
            throw new AssertionError("did not fail");
        } catch (CompletionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    private static Session open() {
        return get(client.open(SETTINGS));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void createsReadsChangesAndDeletes() {
        Session session = open();

        Created created = get(session.create("/plain", bytes("one"), CreateMode.PERSISTENT));
        Stat set = get(session.setData("/plain", bytes("two"), 0));
        ZnodeData data = get(session.getData("/plain"));

        assertThat(created.path()).isEqualTo("/plain");
        assertThat(set.version()).isEqualTo(1);
        assertThat(data.text()).isEqualTo("two");
        assertThat(data.stat()).isEqualTo(set);
        assertThat(data.stat().czxid()).isEqualTo(created.stat().czxid());
        get(session.create("/plain/child", CreateMode.PERSISTENT));
        assertThat(get(session.getChildren("/plain")).names()).containsExactly("child");
        assertThat(get(session.countDescendants("/plain"))).isEqualTo(1);
        get(session.delete("/plain/child"));
        get(session.sync("/plain"));
        get(session.delete("/plain", 1));
        assertThat(get(session.exists("/plain"))).isEmpty();
        get(session.close());
        assertThat(session.state()).isEqualTo(SessionState.CLOSED);
    }

    @Test
    void anEphemeralGoesWithItsSession() {
        Session owner = open();
        Session other = open();
        Created ephemeral = get(owner.create("/e-", CreateMode.EPHEMERAL_SEQUENTIAL));

        assertThat(get(other.exists(ephemeral.path())).orElseThrow().ephemeralOwner())
                .isEqualTo(owner.id());
        assertThat(get(owner.getEphemerals("/"))).containsExactly(ephemeral.path());
        get(owner.close());

        assertThat(get(other.exists(ephemeral.path()))).isEmpty();
    }

    @Test
    void aSessionWhoseSystemFallsSilentExpires() {
        CoordinatorClient doomed = ensemble.client();
        Session session = get(doomed.open(SETTINGS.withTimeout(Duration.ofMillis(800))));
        Created ephemeral = get(session.create("/silent", CreateMode.EPHEMERAL));
        Session other = open();

        ensemble.terminateLast();

        await().atMost(Ensemble.PATIENCE)
                .until(() -> get(other.exists(ephemeral.path())).isEmpty());
        assertThat(session.state()).isEqualTo(SessionState.CLOSED);
        assertThat(failure(session.exists("/"))).isInstanceOf(CoordinatorException.SessionClosed.class);
    }

    @Test
    void refusalsAreTyped() {
        Session session = open();
        get(session.create("/typed", CreateMode.PERSISTENT));
        get(session.create("/typed/child", CreateMode.EPHEMERAL));

        assertThat(failure(session.getData("/nowhere"))).isInstanceOf(CoordinatorException.NoNode.class);
        assertThat(failure(session.create("/typed", CreateMode.PERSISTENT)))
                .isInstanceOf(CoordinatorException.NodeExists.class);
        assertThat(failure(session.delete("/typed"))).isInstanceOf(CoordinatorException.NotEmpty.class);
        assertThat(failure(session.setData("/typed", bytes(""), 7)))
                .isInstanceOf(CoordinatorException.BadVersion.class);
        assertThat(failure(session.create("/typed/child/x", CreateMode.PERSISTENT)))
                .isInstanceOf(CoordinatorException.NoChildrenForEphemerals.class);
        assertThat(failure(session.create("/a", new byte[0], CreateMode.PERSISTENT, List.of())))
                .isInstanceOf(CoordinatorException.InvalidAcl.class);
        assertThat(failure(session.create("no slash", CreateMode.PERSISTENT)))
                .isInstanceOfSatisfying(
                        CoordinatorException.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_ARGUMENTS));
        assertThat(failure(session.createWithTtl(
                        "/t", new byte[0], CreateMode.PERSISTENT_WITH_TTL, Acl.OPEN, Duration.ofMillis(-1))))
                .isInstanceOf(CoordinatorException.Refused.class);
    }

    @Test
    void everyModeOfCreationIsThere() {
        Session session = open();
        for (CreateMode mode : CreateMode.values()) {
            String path = "/mode-" + mode;
            Created created = get(
                    mode.ttl()
                            ? session.createWithTtl(path, bytes("x"), mode, Acl.OPEN, Duration.ofHours(1))
                            : session.create(path, bytes("x"), mode));
            assertThat(created.path()).hasSize(path.length() + (mode.sequential() ? 10 : 0));
            assertThat(created.stat().ephemeralOwner() == session.id()).isEqualTo(mode.ephemeral());
        }
    }

    @Test
    void transactionsAreAllOrNothing() {
        Session session = open();
        get(session.create("/tx", CreateMode.PERSISTENT));

        List<Transaction.Result> results = get(session.transaction()
                .create("/tx/a", bytes("a"), CreateMode.PERSISTENT)
                .setData("/tx", bytes("tx"), 0)
                .check("/tx", 1)
                .delete("/tx/a")
                .commit());

        assertThat(results).extracting(Transaction.Result::path).containsExactly("/tx/a", null, null, null);
        assertThat(results.get(1).stat()).isNotNull().extracting(Stat::version).isEqualTo(1);
        Throwable refused = failure(session.transaction()
                .create("/tx/b", bytes("b"), CreateMode.PERSISTENT)
                .check("/tx", 0)
                .commit());
        assertThat(refused).isInstanceOfSatisfying(CoordinatorException.TransactionRefused.class, e -> {
            assertThat(e.index()).isEqualTo(1);
            assertThat(e.refused()).isInstanceOf(CoordinatorException.BadVersion.class);
        });
        assertThat(get(session.exists("/tx/b"))).isEmpty();
        assertThat(get(session.readAll(List.of("/tx", "/tx/b"), List.of("/tx"))))
                .satisfiesExactly(
                        first -> assertThat(((ReadResult.Data) first).data().text())
                                .isEqualTo("tx"),
                        second -> assertThat(((ReadResult.Failed) second).cause())
                                .isInstanceOf(CoordinatorException.NoNode.class),
                        third -> assertThat(((ReadResult.Names) third).names()).isEmpty());
    }

    @Test
    void whatIsLongerThanAMessageTravelsInPieces() {
        Session session = open();
        byte[] long1 = new byte[1_000_000];
        new Random(1).nextBytes(long1);

        get(session.create("/long", long1, CreateMode.PERSISTENT));

        assertThat(get(session.getData("/long")).bytes()).isEqualTo(long1);
        assertThat(failure(session.setData("/long", new byte[2 << 20])))
                .isInstanceOf(CoordinatorException.TooLarge.class);
        get(session.create("/many", CreateMode.PERSISTENT));
        String name = "n".repeat(200);
        List<CompletionStage<Created>> children = IntStream.range(0, 3_000)
                .mapToObj(i -> session.create("/many/" + name + i, CreateMode.PERSISTENT))
                .toList();
        children.forEach(SessionTest::get);
        assertThat(get(session.getChildren("/many")).names()).hasSize(3_000);
    }

    @Test
    void answersComeInTheOrderOfTheCalls() {
        Session session = open();
        get(session.create("/order", CreateMode.PERSISTENT));
        List<Integer> answered = new CopyOnWriteArrayList<>();

        List<CompletionStage<Void>> all = IntStream.range(0, 500)
                .mapToObj(i -> (i % 3 == 0
                                ? session.setData("/order", bytes("" + i)).thenApply(Stat::version)
                                : session.getData("/order")
                                        .thenApply(d -> d.stat().version()))
                        .thenAccept(version -> {
                            assertThat(version).isEqualTo(i / 3 + 1);
                            answered.add(i);
                        }))
                .toList();
        all.forEach(SessionTest::done);

        assertThat(answered).isSorted().hasSize(500);
    }

    @Test
    void anEventComesBeforeTheAnswerThatShowsItsCause() {
        Session writer = open();
        Session watcher = open();
        get(writer.create("/seen", CreateMode.PERSISTENT));
        List<String> seen = new CopyOnWriteArrayList<>();
        Watch watch = watcher.watch("/seen", WatchMode.NODE, event -> seen.add(event.toString()));
        get(watch.established());
        for (int i = 0; i < 100; i++) {
            Stat set = get(writer.setData("/seen", bytes("" + i)));
            get(watcher.sync("/seen"));
            int events = i + 1;
            done(watcher.getData("/seen").thenAccept(data -> {
                assertThat(data.stat().mzxid()).isEqualTo(set.mzxid());
                assertThat(seen).hasSize(events);
            }));
        }

        get(watch.cancel());
        get(writer.setData("/seen", bytes("unseen")));
        get(watcher.sync("/seen"));
        get(watcher.getData("/seen"));
        assertThat(seen).hasSize(100);
    }

    @Test
    void identitiesDecideWhoMayReadAndWhoHears() {
        Acl mine = new Acl(Acl.ALL, new Identity("digest", "ada"));
        Session ada = get(client.open(SETTINGS.withAuth("digest", "ada:secret")));
        Session other = open();
        get(ada.create("/ada", bytes("hers"), CreateMode.PERSISTENT, List.of(mine)));

        assertThat(failure(other.getData("/ada"))).isInstanceOf(CoordinatorException.NoAuth.class);
        get(other.addAuth("digest", "ada:secret"));
        assertThat(get(other.getData("/ada")).text()).isEqualTo("hers");
        assertThat(get(other.whoAmI())).contains(new Identity("digest", "ada"), new Identity("ip", "127.0.0.1"));
        assertThat(get(other.getAcl("/ada")).entries()).containsExactly(mine);
        get(other.setAcl("/ada", Acl.OPEN, 0));
        assertThat(get(open().getData("/ada")).text()).isEqualTo("hers");
        assertThat(failure(other.addAuth("digest", "ada:wrong"))).isInstanceOf(CoordinatorException.AuthFailed.class);
        assertThat(failure(client.open(SETTINGS.withAuth("digest", "ada:wrong"))))
                .isInstanceOf(CoordinatorException.AuthFailed.class);
    }

    @Test
    void callsBeyondTheBoundFailAtOnceAndOthersGoOn() {
        Session session = get(client.open(SETTINGS.withMaxPending(3_000)));
        List<CompletableFuture<?>> calls = IntStream.range(0, 20_000)
                .<CompletableFuture<?>>mapToObj(i -> session.exists("/").toCompletableFuture())
                .toList();

        List<Throwable> failures = calls.stream()
                .filter(call -> {
                    try {
                        done(call);
                        return false;
                    } catch (CompletionException e) {
                        return true;
                    }
                })
                .map(SessionTest::failure)
                .toList();

        assertThat(failures)
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo(17_000)
                .allSatisfy(failure -> assertThat(failure).isInstanceOf(CoordinatorException.TooManyCalls.class));
        assertThat(get(session.exists("/"))).isPresent();
    }

    @Test
    void openingHasADeadline() {
        CoordinatorClient nowhere = CoordinatorClient.create(ensemble.application(), List.of("127.0.0.1:1"));

        assertThat(failure(nowhere.open(SETTINGS.withDeadline(Duration.ofMillis(300)))))
                .isInstanceOf(CoordinatorException.DeadlineExceeded.class);
    }

    @Test
    void aSessionMayBeTakenOver() {
        Session before = open();
        Created ephemeral = get(before.create("/taken", CreateMode.EPHEMERAL));

        Session after = get(ensemble.client().open(SETTINGS.resuming(before.id(), before.password())));

        assertThat(after.id()).isEqualTo(before.id());
        assertThat(get(after.getEphemerals("/"))).containsExactly(ephemeral.path());
        assertThat(failure(ensemble.client().open(SETTINGS.resuming(before.id(), new byte[16]))))
                .isInstanceOf(CoordinatorException.SessionExpired.class);
        get(after.close());
    }

    @Test
    void aNodeTellsHowItIs() {
        assertThat(get(client.health(ensemble.place(0), Ensemble.PATIENCE))).satisfies(health -> {
            assertThat(health.serving()).isTrue();
            assertThat(health.leaderId()).isEqualTo(1);
            assertThat(health.nodes()).containsExactly(ensemble.place(0));
        });
    }

    @Test
    void aClientNeedsRemotingAndPlaces() {
        var system = ensemble.application();
        assertThatThrownBy(() -> CoordinatorClient.create(system, List.of("nowhere")))
                .hasMessageContaining("host:port");
        assertThatThrownBy(() -> CoordinatorClient.create(system, List.of())).hasMessageContaining("contact points");
    }

    @Test
    void itSurvivesAFailureOfItsActor() {
        var application = ensemble.application();
        AtomicInteger failures = new AtomicInteger();
        FaultyNodes network = new FaultyNodes(application);
        CoordinatorClient shaky = CoordinatorClient.create(application, ensemble.places(), place -> {
            if (failures.getAndIncrement() % 2 == 0) {
                throw new IllegalStateException("on purpose");
            }
            return network.at(place);
        });
        Session session = get(shaky.open(SETTINGS.withTimeout(Duration.ofSeconds(2))));
        List<Event> seen = new CopyOnWriteArrayList<>();
        get(session.watch("/shaky", WatchMode.NODE, seen::add).established());
        List<SessionState> states = new CopyOnWriteArrayList<>();
        session.onState(states::add);

        network.loseOneToNode();
        Session writer = open();
        get(writer.create("/shaky", CreateMode.PERSISTENT));
        await().atMost(Ensemble.PATIENCE).until(() -> states.contains(SessionState.RECONNECTED));
        get(writer.delete("/shaky"));

        await().atMost(Ensemble.PATIENCE).until(() -> seen.size() == 2);
        assertThat(failures).hasValueGreaterThanOrEqualTo(4);
        assertThat(get(session.exists("/"))).isPresent();
    }

    @Test
    void aStreamOfAWatchEndsWithTheSessionAndTheWatchWithTheStream() {
        Session watcher = open();
        Session writer = open();
        var application = ensemble.application();
        var running = watcher.watch("/stream", WatchMode.RECURSIVE)
                .toMat(Sink.seq(), Keep.both())
                .run(application);
        get(running.first().established());
        get(writer.create("/stream", CreateMode.PERSISTENT));
        get(writer.create("/stream/a", CreateMode.PERSISTENT));
        get(watcher.sync("/"));
        get(watcher.exists("/stream/a"));

        int before = ensemble.frontend(0).status().watches();
        var first = watcher.watch("/stream", WatchMode.NODE)
                .toMat(Sink.head(), Keep.both())
                .run(application);
        get(first.first().established());
        // Of the pairs of session and path that count, the one on the node itself is there already.
        await().atMost(Ensemble.PATIENCE)
                .until(() -> ensemble.frontend(0).status().watches() == before + 1);
        get(writer.setData("/stream", bytes("x")));
        assertThat(get(first.second())).isInstanceOf(Event.Change.class);
        await().atMost(Ensemble.PATIENCE)
                .until(() -> ensemble.frontend(0).status().watches() == before);
        get(watcher.close());

        assertThat(get(running.second()))
                .extracting(event -> ((Event.Change) event).kind() + " " + ((Event.Change) event).path())
                .containsExactly("CREATED /stream", "CREATED /stream/a", "DATA_CHANGED /stream");
    }
}
