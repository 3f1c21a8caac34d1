package io.troupe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Session;
import io.troupe.client.SessionSettings;
import io.troupe.client.SessionState;
import io.troupe.request.CreateMode;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same for a client that is an actor system. */
class ActorClientTest {
    @RegisterExtension
    static final TroupeExtension TROUPE = TroupeExtension.of(3);

    private final ActorSystem<Void> application = ActorSystem.create(
            Behaviors.empty(), "application", ConfigFactory.parseString("""
                    akka.actor.provider = remote
                    akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    """).withFallback(ConfigFactory.load()));

    @AfterEach
    void endApplication() throws Exception {
        application.terminate();
        application.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void its_session_outlives_a_killed_leader_and_an_hour_and_ends_when_it_is_expired(TroupeEnsemble ensemble) {
        Session session = CoordinatorClient.create(application, ensemble.contactPoints())
                .open(SessionSettings.DEFAULT.withTimeout(Duration.ofSeconds(20)))
                .toCompletableFuture()
                .join();
        session.create("/actor", CreateMode.EPHEMERAL).toCompletableFuture().join();

        ensemble.kill(ensemble.leader());
        await().atMost(Waiting.PATIENCE)
                .until(() -> session.state().isConnected()
                        && ensemble.nodeOf(session.id()).isPresent());
        ensemble.jumpClock(Duration.ofHours(1));
        assertThat(session.exists("/actor").toCompletableFuture().join()).isPresent();

        ensemble.expireSession(session.id());
        await().atMost(Waiting.PATIENCE).until(() -> session.state() == SessionState.EXPIRED);
    }

    @Test
    void its_sessions_count_beside_the_connections_of_other_clients() throws Exception {
        try (TroupeEnsemble small = TroupeEnsemble.of(1)
                        .set("troupe.connections-per-address", 2)
                        .start();
                Client other = Client.connect(small.connectString())) {
            CoordinatorClient client = CoordinatorClient.create(application, small.contactPoints());
            Session session = client.open().toCompletableFuture().get(60, TimeUnit.SECONDS);
            CompletionStage<Session> third = client.open(SessionSettings.DEFAULT.withDeadline(Duration.ofMillis(500)));

            assertThatThrownBy(() -> third.toCompletableFuture().get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(CoordinatorException.TooManyClients.class)
                    .hasMessageContaining("its address holds 2 connections");

            assertThat(other.zooKeeper().exists("/", false)).isNotNull();
            session.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
            client.open().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }
}
