package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.troupe.contract.Shows;
import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.OfficialClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Curator's recipes, unchanged, with the deaths they are made for. */
@ExtendWith(EnsembleExtension.class)
class CuratorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private CuratorClients curator;
    private EnsembleProcesses ensemble;
    private String base;

    @BeforeEach
    void remember(EnsembleProcesses running, TestInfo test) {
        ensemble = running;
        curator = new CuratorClients(running);
        base = "/curator/" + test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void closeFrameworks() {
        curator.close();
    }

    @Test
    void aLeaderLatchPassesOnWhenItsHolderVanishes() throws Exception {
        var dying = framework(5_000);
        var holder = new LeaderLatch(dying, base, "first");
        holder.start();
        assertThat(holder.await(20, TimeUnit.SECONDS)).isTrue();
        try (var heir = new LeaderLatch(framework(5_000), base, "second")) {
            heir.start();
            await().atMost(PATIENCE).until(() -> heir.getParticipants().size() == 2);
            assertThat(heir.hasLeadership()).isFalse();
            assertThat(heir.getLeader().getId()).isEqualTo("first");

            CuratorClients.vanish(dying);

            await().atMost(PATIENCE).until(heir::hasLeadership);
        }
    }

    @Test
    void aLeaderLatchHasALeaderAgainAfterTheLeadingServerDied() throws Exception {
        var latches = new ArrayList<LeaderLatch>();
        try {
            for (var id = 1; id <= 3; id++) {
                var latch = new LeaderLatch(framework(10_000), base, "candidate-" + id);
                latch.start();
                latches.add(latch);
            }
            await().atMost(PATIENCE).until(() -> leading(latches) == 1);

            ensemble.awaitLeader().kill();

            await().atMost(PATIENCE).until(() -> leading(latches) == 1 && agree(latches));
        } finally {
            for (var latch : latches) {
                latch.close();
            }
        }
    }

    @Test
    void aMutexLetsOneInAtATime() throws Exception {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var turns = new AtomicInteger();
        var threads = Executors.newFixedThreadPool(4);
        try {
            var tasks = new ArrayList<Callable<Integer>>();
            for (var worker = 0; worker < 4; worker++) {
                var mutex = new InterProcessMutex(framework(10_000), base);
                tasks.add(() -> {
                    for (var turn = 0; turn < 10; turn++) {
                        mutex.acquire();
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        turns.incrementAndGet();
                        inside.decrementAndGet();
                        mutex.release();
                    }
                    return turns.get();
                });
            }
            for (Future<Integer> done : threads.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
                assertThat(done.get()).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(turns).hasValue(40);
        assertThat(most).hasValue(1);
    }

    @Test
    @Shows("S27")
    void aMutexIsFreedWhenItsHolderVanishes() throws Exception {
        var dying = framework(4_000);
        var held = new InterProcessMutex(dying, base);
        held.acquire();
        var waiting = new InterProcessMutex(framework(10_000), base);
        assertThat(waiting.acquire(100, TimeUnit.MILLISECONDS)).isFalse();

        CuratorClients.vanish(dying);

        assertThat(waiting.acquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        waiting.release();
    }

    @Test
    void discoveryForgetsAServiceWhoseProcessVanished() throws Exception {
        var dying = framework(4_000);
        var theirs = discovery(dying, 2);
        try (var ours = discovery(framework(10_000), 1)) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(ports(ours)).containsExactlyInAnyOrder(1, 2));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ports(theirs)).containsExactlyInAnyOrder(1, 2));

            CuratorClients.vanish(dying);

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(ports(ours)).containsExactly(1));
        }
    }

    @Test
    @Shows("S30")
    void aCacheFollowsTheTreeThroughTheDeathOfItsServer() throws Exception {
        var writer = framework(10_000);
        var reader = framework(10_000);
        var seen = new ConcurrentSkipListMap<String, String>();
        writer.create().creatingParentsIfNeeded().forPath(base, new byte[0]);
        try (var cache = CuratorCache.build(reader, base)) {
            cache.listenable()
                    .addListener(CuratorCacheListener.builder()
                            .forCreatesAndChanges((old, node) -> seen.put(node.getPath(), text(node.getData())))
                            .forDeletes(node -> seen.remove(node.getPath()))
                            .build());
            cache.start();
            writer.create().forPath(base + "/a", "1".getBytes(UTF_8));
            writer.create().forPath(base + "/a/b", "2".getBytes(UTF_8));
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(seen).containsEntry(base + "/a", "1").containsEntry(base + "/a/b", "2"));

            ((OfficialClient) reader.getZookeeperClient().getZooKeeper())
                    .connectedServer(ensemble)
                    .kill();
            writer.setData().forPath(base + "/a", "3".getBytes(UTF_8));
            writer.delete().forPath(base + "/a/b");
            writer.create().forPath(base + "/c", "4".getBytes(UTF_8));

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(seen)
                            .containsEntry(base + "/a", "3")
                            .containsEntry(base + "/c", "4")
                            .doesNotContainKey(base + "/a/b"));
        }
    }

    @Test
    void aNamespaceAndParentsAsContainersWork() throws Exception {
        var plain = framework(10_000);
        var inside = plain.usingNamespace("curator/space");

        inside.create().creatingParentContainersIfNeeded().forPath("/deep/er/node", "x".getBytes(UTF_8));

        assertThat(plain.getData().forPath("/curator/space/deep/er/node")).isEqualTo("x".getBytes(UTF_8));
        assertThat(inside.getChildren().forPath("/deep")).containsExactly("er");
        inside.delete().deletingChildrenIfNeeded().forPath("/deep");
        assertThat(inside.checkExists().forPath("/deep")).isNull();
    }

    @Test
    void aProtectedEphemeralSequentialNodeIsCreatedOnce() throws Exception {
        var framework = framework(10_000);
        var path = framework
                .create()
                .creatingParentsIfNeeded()
                .withProtection()
                .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                .forPath(base + "/lock-");

        assertThat(path).startsWith(base + "/_c_").endsWith("lock-0000000000");
        assertThat(framework.getChildren().forPath(base)).hasSize(1);
    }

    @Test
    void aTransactionIsAllOrNothing() throws Exception {
        var framework = framework(10_000);
        framework.create().creatingParentsIfNeeded().forPath(base, "0".getBytes(UTF_8));

        var results = framework
                .transaction()
                .forOperations(
                        framework.transactionOp().check().withVersion(0).forPath(base),
                        framework.transactionOp().create().forPath(base + "/a", "1".getBytes(UTF_8)),
                        framework.transactionOp().setData().forPath(base, "2".getBytes(UTF_8)));

        assertThat(results).hasSize(3).allMatch(result -> result.getError() == 0);
        assertThatThrownBy(() -> framework
                        .transaction()
                        .forOperations(
                                framework.transactionOp().delete().forPath(base + "/a"),
                                framework.transactionOp().check().withVersion(7).forPath(base)))
                .isInstanceOf(KeeperException.BadVersionException.class);
        assertThat(framework.checkExists().forPath(base + "/a")).isNotNull();
    }

    private CuratorFramework framework(int sessionMillis) throws InterruptedException {
        return curator.open(sessionMillis);
    }

    private ServiceDiscovery<Void> discovery(CuratorFramework framework, int port) throws Exception {
        var instance = ServiceInstance.<Void>builder()
                .name("greeter")
                .address("127.0.0.1")
                .port(port)
                .build();
        var discovery = ServiceDiscoveryBuilder.builder(Void.class)
                .client(framework)
                .basePath(base)
                .thisInstance(instance)
                .build();
        discovery.start();
        return discovery;
    }

    private static List<Integer> ports(ServiceDiscovery<Void> discovery) throws Exception {
        return discovery.queryForInstances("greeter").stream()
                .map(ServiceInstance::getPort)
                .toList();
    }

    private static long leading(List<LeaderLatch> latches) {
        return latches.stream().filter(LeaderLatch::hasLeadership).count();
    }

    /** Whether all candidates name the same leader, and it is the one that believes it leads. */
    private static boolean agree(List<LeaderLatch> latches) throws Exception {
        var named = new ArrayList<String>();
        for (var latch : latches) {
            named.add(latch.getLeader().getId());
        }
        return latches.stream()
                .filter(LeaderLatch::hasLeadership)
                .allMatch(leader -> named.stream().allMatch(leader.getId()::equals));
    }

    private static String text(byte[] data) {
        return new String(data, UTF_8);
    }
}
