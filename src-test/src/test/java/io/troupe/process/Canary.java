package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;

/** A well-behaved client of one server, which notices whether it is disturbed. */
public final class Canary implements AutoCloseable {
    /** Parent of all nodes of canaries, which nobody else may change. */
    public static final String HOME = "/canaries";

    /** Longer than anything but a stall takes on a busy host: a client that waits so long is about to give up its connection. */
    private static final long STALL_MILLIS = 10_000;

    private final OfficialClient client;
    private final String path;
    private final EventLog persistent = new EventLog();
    private final List<EventLog> once = new ArrayList<>();
    private long slowestMillis;

    /** Connects to a server, and makes an ephemeral node there. */
    public Canary(ServerProcess server) throws Exception {
        client = authenticated(server);
        path = client.create(HOME + "/" + server.id(), new byte[] {'0'}, acl(), CreateMode.EPHEMERAL);
        client.addWatch(path, persistent, AddWatchMode.PERSISTENT);
    }

    /** A client that may do what canaries may. */
    public static OfficialClient authenticated(ServerProcess server) {
        OfficialClient client =
                OfficialClient.connect(server.address().clientAddress(), OfficialClient.PATIENT_TIMEOUT_MILLIS);
        client.addAuthInfo("digest", "canary:secret".getBytes(UTF_8));
        return client;
    }

    /** All for canaries, reading for everybody. */
    public static List<ACL> acl() {
        List<ACL> acl = new ArrayList<>(Ids.CREATOR_ALL_ACL);
        acl.add(new ACL(Perms.READ, Ids.ANYONE_ID_UNSAFE));
        return acl;
    }

    /** The id of its session. */
    public long session() {
        return client.getSessionId();
    }

    /** How long its slowest operation took. */
    public long slowestMillis() {
        return slowestMillis;
    }

    /** Sets a watch, changes the node, reads it back. */
    public void round() throws Exception {
        String value = Integer.toString(once.size());
        EventLog watch = new EventLog();
        once.add(watch);
        timed(() -> client.getData(path, watch, null));
        timed(() -> client.setData(path, value.getBytes(UTF_8), -1));
        assertThat(timed(() -> client.text(path))).isEqualTo(value);
    }

    private <T> T timed(Callable<T> operation) throws Exception {
        long start = System.nanoTime();
        T result = operation.call();
        slowestMillis = Math.max(slowestMillis, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        assertThat(slowestMillis)
                .as("milliseconds of a canary's slowest operation")
                .isLessThan(STALL_MILLIS);
        return result;
    }

    /** Fails if its connection, its ephemeral or its watches have seen anything but its own doing. */
    public void assertUndisturbed() throws Exception {
        round();
        assertThat(client.events().states()).containsExactly(KeeperState.SyncConnected);
        assertThat(client.stat(path).getEphemeralOwner()).isEqualTo(session());
        assertThat(client.stat(path).getVersion()).isEqualTo(once.size());
        // The client's own thread for events may be behind.
        String change = "NodeDataChanged " + path;
        persistent.awaitExactly(Collections.nCopies(once.size(), change).toArray(String[]::new));
        await().untilAsserted(() ->
                assertThat(once).allSatisfy(watch -> assertThat(watch.ofNodes()).containsExactly(change)));
    }

    @Override
    public void close() {
        client.close();
    }
}
