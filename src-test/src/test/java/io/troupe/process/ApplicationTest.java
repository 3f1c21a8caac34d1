package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.Created;
import io.troupe.client.Event;
import io.troupe.client.Session;
import io.troupe.client.SessionSettings;
import io.troupe.client.WatchMode;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.Identity;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An Akka application, the official client, and servers as processes of their own: what one does the other sees. */
class ApplicationTest {
    private static final Duration PATIENCE = EnsembleProcesses.PATIENCE;
    private static final SessionSettings SETTINGS =
            SessionSettings.DEFAULT.withTimeout(Duration.ofSeconds(8)).withDeadline(Duration.ofSeconds(50));

    private static EnsembleProcesses ensemble;
    private static ActorSystem<Void> application;
    private static CoordinatorClient client;

    @BeforeAll
    static void start() {
        ensemble = EnsembleProcesses.prepare(3);
        ensemble.startAll();
        application = ActorSystem.create(
                Behaviors.empty(), "shop", ConfigFactory.parseString("""
                akka.actor.provider = remote
                akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                akka.remote.warn-about-direct-use = off
                """).withFallback(ConfigFactory.load()));
        client = CoordinatorClient.create(
                application,
                ensemble.servers().stream()
                        .map(server ->
                                server.address().host() + ":" + server.address().peerPort())
                        .toList());
    }

    @AfterAll
    static void stop() {
        application.terminate();
        ensemble.close();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return Objects.requireNonNull(stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join());
    }

    @Test
    void eachSeesWhatTheOtherDoes() throws Exception {
        Session session = get(client.open(SETTINGS));
        try (OfficialClient official = OfficialClient.connect(ensemble.connectString())) {
            Created mine = get(session.create("/both-", "hers".getBytes(UTF_8), CreateMode.EPHEMERAL_SEQUENTIAL));
            official.syncAll();
            assertThat(official.text(mine.path())).isEqualTo("hers");
            assertThat(official.stat(mine.path()).getEphemeralOwner()).isEqualTo(session.id());
            assertThat(official.stat(mine.path()).getCzxid())
                    .isEqualTo(mine.stat().czxid());

            List<Event> seen = new CopyOnWriteArrayList<>();
            get(session.watch("/official", WatchMode.RECURSIVE, seen::add).established());
            official.createText("/official", "1", org.apache.zookeeper.CreateMode.PERSISTENT);
            official.createText("/official/child", "2", org.apache.zookeeper.CreateMode.EPHEMERAL);
            await().atMost(PATIENCE).until(() -> seen.size() == 2);
            assertThat(get(session.getData("/official/child")).stat().ephemeralOwner())
                    .isEqualTo(official.getSessionId());

            official.exists(mine.path(), true);
            get(session.close());
            await().atMost(PATIENCE).until(() -> official.exists(mine.path(), false) == null);
            await().atMost(PATIENCE).until(() -> official.events().ofNodes().contains("NodeDeleted " + mine.path()));
        }
    }

    @Test
    void passwordsProveTheSameToBoth() throws Exception {
        Session session = get(client.open(SETTINGS.withAuth("digest", "ada:secret")));
        get(session.create(
                "/hers",
                "x".getBytes(UTF_8),
                CreateMode.PERSISTENT,
                List.of(new Acl(Acl.ALL, new Identity("auth", "")))));
        assertThat(get(session.whoAmI())).contains(new Identity("digest", "ada"));
        try (OfficialClient official = OfficialClient.connect(ensemble.connectString())) {
            official.syncAll();
            assertThatThrownBy(() -> official.text("/hers")).isInstanceOf(KeeperException.NoAuthException.class);
            official.addAuthInfo("digest", "ada:secret".getBytes(UTF_8));
            assertThat(official.text("/hers")).isEqualTo("x");
        }
        get(session.close());
    }

    @Test
    void aSessionAndItsWatchesOutliveServersThatAreKilled() throws Exception {
        Session session = get(client.open(SETTINGS));
        Created held = get(session.create("/held", CreateMode.EPHEMERAL));
        List<Event> seen = new CopyOnWriteArrayList<>();
        get(session.create("/counted", CreateMode.PERSISTENT));
        get(session.watch("/counted", WatchMode.NODE, seen::add).established());
        int writes = 0;
        for (ServerProcess server : ensemble.servers()) {
            try (OfficialClient official = OfficialClient.connect(ensemble.servers().stream()
                    .filter(other -> other != server)
                    .findFirst()
                    .orElseThrow()
                    .address()
                    .clientAddress())) {
                server.kill();
                for (int i = 0; i < 50; ) {
                    try {
                        official.setData("/counted", new byte[0], writes);
                        writes++;
                        i++;
                    } catch (KeeperException.ConnectionLossException e) {
                        official.awaitConnected();
                        writes = official.stat("/counted").getVersion();
                    }
                }
            }
            server.start();
            ensemble.awaitAllServing();
        }
        int all = get(session.sync("/").thenCompose(done -> session.getData("/counted")))
                .stat()
                .version();

        await().atMost(PATIENCE).until(() -> seen.size() >= all);
        assertThat(seen).hasSize(all).allMatch(Event.Change.class::isInstance);
        assertThat(get(session.exists(held.path())).orElseThrow().czxid())
                .isEqualTo(held.stat().czxid());
        get(session.close());
    }
}
