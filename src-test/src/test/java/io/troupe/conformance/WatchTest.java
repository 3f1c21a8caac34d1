package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.troupe.contract.Covers;
import io.troupe.contract.Shows;
import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.EventLog;
import io.troupe.process.FourLetterWord;
import io.troupe.process.OfficialClient;
import io.troupe.process.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Watches as the official client delivers them: what fires, how often, and in which order with the replies. */
@ExtendWith(EnsembleExtension.class)
class WatchTest {
    private static final int CHANGES = 50;

    private OfficialClient watching;
    private OfficialClient changing;
    private String base;

    @BeforeEach
    void connect(EnsembleProcesses ensemble, TestInfo test) throws Exception {
        // Through different servers, so that nothing holds only because both see the same tree.
        watching = OfficialClient.connect(ensemble.server(1).address().clientAddress());
        changing = OfficialClient.connect(ensemble.server(2).address().clientAddress());
        base = changing.createText("/" + test.getTestMethod().orElseThrow().getName(), "0", CreateMode.PERSISTENT);
        watching.syncAll();
    }

    @AfterEach
    void close() {
        watching.close();
        changing.close();
    }

    @Test
    @Covers("3.1.1")
    void aDataWatchFiresOnceForTheNextChange() throws Exception {
        var log = new EventLog();
        watching.getData(base, log, null);

        set("1");
        log.awaitExactly("NodeDataChanged " + base);
        set("2");
        watching.syncAll();
        log.awaitExactly("NodeDataChanged " + base);
    }

    @Test
    void anExistsWatchOnAMissingNodeSeesItsCreation() throws Exception {
        var log = new EventLog();
        assertThat(watching.exists(base + "/later", log)).isNull();

        changing.createText(base + "/later", "", CreateMode.PERSISTENT);
        log.awaitExactly("NodeCreated " + base + "/later");
    }

    @Test
    @Covers("3.3.1")
    void aDeletionReachesDataAndExistsAndChildWatches() throws Exception {
        var node = changing.createText(base + "/node", "", CreateMode.PERSISTENT);
        watching.syncAll();
        var data = new EventLog();
        var exists = new EventLog();
        var children = new EventLog();
        var parent = new EventLog();
        watching.getData(node, data, null);
        watching.exists(node, exists);
        watching.getChildren(node, children);
        watching.getChildren(base, parent);

        changing.delete(node, -1);

        data.awaitExactly("NodeDeleted " + node);
        exists.awaitExactly("NodeDeleted " + node);
        children.awaitExactly("NodeDeleted " + node);
        parent.awaitExactly("NodeChildrenChanged " + base);
    }

    @Test
    void aChildWatchIgnoresDataAndGrandchildren() throws Exception {
        var child = changing.createText(base + "/child", "", CreateMode.PERSISTENT);
        watching.syncAll();
        var log = new EventLog();
        watching.getChildren(base, log);

        set("1");
        changing.setData(child, new byte[1], -1);
        changing.createText(child + "/grandchild", "", CreateMode.PERSISTENT);
        watching.syncAll();
        assertThat(log.ofNodes()).isEmpty();
        changing.createText(base + "/another", "", CreateMode.PERSISTENT);
        log.awaitExactly("NodeChildrenChanged " + base);
    }

    @Test
    @Covers("1.8.2")
    @Shows("S25")
    void anEventArrivesBeforeAnyReplyThatShowsTheChange() throws Exception {
        var trace = new CopyOnWriteArrayList<String>();
        for (var change = 1; change <= CHANGES; change++) {
            var expected = Integer.toString(change);
            trace.clear();
            watching.getData(base, event -> trace.add("event"), null);
            set(expected);
            await().pollInterval(Duration.ofMillis(5)).until(() -> {
                watching.getData(
                        base, false, (code, path, context, data, stat) -> trace.add(new String(data, UTF_8)), null);
                return trace.contains(expected);
            });
            assertThat(trace.indexOf("event")).isNotNegative().isLessThan(trace.indexOf(expected));
        }
    }

    @Test
    @Covers("1.8.2")
    void aSessionHearsOfItsOwnChangeBeforeItsReply() throws Exception {
        var trace = new CopyOnWriteArrayList<String>();
        watching.getData(base, event -> trace.add("event"), null);
        watching.setData(base, new byte[0], -1, (code, path, context, stat) -> trace.add("reply"), null);
        await().untilAsserted(() -> assertThat(trace).containsExactly("event", "reply"));
    }

    @Test
    @Covers({"1.3.1", "1.8.1"})
    void repliesComeInTheOrderOfTheRequests() throws Exception {
        var trace = new CopyOnWriteArrayList<Integer>();
        for (var number = 0; number < CHANGES; number++) {
            if (number % 2 == 0) {
                watching.setData(
                        base,
                        new byte[number],
                        -1,
                        (code, path, context, stat) -> trace.add((Integer) context),
                        number);
            } else {
                var written = number - 1;
                watching.getData(
                        base,
                        false,
                        (code, path, context, data, stat) -> trace.add(data.length == written ? (Integer) context : -1),
                        number);
            }
        }
        await().untilAsserted(
                        () -> assertThat(trace).hasSize(CHANGES).isSorted().doesNotContain(-1));
    }

