package io.troupe.app.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** ZooKeeper's Java client, and what it sees of a server. */
final class Clients {
    static final int SESSION_MILLIS = 30_000;

    private static final long PATIENCE_SECONDS = 60;

    private Clients() {}

    static ZooKeeper connect(String address, int sessionMillis) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(address, sessionMillis, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        await(connected, address);
        client.addAuthInfo("digest", "user:secret".getBytes(StandardCharsets.UTF_8));
        return client;
    }

    /** Goes on with a session; null when the server says that it has expired. */
    static @Nullable ZooKeeper resume(String address, long sessionId, byte[] password) throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        AtomicReference<KeeperState> state = new AtomicReference<>(KeeperState.Disconnected);
        ZooKeeper client = new ZooKeeper(
                address,
                SESSION_MILLIS,
                event -> {
                    if (event.getState() == KeeperState.SyncConnected || event.getState() == KeeperState.Expired) {
                        state.set(event.getState());
                        answered.countDown();
                    }
                },
                sessionId,
                password);
        await(answered, address);
        if (state.get() == KeeperState.Expired) {
            client.close();
            return null;
        }
        return client;
    }

    private static void await(CountDownLatch latch, String address) throws InterruptedException {
        if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("no answer from " + address);
        }
    }

    /** What a client can see of a znode. */
    record Seen(@Nullable String data, Stat stat, List<ACL> acl, List<String> children) {}

    /** Everything below a path that this client may read, but for the znode that lists the members. */
    static Map<String, Seen> everything(ZooKeeper client) throws Exception {
        Map<String, Seen> seen = new TreeMap<>();
        Deque<String> unvisited = new ArrayDeque<>(List.of("/"));
        while (!unvisited.isEmpty()) {
            String path = unvisited.pop();
            if (path.equals("/zookeeper/config")) {
                continue;
            }
            Stat stat = new Stat();
            byte[] data = client.getData(path, false, stat);
            List<String> children = new ArrayList<>(client.getChildren(path, false));
            children.sort(null);
            seen.put(
                    path,
                    new Seen(data == null ? null : Arrays.toString(data), stat, client.getACL(path, null), children));
            children.forEach(name -> unvisited.push(path.equals("/") ? "/" + name : path + "/" + name));
        }
        return seen;
    }
}
