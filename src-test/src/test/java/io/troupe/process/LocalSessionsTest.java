package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.troupe.contract.Covers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Sessions that one server alone knows, and servers that answer reads without a leader (contract 1.9, 1.10). One story in
 * order, on an ensemble of its own.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LocalSessionsTest {
    private static EnsembleProcesses ensemble;

    @BeforeAll
    static void start() {
        Tuning tuning = Tuning.TEST.with(List.of("-Dtroupe.local-sessions=true", "-Dtroupe.read-only-mode=true"));
        ensemble = EnsembleProcesses.prepare(new TroupeProgram(TroupeProgram.packagedDistribution(), tuning), 3);
        ensemble.startAll();
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    private static String count(ServerProcess server, String key) throws Exception {
        Map<String, String> monitor = FourLetterWord.monitor(server.address().clientPort());
        return String.valueOf(monitor.get(key));
    }

    private static OfficialClient clientOf(ServerProcess server) {
        return OfficialClient.connect(server.address().clientAddress());
    }

    @Test
    @Order(1)
    @Covers("1.9.1")
    void aNewSessionIsKnownToItsServerAloneAndDoesAllButEphemerals() throws Exception {
        ServerProcess server = ensemble.server(1);
        try (OfficialClient client = clientOf(server)) {
            assertThat(count(server, "zk_local_sessions")).isEqualTo("1");
            assertThat(count(ensemble.server(2), "zk_global_sessions")).isEqualTo("0");
            client.createText("/plain", "1", CreateMode.PERSISTENT);
            client.getData("/plain", true, null);
            client.setData("/plain", "2".getBytes(UTF_8), -1);
            assertThat(client.text("/plain")).isEqualTo("2");
            assertThat(count(server, "zk_global_sessions")).isEqualTo("0");
        }
        assertThat(count(server, "zk_local_sessions")).isEqualTo("0");
    }

    @Test
    @Order(2)
    @Covers("1.9.2")
    void itsFirstEphemeralMakesItKnownToAll() throws Exception {
        try (OfficialClient client = OfficialClient.connect(ensemble.connectString())) {
            ServerProcess server = client.connectedServer(ensemble);
            List<String> order = new CopyOnWriteArrayList<>();
            AsyncCallback.StringCallback noted = (rc, path, ctx, name) -> order.add(path + " " + rc);
            client.create("/a", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, noted, null);
            client.create("/e", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL, noted, null);
            client.create("/b", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, noted, null);
            await().until(() -> order.size() == 3);
            assertThat(order).containsExactly("/a 0", "/e 0", "/b 0");
            assertThat(client.stat("/e").getEphemeralOwner()).isEqualTo(client.getSessionId());
            assertThat(count(server, "zk_global_sessions")).isEqualTo("1");
            assertThat(count(server, "zk_local_sessions")).isEqualTo("0");

            server.kill();
            await().atMost(EnsembleProcesses.PATIENCE)
                    .until(() -> client.getState().isConnected() && client.connectedServer(ensemble) != server);
            assertThat(client.stat("/e").getEphemeralOwner()).isEqualTo(client.getSessionId());
            server.start();
            ensemble.awaitAllServing();
        }
        try (OfficialClient other = clientOf(ensemble.server(1))) {
            other.syncAll();
            assertThat(other.exists("/e", false)).isNull();
            other.multi(List.of(
                    Op.create("/m", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                    Op.create("/m/e", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL)));
            assertThat(other.stat("/m/e").getEphemeralOwner()).isEqualTo(other.getSessionId());
        }
    }

    @Test
    @Order(3)
    @Covers("1.9.1")
    void onAnotherServerASessionThatOnlyItsOwnKnewHasExpired() throws Exception {
        ServerProcess server = ensemble.server(2);
        try (OfficialClient client = OfficialClient.connect(server.address().clientAddress() + ","
                + ensemble.server(3).address().clientAddress())) {
            ServerProcess own = client.connectedServer(ensemble);
            own.kill();
            await().atMost(EnsembleProcesses.PATIENCE).until(() -> client.getState() == ZooKeeper.States.CLOSED);
            own.start();
            ensemble.awaitAllServing();
        }
    }

    @Test
    @Order(4)
    @Covers("1.10.1")
    void aServerWithoutALeaderAnswersReadsOfThoseWhoAreContentWithThat() throws Exception {
        ServerProcess left = ensemble.server(1);
        ensemble.server(2).kill();
        ensemble.server(3).kill();
        await("read-only")
                .atMost(EnsembleProcesses.PATIENCE)
                .until(() -> left.mode().filter("read-only"::equals).isPresent());
        assertThat(FourLetterWord.ask(left.address().clientPort(), "isro")).isEqualTo("ro");
        List<KeeperState> states = new CopyOnWriteArrayList<>();
        try (OfficialClient reader = OfficialClient.contentWithReading(
                ensemble.connectString(), 8_000, event -> states.add(event.getState()))) {
            await().atMost(EnsembleProcesses.PATIENCE)
                    .until(() -> reader.getState() == ZooKeeper.States.CONNECTEDREADONLY);
            assertThat(new String(reader.getData("/plain", false, null), UTF_8)).isEqualTo("2");
            assertThatThrownBy(() -> reader.setData("/plain", new byte[0], -1))
                    .isInstanceOf(KeeperException.NotReadOnlyException.class);

            ensemble.startAll();
            await().atMost(EnsembleProcesses.PATIENCE).until(() -> reader.getState() == ZooKeeper.States.CONNECTED);
            reader.setData("/plain", "3".getBytes(UTF_8), -1);
            assertThat(states).contains(KeeperState.ConnectedReadOnly, KeeperState.SyncConnected);
            assertThat(states).doesNotContain(KeeperState.Expired);
        }
    }
}
