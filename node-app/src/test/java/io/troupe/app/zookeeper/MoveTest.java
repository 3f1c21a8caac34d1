package io.troupe.app.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.app.command.ExportCommand;
import io.troupe.app.command.ImportCommand;
import io.troupe.app.command.InspectCommand;
import io.troupe.app.server.Server;
import io.troupe.contract.Covers;
import io.troupe.edge.Frontend;
import io.troupe.node.Interposer;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.ProcessSettings;
import io.troupe.tree.state.DataTree;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * From Apache ZooKeeper's server to ours and back: every znode, with every field that a client can see, and the sessions, whose
 * clients go on with them.
 */
class MoveTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<ACL> OPEN = ZooDefs.Ids.OPEN_ACL_UNSAFE;
    private static final String EXTENDED_TYPES = "zookeeper.extendedTypesEnabled";

    @TempDir
    Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream output = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @BeforeEach
    void allowTtl() {
        System.setProperty(EXTENDED_TYPES, "true");
    }

    @AfterEach
    void asBefore() {
        System.clearProperty(EXTENDED_TYPES);
    }

    /** Clients know from the beginning where they will find their servers. */
    @Test
    @Covers({"8.1.1", "8.2.1", "8.3.1"})
    void movesEverythingToTroupeAndBackUnderClientsThatGoOn() throws Exception {
        Path data = directory.resolve("zk/data");
        Path logs = directory.resolve("zk/log");
        int first = freePort();
        int troupe = freePort();
        int last = freePort();
        String everywhere = "127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d".formatted(first, troupe, last);
        CountDownLatch event = new CountDownLatch(1);
        ZooKeeper client;
        Orphan doomed;
        Map<String, Clients.Seen> before;
        try (EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(data, logs, first)) {
            client = Clients.connect(everywhere, Clients.SESSION_MILLIS);
            EveryKind.fill(client);
            zooKeeper.takeSnapshot();
            doomed = Orphan.of(zooKeeper.address());
            client.create(EveryKind.LASTING, EveryKind.bytes("e"), OPEN, CreateMode.EPHEMERAL);
            client.delete("/quota/a", 0);
            client.create("/late", null, OPEN, CreateMode.PERSISTENT);
            client.exists("/made-by-troupe", changed -> event.countDown());
            before = Clients.everything(client);
        }

        Path imported = directory.resolve("troupe");
        run(new ImportCommand(output, output), data, logs, "--to", imported);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("agrees with ZooKeeper's", "sessions    2");
        Server server = serve(imported, troupe);
        try {
            awaitServed(client);
            await().atMost(PATIENCE).until(() -> client.exists(EveryKind.DOOMED, false) == null);
            assertThat(withoutDoomed(Clients.everything(client))).isEqualTo(withoutDoomed(before));
            assertThat(Clients.resume("127.0.0.1:" + troupe, doomed.id(), doomed.password()))
                    .isNull();
            assertThat(client.create("/numbered/n-", null, OPEN, CreateMode.EPHEMERAL_SEQUENTIAL))
                    .isEqualTo("/numbered/n-0000000012");
            client.create("/made-by-troupe", EveryKind.bytes("t"), OPEN, CreateMode.PERSISTENT);
            assertThat(event.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("the watch came along")
                    .isTrue();
            before = Clients.everything(client);
        } finally {
            server.stopAtOnce();
        }

        run(new InspectCommand(output, output), imported);
        Path exported = directory.resolve("back");
        run(new ExportCommand(output, output), imported, "--to", exported);
        DataTree written =
                ZooKeeperHistory.read(List.of(exported), false, false).tree();
        try (EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(exported, exported, last)) {
            assertThat(zooKeeper.server().getZKDatabase().getDataTree().getTreeDigest())
                    .isEqualTo(TreeDigest.of(written));
            awaitServed(client);
            assertThat(Clients.everything(client)).isEqualTo(before);
            client.close();
        }
    }

    /** A session whose client is gone. */
    private record Orphan(long id, byte[] password) {
        static Orphan of(String address) throws Exception {
            ZooKeeper client = Clients.connect(address, 2_000);
            client.create(EveryKind.DOOMED, null, OPEN, CreateMode.EPHEMERAL);
            client.addAuthInfo("no-such-scheme", new byte[0]);
            await().atMost(PATIENCE).until(() -> !client.getState().isAlive());
            return new Orphan(client.getSessionId(), client.getSessionPasswd());
        }
    }

    /** The end of its session changes its parent, too. */
    private static Map<String, Clients.Seen> withoutDoomed(Map<String, Clients.Seen> seen) {
        Map<String, Clients.Seen> rest = new TreeMap<>(seen);
        rest.remove(EveryKind.DOOMED);
        rest.remove("/ephemerals");
        return rest;
    }

    private static void awaitServed(ZooKeeper client) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                .until(() -> client.exists(EveryKind.LASTING, false) != null);
    }

    private void run(Callable<Integer> command, Object... words) {
        String[] arguments = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            arguments[i] = words[i].toString();
        }
        int status = new CommandLine(command).execute(arguments);
        assertThat(status).as(printed.toString(StandardCharsets.UTF_8)).isZero();
    }

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static Server serve(Path data, int clientPort) throws Exception {
        int peerPort = freePort();
        Config config = ConfigFactory.parseString("""
                akka.cluster.seed-nodes = ["akka://troupe@127.0.0.1:%d"]
                troupe {
                  host = "127.0.0.1", peer-port = %d, client-port = %d, data-dir = "%s"
                  tick = 200ms, min-session-timeout = 400ms, max-session-timeout = 60s
                }
                """.formatted(peerPort, peerPort, clientPort, data));
        ProcessSettings process = NodeSettingsReader.read(config);
        Server server =
                Server.start(process, config, Authenticators.of(process.auth(), List.of()), null, Interposer.NONE);
        Frontend frontend = server.node().frontend().toCompletableFuture().join();
        await().atMost(PATIENCE).until(() -> frontend.status().serving());
        server.open(frontend);
        assertThat(Files.exists(data.resolve("node.meta"))).isTrue();
        return server;
    }
}
