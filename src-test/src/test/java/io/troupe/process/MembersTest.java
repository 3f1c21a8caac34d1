package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.troupe.contract.Covers;
import io.troupe.contract.Shows;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * An ensemble changes its members while clients write (contract 2.10): a fourth server joins through the seed nodes, learns,
 * votes; the leader leaves; the list is replaced. One story in order, on an ensemble of its own.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MembersTest {
    private static EnsembleProcesses ensemble;
    private static ServerProcess fourth;

    @BeforeAll
    static void start() {
        ensemble = EnsembleProcesses.prepare(3);
        assumeTrue(ensemble.program().isTroupe(), "joining through seed nodes is Troupe's");
        ensemble.startAll();
        fourth = ensemble.prepareJoining();
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    /** The official client's face for operators; closing it is never interrupted. */
    private static final class Admin extends ZooKeeperAdmin {
        Admin(String connectString, CountDownLatch connected) throws IOException {
            super(connectString, OfficialClient.SESSION_TIMEOUT_MILLIS, event -> {
                if (event.getState() == KeeperState.SyncConnected) {
                    connected.countDown();
                }
            });
        }

        @Override
        public synchronized void close() {
            try {
                super.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Admin admin() throws IOException, InterruptedException {
        CountDownLatch connected = new CountDownLatch(1);
        Admin admin = new Admin(ensemble.connectString(), connected);
        assertThat(connected.await(60, SECONDS)).as("connected").isTrue();
        return admin;
    }

    private static Admin superUser() throws IOException, InterruptedException {
        Admin admin = admin();
        admin.addAuthInfo("digest", "super:admin".getBytes(UTF_8));
        return admin;
    }

    private static String config(ZooKeeper client) throws KeeperException, InterruptedException {
        return new String(client.getConfig(false, new Stat()), UTF_8);
    }

    private static String line(ServerProcess server, String role) {
        return "server.%d=%s:%d:%d:%s;%s:%d"
                .formatted(
                        server.id(),
                        ServerAddress.HOST,
                        server.address().peerPort(),
                        server.address().electionPort(),
                        role,
                        ServerAddress.HOST,
                        server.address().clientPort());
    }

    private static boolean is(ServerProcess server, String mode) {
        return server.mode().filter(mode::equals).isPresent();
    }

    private static void awaitThat(String what, BooleanSupplier condition) {
        await(what).atMost(EnsembleProcesses.PATIENCE).until(condition::getAsBoolean);
    }

    @Test
    @Order(1)
    void aNodeThatJoinsThroughTheSeedNodesBecomesAnObserverAtOnce() throws Exception {
        try (OfficialClient client = OfficialClient.connect(ensemble.connectString())) {
            client.createText("/before", "x", CreateMode.PERSISTENT);
            fourth.start();
            awaitThat("the fourth observes", () -> is(fourth, "observer"));
            await("it is listed")
                    .atMost(EnsembleProcesses.PATIENCE)
                    .until(() -> config(client).contains("server.4=")
                            && config(client).contains(":observer;"));
        }
        try (OfficialClient there = OfficialClient.connect(fourth.address().clientAddress())) {
            assertThat(there.text("/before")).isEqualTo("x");
            assertThat(there.createText("/through-observer", "y", CreateMode.EPHEMERAL))
                    .isEqualTo("/through-observer");
            assertThat(there.text("/through-observer")).isEqualTo("y");
        }
    }

    @Test
    @Order(2)
    void itComesBackAsAnObserverAfterARestart() throws Exception {
        fourth.kill();
        fourth.start();
        awaitThat("the fourth observes again", () -> is(fourth, "observer"));
        try (OfficialClient there = OfficialClient.connect(fourth.address().clientAddress())) {
            assertThat(there.text("/before")).isEqualTo("x");
        }
    }

    @Test
    @Order(3)
    void onlyWhoMayWriteTheConfigurationCanChangeIt() throws Exception {
        try (Admin anybody = admin()) {
            assertThatThrownBy(() -> anybody.reconfigure(line(fourth, "participant"), null, null, -1, new Stat()))
                    .isInstanceOf(KeeperException.NoAuthException.class);
            assertThatThrownBy(() -> anybody.reconfigure("nonsense", null, null, -1, new Stat()))
                    .isInstanceOf(KeeperException.BadArgumentsException.class);
            assertThatThrownBy(() -> anybody.reconfigure(line(fourth, "participant"), null, null, 4711, new Stat()))
                    .isInstanceOf(KeeperException.BadVersionException.class);
        }
    }

    @Test
    @Order(4)
    @Covers({"2.10.3", "2.10.2"})
    void anObserverIsPromoted() throws Exception {
        try (Admin admin = superUser()) {
            Stat stat = new Stat();
            byte[] text = admin.reconfigure(line(fourth, "participant"), null, null, -1, stat);

            assertThat(new String(text, UTF_8))
                    .contains(line(fourth, "participant"))
                    .endsWith("version=" + Long.toHexString(stat.getMzxid()));
            assertThat(config(admin)).isEqualTo(new String(text, UTF_8));
            awaitThat("the fourth follows", () -> is(fourth, "follower"));
        }
    }

    @Test
    @Order(5)
    @Covers("2.10.3")
    @Shows("S40")
    void theLeaderLeavesAndTheOthersGoOn() throws Exception {
        ServerProcess leader = ensemble.awaitLeader();
        try (Admin admin = superUser();
                OfficialClient client = OfficialClient.connect(fourth.address().clientAddress())) {
            byte[] text = admin.reconfigure(null, Integer.toString(leader.id()), null, -1, new Stat());
            assertThat(new String(text, UTF_8)).doesNotContain("server." + leader.id() + "=");
            awaitThat("the old leader only observes", () -> is(leader, "observer"));
            client.createText("/after-leave", "z", CreateMode.PERSISTENT);
            assertThat(client.text("/after-leave")).isEqualTo("z");
            // Three of four are left: they survive the loss of one, and of the one that was taken off the list.
            leader.kill();
            List<ServerProcess> left = ensemble.servers().stream()
                    .filter(server -> server.id() != leader.id())
                    .toList();
            left.get(0).kill();
            client.setData("/after-leave", "still".getBytes(UTF_8), -1);
            assertThat(client.text("/after-leave")).isEqualTo("still");
            left.get(0).start();
            awaitThat(
                    "all serve",
                    () -> left.stream().allMatch(server -> server.mode().isPresent()));
        }
    }

    @Test
    @Order(6)
    void aFullListPutsTheFormerOnesBack() throws Exception {
        List<ServerProcess> servers = ensemble.servers();
        servers.stream().filter(server -> !server.isAlive()).forEach(ServerProcess::start);
        awaitThat(
                "all serve",
                () -> servers.stream().allMatch(server -> server.mode().isPresent()));
        try (Admin admin = superUser()) {
            String all = String.join(
                    "\n",
                    servers.stream().map(server -> line(server, "participant")).toList());
            byte[] text = admin.reconfigure(null, null, all, -1, new Stat());

            assertThat(new String(text, UTF_8)).contains("server.1=", "server.2=", "server.3=");
            assertThat(new String(text, UTF_8)).doesNotContain("server.4=");
            awaitThat("the fourth only observes", () -> is(fourth, "observer"));
            fourth.terminate();
            admin.create("/end", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        ensemble.awaitAllServing();
    }
}
