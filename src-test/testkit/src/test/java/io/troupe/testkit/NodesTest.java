package io.troupe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a user's test does to nodes, and what its clients see of it. */
class NodesTest {
    @RegisterExtension
    static final TroupeExtension TROUPE = TroupeExtension.of(3);

    private static int otherThan(int node, TroupeEnsemble ensemble) {
        return ensemble.nodes().stream().filter(id -> id != node).findFirst().orElseThrow();
    }

    @Test
    void clients_go_on_without_a_leader_that_was_killed(TroupeEnsemble ensemble) throws Exception {
        int killed = ensemble.leader();
        try (Client client = Client.connect(ensemble.connectString(killed) + "," + ensemble.connectString())) {
            long session = client.session();
            ensemble.kill(killed);

            client.create("/after-the-kill", CreateMode.PERSISTENT);

            assertThat(client.session()).isEqualTo(session);
            assertThat(ensemble.leader()).isNotEqualTo(killed);
            await().atMost(Waiting.PATIENCE)
                    .until(() -> ensemble.followers().size() == 1
                            && !ensemble.followers().contains(killed));
        }
    }

    @Test
    void a_killed_node_leaves_sessions_open_and_has_its_data_when_it_is_back(TroupeEnsemble ensemble) throws Exception {
        int killed = ensemble.leader();
        try (Client client = Client.connect(ensemble.connectString(killed))) {
            client.create("/ephemeral", CreateMode.EPHEMERAL);
            client.create("/persistent", CreateMode.PERSISTENT);
            ensemble.kill(killed);
            client.awaitState(KeeperState.Disconnected);
            assertThat(ensemble.sessions()).contains(client.session());

            client.forgetStates();
            ensemble.restart(killed);

            client.awaitState(KeeperState.SyncConnected);
            assertThat(client.exists("/ephemeral")).isTrue();
            assertThat(client.exists("/persistent")).isTrue();
        }
    }

    @Test
    void the_one_left_of_three_serves_nobody_until_another_is_back(TroupeEnsemble ensemble) throws Exception {
        int left = ensemble.leader();
        try (Client client = Client.connect(ensemble.connectString(left))) {
            ensemble.nodes().stream().filter(id -> id != left).forEach(ensemble::kill);
            await().atMost(Waiting.PATIENCE)
                    .until(() -> ensemble.nodeOf(client.session()).isEmpty());

            ensemble.startAll();

            client.create("/once-there-are-three", CreateMode.PERSISTENT);
        }
    }

    @Test
    void a_stopped_leader_hands_over(TroupeEnsemble ensemble) throws Exception {
        int stopped = ensemble.leader();
        int other = otherThan(stopped, ensemble);
        try (Client client = Client.connect(ensemble.connectString(other))) {
            client.forgetStates();
            ensemble.stop(stopped);
            client.create("/after-the-stop", CreateMode.PERSISTENT);

            assertThat(ensemble.leader()).isNotEqualTo(stopped);
            assertThat(client.hasHeardOf(KeeperState.Disconnected)).isFalse();
        }
    }

    @Test
    void a_leader_cut_off_cannot_write_and_the_majority_can(TroupeEnsemble ensemble) throws Exception {
        int alone = ensemble.leader();
        int other = otherThan(alone, ensemble);
        try (Client inMinority = Client.connect(ensemble.connectString(alone));
                Client inMajority = Client.connect(ensemble.connectString(other))) {
            ensemble.partition(alone);
            CompletableFuture<Code> lost = inMinority.createLater("/by-the-minority");

            assertThat(ensemble.leader()).isNotEqualTo(alone);
            inMajority.create("/by-the-majority", CreateMode.PERSISTENT);
            await().atMost(Waiting.PATIENCE)
                    .until(() -> ensemble.nodeOf(inMinority.session()).isEmpty());

            assertThat(inMajority.exists("/by-the-minority")).isFalse();
            assertThat(lost.getNow(Code.CONNECTIONLOSS)).isNotEqualTo(Code.OK);

            ensemble.heal();
            ensemble.awaitServing();
            assertThat(inMinority.exists("/by-the-majority")).isTrue();
        }
    }

    @Test
    void a_node_that_hears_neither_of_the_others_serves_again_once_healed(TroupeEnsemble ensemble) throws Exception {
        int apart = otherThan(ensemble.leader(), ensemble);
        for (int other : ensemble.nodes()) {
            if (other != apart) {
                ensemble.cut(apart, other);
            }
        }
        try (Client client = Client.connect(ensemble.connectString(ensemble.leader()))) {
            client.create("/while-one-is-apart", CreateMode.PERSISTENT);
        }

        ensemble.heal();
        ensemble.awaitServing();

        try (Client client = Client.connect(ensemble.connectString(apart))) {
            client.zooKeeper().sync("/");
            assertThat(client.exists("/while-one-is-apart")).isTrue();
        }
    }

    @Test
    void a_node_that_refuses_clients_loses_them_to_another(TroupeEnsemble ensemble) throws Exception {
        try (Client client = Client.connect(ensemble.connectString())) {
            long session = client.session();
            int refusing = ensemble.nodeOf(session).orElseThrow();
            ensemble.refuseClients(refusing);

            client.create("/by-another-node", CreateMode.PERSISTENT);

            assertThat(client.session()).isEqualTo(session);
            assertThat(ensemble.nodeOf(session))
                    .hasValueSatisfying(now -> assertThat(now).isNotEqualTo(refusing));
            ensemble.heal();
            Client.connect(ensemble.connectString(refusing)).close();
        }
    }
}
