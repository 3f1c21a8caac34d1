package io.troupe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions that end when a test wants it, and clocks that are moved ahead. */
class SessionsTest {
    @RegisterExtension
    static final TroupeExtension TROUPE = TroupeExtension.of(3);

    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void an_expired_session_takes_its_ephemerals_along_and_its_client_is_told(TroupeEnsemble ensemble)
            throws Exception {
        try (Client holder = Client.connect(ensemble.connectString());
                Client other = Client.connect(ensemble.connectString(ensemble.leader()))) {
            holder.create("/held", CreateMode.EPHEMERAL);
            holder.create("/kept", CreateMode.PERSISTENT);

            ensemble.expireSession(holder.session());

            assertThat(other.exists("/held")).isFalse();
            assertThat(other.exists("/kept")).isTrue();
            holder.awaitState(KeeperState.Expired);
            assertThat(ensemble.sessions()).contains(other.session()).doesNotContain(holder.session());
        }
    }

    @Test
    void a_session_that_is_none_need_not_be_expired(TroupeEnsemble ensemble) throws Exception {
        try (Client client = Client.connect(ensemble.connectString())) {
            ensemble.expireSession(client.session() + 1);

            client.create("/lives-on", CreateMode.EPHEMERAL);
        }
    }

    @Test
    void an_hour_ends_what_is_due_and_keeps_sessions_whose_clients_are_connected(TroupeEnsemble ensemble)
            throws Exception {
        int leader = ensemble.leader();
        int other = leader == 1 ? 2 : 1;
        try (Client away = Client.connect(ensemble.connectString(other));
                Client connected = Client.connect(ensemble.connectString(leader))) {
            away.create("/of-one-away", CreateMode.EPHEMERAL);
            connected.create("/of-one-connected", CreateMode.EPHEMERAL);
            createWithTtl(connected, "/half-an-hour", HOUR.dividedBy(2));
            createWithTtl(connected, "/two-hours", HOUR.multipliedBy(2));
            ensemble.refuseClients(other);
            away.awaitState(KeeperState.Disconnected);
            await().atMost(Waiting.PATIENCE)
                    .until(() -> ensemble.nodeOf(away.session()).isEmpty());

            ensemble.jumpClock(HOUR);

            assertThat(connected.exists("/of-one-away")).isFalse();
            assertThat(connected.exists("/of-one-connected")).isTrue();
            await().atMost(Waiting.PATIENCE).until(() -> !connected.exists("/half-an-hour"));
            assertThat(connected.exists("/two-hours")).isTrue();

            ensemble.heal();
            away.awaitState(KeeperState.Expired);
        }
    }

    @Test
    void a_session_outlives_a_jump_shorter_than_its_timeout(TroupeEnsemble ensemble) throws Exception {
        int node = ensemble.leader();
        try (Client client = Client.connect(ensemble.connectString(node))) {
            ensemble.refuseClients(node);
            client.awaitState(KeeperState.Disconnected);

            ensemble.jumpClock(Duration.ofSeconds(20));

            assertThat(ensemble.sessions()).contains(client.session());
        }
    }

    @Test
    void time_does_not_run_backwards(TroupeEnsemble ensemble) {
        assertThatThrownBy(() -> ensemble.jumpClock(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ahead");
    }

    private static void createWithTtl(Client client, String path, Duration ttl) throws Exception {
        client.zooKeeper()
                .create(
                        path,
                        new byte[0],
                        Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT_WITH_TTL,
                        new Stat(),
                        ttl.toMillis());
    }
}
