package io.troupe.client;

import static io.troupe.client.SessionTest.failure;
import static io.troupe.client.SessionTest.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import io.troupe.ensemble.Member;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators and gatekeepers decide about: who the members are, who a client is, and how many there may be. */
class MembersAndLoginsTest {
    private static final SessionSettings SETTINGS =
            SessionSettings.DEFAULT.withTimeout(Duration.ofSeconds(20)).withDeadline(Duration.ofSeconds(40));
    private static final Identity ADA = new Identity("sasl", "ada");

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

    @Test
    void whoMayChangesTheMembers() {
        Session master = get(client.open(SETTINGS.withAuth("digest", "super:x")));
        Session anybody = get(client.open(SETTINGS));
        EnsembleConfiguration alone = get(anybody.configuration());
        Member observer = new Member(9, "127.0.0.1", 1, "127.0.0.1", 2, 0).asObserver();

        assertThat(failure(anybody.reconfigure(List.of(observer), List.of(), -1)))
                .isInstanceOf(CoordinatorException.NoAuth.class);
        assertThat(failure(master.reconfigure(List.of(observer), List.of(), alone.version() + 1)))
                .isInstanceOf(CoordinatorException.BadVersion.class);
        EnsembleConfiguration both = get(master.reconfigure(List.of(observer), List.of(), alone.version()));

        assertThat(both.members()).hasSize(2).contains(observer);
        assertThat(both.version()).isGreaterThan(alone.version());
        assertThat(get(master.configuration())).isEqualTo(both);
        Member stranger = new Member(8, "127.0.0.1", 3, "127.0.0.1", 4, 0);
        assertThat(failure(master.reconfigure(List.of(stranger), both.version())))
                .isInstanceOfSatisfying(
                        CoordinatorException.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NEW_CONFIG_NO_QUORUM));
        EnsembleConfiguration one = get(master.reconfigure(List.of(), List.of(9), -1));
        assertThat(one.members()).hasSize(1).doesNotContain(observer);
        get(master.reconfigure(both.members(), one.version()));
        assertThat(get(master.reconfigure(one.members(), -1)).members()).isEqualTo(one.members());
    }

    @Test
    void logsInBySaslBeforeAnythingElseIsAskedAndAgainWhereverTheSessionGoes() {
        ActorSystem<?> application = ensemble.application();
        FaultyNodes network = new FaultyNodes(application);
        Session ada = get(CoordinatorClient.create(application, ensemble.places(), network)
                .open(SETTINGS.withSasl(SaslLogin.digest("ada", "secret"))));
        byte[] hers = "hers".getBytes(StandardCharsets.UTF_8);
        assertThat(get(ada.whoAmI())).contains(ADA);
        get(ada.create("/hers", hers, CreateMode.PERSISTENT, List.of(new Acl(Acl.ALL, ADA))));
        List<Event> seen = new CopyOnWriteArrayList<>();
        get(ada.watch("/hers", WatchMode.NODE, seen::add).established());
        List<SessionState> states = new CopyOnWriteArrayList<>();
        ada.onState(states::add);
        Session again = get(client.open(SETTINGS.withSasl(SaslLogin.digest("ada", "secret"))));

        network.loseOneToNode();
        get(again.setData("/hers", hers));
        await().atMost(Ensemble.PATIENCE).until(() -> states.contains(SessionState.RECONNECTED));

        assertThat(get(ada.getData("/hers")).text()).isEqualTo("hers");
        await().atMost(Ensemble.PATIENCE).until(() -> seen.size() == 1);
        assertThat(failure(get(client.open(SETTINGS)).getData("/hers")))
                .isInstanceOf(CoordinatorException.NoAuth.class);
    }

    @Test
    void whoCannotLogInGetsNoSession() {
        assertThat(failure(client.open(SETTINGS.withSasl(SaslLogin.digest("ada", "wrong")))))
                .isInstanceOf(CoordinatorException.AuthFailed.class);
        assertThat(failure(client.open(SETTINGS.withSasl(() -> {
                    throw new IllegalStateException("no ticket");
                }))))
                .isInstanceOf(CoordinatorException.AuthFailed.class)
                .hasMessageContaining("no ticket");
    }

    @Test
    void whoFindsNoRoomIsToldSoAndGetsInOnceThereIs() {
        Session first = get(client.open(SETTINGS));
        ensemble.room().close();
        try {
            assertThat(failure(client.open(SETTINGS.withDeadline(Duration.ofMillis(500)))))
                    .isInstanceOf(CoordinatorException.TooManyClients.class)
                    .hasMessageContaining("connections already");

            var waiting = client.open(SETTINGS);
            get(first.close());
            get(get(waiting).exists("/"));
        } finally {
            ensemble.room().open();
        }
    }

    @Test
    void aConnectionThatAnotherHasTakenThePlaceOfCountsNoMore() {
        ActorSystem<?> application = ensemble.application();
        FaultyNodes network = new FaultyNodes(application);
        Session session = get(CoordinatorClient.create(application, ensemble.places(), network)
                .open(SETTINGS));
        List<SessionState> states = new CopyOnWriteArrayList<>();
        session.onState(states::add);
        int taken = ensemble.room().taken();

        network.loseOneToNode();
        get(session.exists("/"));
        await().atMost(Ensemble.PATIENCE).until(() -> states.contains(SessionState.RECONNECTED));

        await().atMost(Ensemble.PATIENCE).until(() -> ensemble.room().taken() <= taken);
    }
}
