package io.troupe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.contract.Covers;
import io.troupe.contract.Shows;
import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.EventLog;
import io.troupe.process.OfficialClient;
import java.time.Duration;
import java.util.Set;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** The life of a session: timeouts, moving between servers, expiry. */
@ExtendWith(EnsembleExtension.class)
class SessionTest {
    private OfficialClient observer;
    private String base;

    @BeforeEach
    void connect(EnsembleProcesses ensemble, TestInfo test) throws Exception {
        observer = OfficialClient.connect(ensemble.connectString());
        base = observer.createText("/" + test.getTestMethod().orElseThrow().getName(), "", CreateMode.PERSISTENT);
    }

    @AfterEach
    void close() {
        observer.close();
    }

    @Test
    @Covers("1.5.4")
    void theTimeoutIsNegotiatedIntoTheServersRange(EnsembleProcesses ensemble) {
        try (var hasty = OfficialClient.connect(ensemble.connectString(), 1_000);
                var patient = OfficialClient.connect(ensemble.connectString(), 3_600_000);
                var ordinary = OfficialClient.connect(ensemble.connectString(), 7_000)) {
            assertThat(hasty.getSessionTimeout()).isEqualTo(2_000);
            assertThat(patient.getSessionTimeout()).isEqualTo(20_000);
            assertThat(ordinary.getSessionTimeout()).isEqualTo(7_000);
        }
    }

    @Test
    @Covers("1.6.1")
    void everySessionHasItsOwnIdAndAPassword(EnsembleProcesses ensemble) {
        try (var one = OfficialClient.connect(ensemble.server(1).address().clientAddress());
                var two = OfficialClient.connect(ensemble.server(2).address().clientAddress());
                var three = OfficialClient.connect(ensemble.server(3).address().clientAddress())) {
            assertThat(Set.of(one.getSessionId(), two.getSessionId(), three.getSessionId()))
                    .hasSize(3)
                    .doesNotContain(0L);
            assertThat(one.getSessionPasswd()).hasSize(16).isNotEqualTo(two.getSessionPasswd());
        }
    }

    @Test
    @Covers({"1.6.2", "1.6.7", "3.5.1"})
    void aSessionOutlivesTheServerItIsConnectedTo(EnsembleProcesses ensemble) throws Exception {
        try (var client = OfficialClient.connect(ensemble.connectString(), 20_000)) {
            var session = client.getSessionId();
            var node = client.createText(base + "/ephemeral", "", CreateMode.EPHEMERAL);
            var data = new EventLog();
            var children = new EventLog();
            var missing = new EventLog();
            var persistent = new EventLog();
            client.getData(node, data, null);
            client.getChildren(base, children);
            client.exists(base + "/missing", missing);
            client.addWatch(base + "/tree", persistent, AddWatchMode.PERSISTENT_RECURSIVE);

            client.connectedServer(ensemble).kill();
            client.events().awaitState(KeeperState.Disconnected);
            client.awaitConnected();
            await().atMost(EnsembleProcesses.PATIENCE)
                    .ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                    .until(() -> client.exists(node, false) != null);

            assertThat(client.getSessionId()).isEqualTo(session);
            assertThat(client.stat(node).getEphemeralOwner()).isEqualTo(session);
            assertThat(client.events().states()).doesNotContain(KeeperState.Expired);
            client.setData(node, new byte[1], -1);
            client.createText(base + "/missing", "", CreateMode.PERSISTENT);
            client.createText(base + "/tree", "", CreateMode.PERSISTENT);
            data.awaitExactly("NodeDataChanged " + node);
            children.awaitExactly("NodeChildrenChanged " + base);
            missing.awaitExactly("NodeCreated " + base + "/missing");
            persistent.awaitExactly("NodeCreated " + base + "/tree");
        }
        assertThat(await().ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                        .until(() -> observer.getChildren(base, false), names -> !names.contains("ephemeral")))
                .contains("missing", "tree");
    }

    @Test
    @Covers("3.5.1")
    @Shows("S25")
    void aChangeMissedWhileMovingIsToldOnArrival(EnsembleProcesses ensemble) throws Exception {
        var only = ensemble.server(3);
        try (var client = OfficialClient.connect(only.address().clientAddress(), 20_000);
                var others = OfficialClient.connect(ensemble.server(1).address().clientAddress()
                        + ","
                        + ensemble.server(2).address().clientAddress())) {
            others.createText(base + "/changed", "", CreateMode.PERSISTENT);
            others.createText(base + "/deleted", "", CreateMode.PERSISTENT);
            client.syncAll();
            var log = new EventLog();
            client.getData(base + "/changed", log, null);
            client.getData(base + "/deleted", log, null);
            client.exists(base + "/created", log);

            only.kill();
            client.events().awaitState(KeeperState.Disconnected);
            await().atMost(EnsembleProcesses.PATIENCE)
                    .ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                    .until(() -> others.setData(base + "/changed", new byte[1], -1) != null);
            others.delete(base + "/deleted", -1);
            others.createText(base + "/created", "", CreateMode.PERSISTENT);
            only.start();

            await().atMost(EnsembleProcesses.PATIENCE)
                    .untilAsserted(() -> assertThat(log.ofNodes())
                            .containsExactlyInAnyOrder(
                                    "NodeDataChanged " + base + "/changed",
                                    "NodeDeleted " + base + "/deleted",
                                    "NodeCreated " + base + "/created"));
        }
    }

