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
import io.troupe.edge.Frontend;
import io.troupe.node.Interposer;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.ProcessSettings;
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
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
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

    /** A session whose client has only lost its server. */
    private record Orphan(long id, byte[] password) {
        static Orphan of(ZooKeeper client) {
            return new Orphan(client.getSessionId(), client.getSessionPasswd());
        }
    }

    @Test
    void movesEverythingToTroupeAndBack() throws Exception {
        Path data = directory.resolve("zk/data");
        Path logs = directory.resolve("zk/log");
        Orphan lasting;
        Orphan doomed;
        Map<String, Clients.Seen> before;
        try (EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(data, logs)) {
            ZooKeeper client = Clients.connect(zooKeeper.address(), Clients.SESSION_MILLIS);
            EveryKind.fill(client);
            zooKeeper.takeSnapshot();
            ZooKeeper other = Clients.connect(zooKeeper.address(), 1_000);
            other.create(EveryKind.DOOMED, null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            client.create(EveryKind.LASTING, EveryKind.bytes("e"), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            client.delete("/quota/a", 0);
            client.create("/late", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            before = Clients.everything(client);
            lasting = Orphan.of(client);
            doomed = Orphan.of(other);
            zooKeeper.stop();
            client.close();
            other.close();
        }

        Path imported = directory.resolve("troupe");
        run(new ImportCommand(output, output), data, logs, "--to", imported);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("agrees with ZooKeeper's", "sessions    2");
        int troupePort = freePort();
        Server server = serve(imported, troupePort);
        try {
            String address = "127.0.0.1:" + troupePort;
            ZooKeeper resumed = resume(address, lasting);
            if (resumed.exists(EveryKind.DOOMED, false) != null) {
                assertThat(Clients.everything(resumed)).isEqualTo(before);
            }
            await().atMost(PATIENCE).until(() -> resumed.exists(EveryKind.DOOMED, false) == null);
            assertThat(Clients.resume(address, doomed.id(), doomed.password())).isNull();
            assertThat(resumed.create("/numbered/n-", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL))
                    .isEqualTo("/numbered/n-0000000012");
            resumed.setData("/late", EveryKind.bytes("by Troupe"), 0);
            before = Clients.everything(resumed);
            server.stopAtOnce();
            resumed.close();
        } finally {
            server.stopAtOnce();
        }

        run(new InspectCommand(output, output), imported);
        Path exported = directory.resolve("back");
        run(new ExportCommand(output, output), imported, "--to", exported);
        try (EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(exported, exported)) {
            ZooKeeper resumed = resume(zooKeeper.address(), lasting);
            assertThat(Clients.everything(resumed)).isEqualTo(before);
            assertThat(zooKeeper.server().getZKDatabase().getDataTree().getTreeDigest())
                    .isEqualTo(TreeDigest.of(ZooKeeperHistory.read(List.of(exported), false, false).tree()));
            resumed.close();
        }
    }

    private static ZooKeeper resume(String address, Orphan session) throws Exception {
        ZooKeeper client = Clients.resume(address, session.id(), session.password());
        assertThat(client).as("the session goes on").isNotNull();
        Objects.requireNonNull(client).addAuthInfo("digest", EveryKind.bytes("user:secret"));
        return client;
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