    @Test
    @Covers("3.3.1")
    void theEventsOfAMultiComeInItsOrder() throws Exception {
        var log = new EventLog();
        watching.addWatch(base, log, AddWatchMode.PERSISTENT_RECURSIVE);

        changing.multi(List.of(
                Op.create(base + "/a", new byte[0], OfficialClient.OPEN, CreateMode.PERSISTENT),
                Op.create(base + "/a/b", new byte[0], OfficialClient.OPEN, CreateMode.PERSISTENT),
                Op.setData(base + "/a", new byte[1], -1),
                Op.delete(base + "/a/b", -1)));

        log.awaitExactly(
                "NodeCreated " + base + "/a",
                "NodeCreated " + base + "/a/b",
                "NodeDataChanged " + base + "/a",
                "NodeDeleted " + base + "/a/b");
    }

    @Test
    void aPersistentRecursiveWatchSeesEverythingBelowAndGoesOn() throws Exception {
        var log = new EventLog();
        watching.addWatch(base, log, AddWatchMode.PERSISTENT_RECURSIVE);

        set("1");
        set("2");
        changing.createText(base + "/a", "", CreateMode.PERSISTENT);
        changing.createText(base + "/a/b", "", CreateMode.EPHEMERAL);
        changing.delete(base + "/a/b", -1);
        changing.createText(base + "-beside", "", CreateMode.PERSISTENT);

        log.awaitExactly(
                "NodeDataChanged " + base,
                "NodeDataChanged " + base,
                "NodeCreated " + base + "/a",
                "NodeCreated " + base + "/a/b",
                "NodeDeleted " + base + "/a/b");
    }

    @Test
    void aPersistentWatchSeesItsNodeAndItsChildrenAgainAndAgain() throws Exception {
        var log = new EventLog();
        watching.addWatch(base, log, AddWatchMode.PERSISTENT);

        set("1");
        changing.createText(base + "/a", "", CreateMode.PERSISTENT);
        changing.createText(base + "/a/b", "", CreateMode.PERSISTENT);
        changing.createText(base + "/c", "", CreateMode.PERSISTENT);

        log.awaitExactly("NodeDataChanged " + base, "NodeChildrenChanged " + base, "NodeChildrenChanged " + base);
    }

    @Test
    @Covers("3.6.1")
    void aRemovedWatchIsSilent() throws Exception {
        var removed = new EventLog();
        watching.getData(base, removed, null);
        watching.removeWatches(base, removed, WatcherType.Data, false);
        removed.awaitExactly("DataWatchRemoved " + base);
        var persistent = new EventLog();
        watching.addWatch(base, persistent, AddWatchMode.PERSISTENT_RECURSIVE);
        watching.removeWatches(base, persistent, WatcherType.Any, false);
        persistent.awaitExactly("PersistentWatchRemoved " + base);

        set("1");
        watching.syncAll();
        removed.awaitExactly("DataWatchRemoved " + base);
        persistent.awaitExactly("PersistentWatchRemoved " + base);
        assertThatThrownBy(() -> watching.removeAllWatches(base, WatcherType.Any, false))
                .isInstanceOf(KeeperException.NoWatcherException.class);
    }

    @Test
    void anExpiredOwnersEphemeralFiresWatches(EnsembleProcesses ensemble) throws Exception {
        var owner = OfficialClient.connect(ensemble.server(3).address().clientAddress(), 4_000);
        owner.createText(base + "/mine", "", CreateMode.EPHEMERAL);
        watching.syncAll();
        var node = new EventLog();
        var parent = new EventLog();
        assertThat(watching.exists(base + "/mine", node)).isNotNull();
        var before = new Stat();
        watching.getChildren(base, parent, before);

        owner.vanish();

        node.awaitExactly("NodeDeleted " + base + "/mine");
        parent.awaitExactly("NodeChildrenChanged " + base);
        var after = watching.stat(base);
        assertThat(after.getCversion()).isEqualTo(before.getCversion() + 1);
        assertThat(after.getPzxid()).isGreaterThan(before.getPzxid());
    }

    private void set(String text) throws KeeperException, InterruptedException {
        changing.setData(base, text.getBytes(UTF_8), -1);
    }

    @Test
    void aHundredThousandWatchesAllFireOnceAndAreGone(EnsembleProcesses ensemble) throws Exception {
        var paths = IntStream.range(0, 10_000).mapToObj(i -> base + "/n" + i).toList();
        var created = new CountDownLatch(paths.size());
        paths.forEach(path -> changing.create(
                path,
                new byte[0],
                OfficialClient.OPEN,
                CreateMode.PERSISTENT,
                (rc, p, ctx, n) -> created.countDown(),
                null));
        assertThat(created.await(60, TimeUnit.SECONDS)).isTrue();
        var server = ensemble.server(1);
        var watchers = new ArrayList<OfficialClient>();
        var fired = new AtomicInteger();
        try {
            for (var i = 0; i < 10; i++) {
                var watcher = OfficialClient.connect(server.address().clientAddress());
                watchers.add(watcher);
                watcher.syncAll();
                var set = new CountDownLatch(paths.size());
                paths.forEach(path -> watcher.getData(
                        path, event -> fired.incrementAndGet(), (rc, p, ctx, data, stat) -> set.countDown(), null));
                assertThat(set.await(60, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(watches(server)).isGreaterThanOrEqualTo(100_000);

            paths.forEach(path -> changing.delete(path, -1, (rc, p, ctx) -> {}, null));
            await().atMost(EnsembleProcesses.PATIENCE).until(() -> fired.get() == 100_000);
            watchers.get(0).syncAll();
            assertThat(fired.get()).isEqualTo(100_000);
            assertThat(watches(server)).isLessThan(100);
        } finally {
            watchers.forEach(OfficialClient::close);
        }
    }

    private static int watches(ServerProcess server) throws IOException {
        return Integer.parseInt(String.valueOf(
                FourLetterWord.monitor(server.address().clientPort()).get("zk_watch_count")));
    }
}