    @Test
    @Covers("1.6.2")
    void aSessionCanBeTakenOverWithItsIdAndPassword(EnsembleProcesses ensemble) throws Exception {
        var first = OfficialClient.connect(ensemble.server(1).address().clientAddress());
        first.createText(base + "/mine", "", CreateMode.EPHEMERAL);
        first.vanish();

        try (var second = OfficialClient.attach(
                ensemble.server(2).address().clientAddress(), first.getSessionId(), first.getSessionPasswd())) {
            second.awaitConnected();
            assertThat(second.getSessionId()).isEqualTo(first.getSessionId());
            second.createText(base + "/more", "", CreateMode.EPHEMERAL);
            assertThat(second.getEphemerals()).contains(base + "/mine", base + "/more");
        }
        observer.syncAll();
        assertThat(observer.getChildren(base, false)).isEmpty();
    }

    @Test
    @Covers("1.6.3")
    void aWrongPasswordLooksLikeAnExpiredSession(EnsembleProcesses ensemble) throws Exception {
        try (var owner = OfficialClient.connect(ensemble.server(1).address().clientAddress())) {
            var wrong = owner.getSessionPasswd().clone();
            wrong[0]++;
            try (var intruder =
                    OfficialClient.attach(ensemble.server(2).address().clientAddress(), owner.getSessionId(), wrong)) {
                intruder.events().awaitState(KeeperState.Expired);
            }
            assertThat(owner.createText(base + "/still", "", CreateMode.EPHEMERAL))
                    .isEqualTo(base + "/still");
        }
    }

    @Test
    @Covers("1.6.3")
    @Shows("S29")
    void anUnknownSessionIsExpired(EnsembleProcesses ensemble) {
        try (var stranger = OfficialClient.attach(ensemble.connectString(), 0x1234567890L, new byte[16])) {
            stranger.events().awaitState(KeeperState.Expired);
        }
    }

    @Test
    @Covers("1.6.3")
    void aClosedSessionCannotBeTakenUpAgain(EnsembleProcesses ensemble) {
        var client = OfficialClient.connect(ensemble.connectString());
        client.close();
        try (var late =
                OfficialClient.attach(ensemble.connectString(), client.getSessionId(), client.getSessionPasswd())) {
            late.events().awaitState(KeeperState.Expired);
        }
    }

    @Test
    @Covers({"1.6.4", "1.6.6"})
    void aVanishedClientsSessionExpiresNotBeforeItsTimeout(EnsembleProcesses ensemble) throws Exception {
        var client = OfficialClient.connect(ensemble.connectString(), 4_000);
        client.createText(base + "/one", "", CreateMode.EPHEMERAL);
        client.createText(base + "/two", "", CreateMode.EPHEMERAL_SEQUENTIAL);
        observer.syncAll();
        var start = System.nanoTime();
        client.vanish();

        await().atMost(Duration.ofSeconds(20))
                .until(() -> observer.getChildren(base, false).isEmpty());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(3_500));
        var parent = observer.stat(base);
        assertThat(parent.getCversion()).isEqualTo(4);
        try (var late =
                OfficialClient.attach(ensemble.connectString(), client.getSessionId(), client.getSessionPasswd())) {
            late.events().awaitState(KeeperState.Expired);
        }
    }

    @Test
    @Covers("1.6.5")
    void anIdleSessionIsKeptAliveByItsPings(EnsembleProcesses ensemble) throws Exception {
        try (var idle = OfficialClient.connect(ensemble.connectString(), 3_000)) {
            idle.createText(base + "/kept", "", CreateMode.EPHEMERAL);
            try (var dying = OfficialClient.connect(ensemble.connectString(), 7_000)) {
                dying.createText(base + "/clock", "", CreateMode.EPHEMERAL);
                dying.vanish();
                // The other's expiry is the clock: more than twice the idle session's own timeout.
                observer.syncAll();
                await().atMost(Duration.ofSeconds(30)).until(() -> observer.exists(base + "/clock", false) == null);
            }
            assertThat(observer.exists(base + "/kept", false)).isNotNull();
            assertThat(idle.events().states()).containsExactly(KeeperState.SyncConnected);
        }
    }
}
