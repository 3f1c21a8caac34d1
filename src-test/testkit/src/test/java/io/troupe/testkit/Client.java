package io.troupe.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/** ZooKeeper's own client, as a user's program has it. */
final class Client implements AutoCloseable {
    private final Set<KeeperState> states = ConcurrentHashMap.newKeySet();
    private final ZooKeeper zooKeeper;

    private Client(String connectString, Duration timeout) throws IOException {
        this.zooKeeper = new ZooKeeper(connectString, (int) timeout.toMillis(), event -> states.add(event.getState()));
    }

    /** One that has its session. */
    static Client connect(String connectString, Duration timeout) throws IOException {
        Client client = new Client(connectString, timeout);
        client.awaitState(KeeperState.SyncConnected);
        return client;
    }

    /** One whose session outlives what tests do to nodes. */
    static Client connect(String connectString) throws IOException {
        return connect(connectString, Duration.ofSeconds(40));
    }

    ZooKeeper zooKeeper() {
        return zooKeeper;
    }

    long session() {
        return zooKeeper.getSessionId();
    }

    /** Waits until the client has been told of a state, now or before. */
    void awaitState(KeeperState state) {
        await().atMost(Waiting.PATIENCE).until(() -> states.contains(state));
    }

    boolean hasHeardOf(KeeperState state) {
        return states.contains(state);
    }

    void forgetStates() {
        states.clear();
    }

    /** Tries again after a lost connection. */
    void create(String path, CreateMode mode) throws InterruptedException, KeeperException {
        boolean done = false;
        while (!done) {
            try {
                zooKeeper.create(path, "data".getBytes(UTF_8), Ids.OPEN_ACL_UNSAFE, mode);
                done = true;
            } catch (KeeperException.ConnectionLossException e) {
                forgetStates();
                awaitState(KeeperState.SyncConnected);
            } catch (KeeperException.NodeExistsException e) {
                // By the attempt whose answer was lost.
                done = true;
            }
        }
    }

    /** How the creation of a znode ends. */
    CompletableFuture<Code> createLater(String path) {
        CompletableFuture<Code> outcome = new CompletableFuture<>();
        zooKeeper.create(
                path,
                new byte[0],
                Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT,
                (code, asked, context, name) -> outcome.complete(Code.get(code)),
                null);
        return outcome;
    }

    /** Tries again after a lost connection. */
    boolean exists(String path) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        await().atMost(Waiting.PATIENCE).until(() -> {
            try {
                answer.complete(zooKeeper.exists(path, false) != null);
                return true;
            } catch (KeeperException.ConnectionLossException e) {
                return false;
            }
        });
        return answer.join();
    }

    @Override
    public void close() {
        try {
            // Where there is no server left to tell, it need not wait for one.
            zooKeeper.close(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
