package io.troupe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.Session;
import io.troupe.client.SessionSettings;
import io.troupe.client.SessionState;
import io.troupe.request.CreateMode;
import java.time.Duration;
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
}
