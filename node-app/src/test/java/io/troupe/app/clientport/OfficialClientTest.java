package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ZooKeeper's own Java client against the port. */
class OfficialClientTest {
    private PortFixture fixture;
    private ZooKeeper zk;
    private final BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws IOException, InterruptedException {
        fixture = new PortFixture();
        zk = new ZooKeeper("127.0.0.1:" + fixture.address().getPort(), 10_000, events::add);
        assertThat(nextEvent()).isEqualTo(EventType.None);
    }

    @AfterEach
    void stop() throws InterruptedException {
        zk.close(5_000);
        fixture.close();
    }

    private EventType nextEvent() throws InterruptedException {
        WatchedEvent event = events.poll(10, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return event.getType();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void createsReadsWritesAndDeletes() throws Exception {
        assertThat(zk.create("/a", utf8("one"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                .isEqualTo("/a");
        Stat stat = new Stat();
        assertThat(zk.getData("/a", false, stat)).isEqualTo(utf8("one"));
        assertThat(stat.getDataLength()).isEqualTo(3);
        assertThat(zk.setData("/a", utf8("two"), 0).getVersion()).isEqualTo(1);
        assertThat(zk.getChildren("/", false)).containsExactly("a");
        zk.delete("/a", -1);
        assertThat(zk.exists("/a", false)).isNull();
    }

    @Test
    void watchesFire() throws Exception {
        assertThat(zk.exists("/a", true)).isNull();
        zk.create("/a", utf8("one"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        assertThat(nextEvent()).isEqualTo(EventType.NodeCreated);
        zk.addWatch("/a", AddWatchMode.PERSISTENT);
        zk.setData("/a", utf8("two"), -1);
        assertThat(nextEvent()).isEqualTo(EventType.NodeDataChanged);
    }

    @Test
    void multisCarryOneResultForEachOperation() throws Exception {
        List<OpResult> results = zk.multi(List.of(
                Op.create("/m", utf8("x"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                Op.setData("/m", utf8("y"), 0),
                Op.check("/m", 1),
                Op.delete("/m", 1)));
        assertThat(results.get(0)).isEqualTo(new OpResult.CreateResult("/m"));
        assertThat(((OpResult.SetDataResult) results.get(1)).getStat().getVersion())
                .isEqualTo(1);
        assertThat(results.get(2)).isEqualTo(new OpResult.CheckResult());
        assertThat(results.get(3)).isEqualTo(new OpResult.DeleteResult());
    }

    @Test
    void errorsReachTheCaller() {
        assertThatThrownBy(() -> zk.getData("/none", false, null)).isInstanceOf(KeeperException.NoNodeException.class);
        assertThatThrownBy(() -> zk.create(
                        "/ttl", utf8("x"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, new Stat(), 1_000))
                .isInstanceOf(KeeperException.UnimplementedException.class);
    }

    @Test
    void authenticatesAndClosesCleanly() throws Exception {
        zk.addAuthInfo("digest", utf8("bob:secret"));
        zk.create("/a", utf8("one"), Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        zk.close();
        assertThat(fixture.port.statistics().authenticationsFailed()).isZero();
    }
}
