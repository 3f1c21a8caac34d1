package io.troupe.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests as those write them who use Curator with its own TestingServer and TestingCluster; the imports alone are ours. */
class CuratorTest {
    private TestingServer server;

    @BeforeEach
    void startServer() throws Exception {
        server = new TestingServer();
    }

    @AfterEach
    void closeServer() throws Exception {
        server.close();
    }

    private static CuratorFramework client(String connectString) {
        CuratorFramework client = CuratorFrameworkFactory.newClient(connectString, new ExponentialBackoffRetry(50, 20));
        client.start();
        return client;
    }

    @Test
    void znodes_are_written_read_and_cached() throws Exception {
        try (CuratorFramework client = client(server.getConnectString());
                CuratorCache cache = CuratorCache.build(client, "/settings")) {
            cache.start();
            client.create().creatingParentsIfNeeded().forPath("/settings/color", "blue".getBytes(UTF_8));
            client.setData().forPath("/settings/color", "green".getBytes(UTF_8));

            await().atMost(Waiting.PATIENCE)
                    .until(() -> cache.get("/settings/color")
                            .filter(child -> new String(child.getData(), UTF_8).equals("green"))
                            .isPresent());
        }
    }

    @Test
    void a_lock_is_held_by_one_at_a_time() throws Exception {
        try (CuratorFramework one = client(server.getConnectString());
                CuratorFramework other = client(server.getConnectString())) {
            InterProcessMutex held = new InterProcessMutex(one, "/lock");
            InterProcessMutex wanted = new InterProcessMutex(other, "/lock");
            held.acquire();
            assertThat(wanted.acquire(10, TimeUnit.MILLISECONDS)).isFalse();

            held.release();

            assertThat(wanted.acquire(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_client_notices_a_restart_and_finds_everything_again() throws Exception {
        AtomicReference<ConnectionState> state = new AtomicReference<>();
        try (CuratorFramework client = client(server.getConnectString())) {
            client.getConnectionStateListenable().addListener((c, now) -> state.set(now));
            client.create().withMode(CreateMode.EPHEMERAL).forPath("/mine");

            server.stop();
            await().atMost(Waiting.PATIENCE).until(() -> state.get() == ConnectionState.SUSPENDED);
            server.restart();

            await().atMost(Waiting.PATIENCE).until(() -> state.get() == ConnectionState.RECONNECTED);
            assertThat(client.checkExists().forPath("/mine")).isNotNull();
        }
    }

    @Test
    void a_server_is_where_it_was_asked_to_be(@TempDir Path directory) throws Exception {
        int port = InstanceSpec.newInstanceSpec().getPort();
        File data = directory.resolve("data").toFile();
        try (TestingServer chosen = new TestingServer(port, data, false)) {
            assertThat(chosen.getPort()).isEqualTo(port);
            assertThat(chosen.getTempDirectory()).isEqualTo(data);
            chosen.start();
            try (CuratorFramework client = client("127.0.0.1:" + port)) {
                client.create().forPath("/here");
            }
            assertThat(data).isNotEmptyDirectory();
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void a_closed_server_cannot_be_started() throws Exception {
        server.close();

        assertThatThrownBy(server::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void a_cluster_loses_the_server_that_a_client_is_connected_to() throws Exception {
        try (TestingCluster cluster = new TestingCluster(3)) {
            cluster.start();
            assertThat(cluster.getInstances()).hasSize(3);
            try (CuratorFramework client = client(cluster.getConnectString());
                    LeaderLatch latch = new LeaderLatch(client, "/latch")) {
                latch.start();
                assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
                InstanceSpec connected = Objects.requireNonNull(cluster.findConnectionInstance(
                        client.getZookeeperClient().getZooKeeper()));

                assertThat(cluster.killServer(connected)).isTrue();

                client.create().forPath("/by-the-others");
                await().atMost(Waiting.PATIENCE).until(latch::hasLeadership);
                assertThat(cluster.restartServer(connected)).isTrue();
                assertThat(cluster.killServer(InstanceSpec.newInstanceSpec())).isFalse();
            }
            cluster.stop();
        }
    }
}
