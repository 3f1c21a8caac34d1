package io.troupe.client;

import static io.troupe.client.SessionTest.failure;
import static io.troupe.client.SessionTest.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import io.troupe.client.Event.Kind;
import io.troupe.request.CreateMode;
import io.troupe.request.Stat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads that are told of the first change after them, as ZooKeeper's reads with a watch. */
class OneShotWatchTest {
    private static final SessionSettings SETTINGS =
            SessionSettings.DEFAULT.withTimeout(Duration.ofSeconds(20)).withDeadline(Duration.ofSeconds(40));
    private static final int ON_NODE_AND_CHILDREN = 2;
    private static final byte[] DATA = "data".getBytes(StandardCharsets.UTF_8);

    @TempDir
    static Path directory;

    private static Ensemble ensemble;
    private static CoordinatorClient client;

    @BeforeAll
    static void start() throws Exception {
        ensemble = Ensemble.start(directory, 1, "");
        client = ensemble.client();
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    private static Session open() {
        return get(client.open(SETTINGS));
    }

    private static Kind kind(CompletionStage<Event> changed) {
        return ((Event.Change) get(changed)).kind();
    }

    @Test
    void tellsOfTheFirstChangeOfDataAndOfNothingElse() {
        Session watcher = open();
        Session writer = open();
        get(writer.create("/data", DATA, CreateMode.PERSISTENT));

        Watched<ZnodeData> first = get(watcher.getDataAndWatch("/data"));
        get(writer.create("/data/child", CreateMode.PERSISTENT));
        Stat set = get(writer.setData("/data", DATA));
        get(writer.delete("/data/child"));
        get(writer.delete("/data"));

        assertThat(first.value().text()).isEqualTo("data");
        assertThat(get(first.changed())).isEqualTo(new Event.Change(Kind.DATA_CHANGED, "/data", set.mzxid()));
        await().atMost(Ensemble.PATIENCE)
                .until(() -> ensemble.frontend(0).status().watches() == 0);
        assertThat(failure(watcher.getDataAndWatch("/data"))).isInstanceOf(CoordinatorException.NoNode.class);
        await().atMost(Ensemble.PATIENCE)
                .until(() -> ensemble.frontend(0).status().watches() == 0);
        get(watcher.close());
    }

    @Test
    void tellsOfCreationAndDeletion() {
        Session watcher = open();
        Session writer = open();

        Watched<Optional<Stat>> none = get(watcher.existsAndWatch("/exists"));
        get(writer.create("/exists", CreateMode.PERSISTENT));
        Watched<Optional<Stat>> some = get(watcher.existsAndWatch("/exists"));
        get(writer.delete("/exists"));

        assertThat(none.value()).isEmpty();
        assertThat(kind(none.changed())).isEqualTo(Kind.CREATED);
        assertThat(some.value()).isPresent();
        assertThat(kind(some.changed())).isEqualTo(Kind.DELETED);
        get(watcher.close());
    }

    @Test
    void tellsOfTheFirstChangeOfChildren() {
        Session watcher = open();
        Session writer = open();
        get(writer.create("/children", CreateMode.PERSISTENT));

        Watched<Children> watched = get(watcher.getChildrenAndWatch("/children"));
        get(writer.setData("/children", DATA));
        get(writer.create("/children/one", CreateMode.PERSISTENT));

        assertThat(watched.value().names()).isEmpty();
        assertThat(kind(watched.changed())).isEqualTo(Kind.CHILDREN_CHANGED);
        get(watcher.close());
    }

    @Test
    void tellsOfWhatHappensWhileTheSessionHasNoNode() {
        ActorSystem<?> application = ensemble.application();
        FaultyNodes network = new FaultyNodes(application);
        Session watcher = get(CoordinatorClient.create(application, ensemble.places(), network)
                .open(SETTINGS.withTimeout(Duration.ofSeconds(4))));
        Session writer = open();
        Watched<Optional<Stat>> watched = get(watcher.existsAndWatch("/away"));

        network.cut(ensemble.place(0));
        Created created = get(writer.create("/away", CreateMode.PERSISTENT));
        await().atMost(Ensemble.PATIENCE).until(() -> !watcher.state().isConnected());
        network.heal();

        assertThat(get(watched.changed()))
                .isEqualTo(
                        new Event.Change(Kind.CREATED, "/away", created.stat().czxid()));
        get(watcher.close());
    }

    @Test
    void endsWithItsFutureAndFailsWithTheSession() {
        Session watcher = open();
        int before = ensemble.frontend(0).status().watches();
        Watched<Optional<Stat>> given = get(watcher.existsAndWatch("/given-up"));
        Watched<Optional<Stat>> kept = get(watcher.existsAndWatch("/kept"));

        given.changed().toCompletableFuture().cancel(true);
        await().atMost(Ensemble.PATIENCE)
                .until(() -> ensemble.frontend(0).status().watches() == before + ON_NODE_AND_CHILDREN);
        get(watcher.close());

        assertThat(failure(kept.changed())).isInstanceOf(CoordinatorException.SessionClosed.class);
    }
}
