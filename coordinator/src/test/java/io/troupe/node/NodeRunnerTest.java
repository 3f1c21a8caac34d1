package io.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.troupe.edge.Connect;
import io.troupe.edge.Frontend;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionPassword;
import io.troupe.edge.SessionSink;
import io.troupe.edge.WatchEvent;
import io.troupe.election.ElectionSettings;
import io.troupe.request.Result;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node alone, with its real actor system, disk and port. */
class NodeRunnerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private NodeRunner node;

    @BeforeEach
    void start() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Config config = ConfigFactory.parseString("""
                akka.cluster.seed-nodes = ["akka://troupe@127.0.0.1:%d"]
                troupe { host = "127.0.0.1", peer-port = %d, data-dir = "%s" }
                """.formatted(port, port, directory.resolve("data")));
        node = NodeRunner.start(NodeSettingsReader.read(config).node(), config);
    }

    @AfterEach
    void stop() {
        node.stop();
    }

    private Frontend serving() {
        Frontend frontend = node.frontend().toCompletableFuture().join();
        await().atMost(PATIENCE).until(() -> frontend.status().serving());
        return frontend;
    }

    /** What one connection is delivered. */
    private static final class Client implements SessionSink {
        private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

        @Override
        public void connected(SessionHandle handle, int timeoutMillis, boolean readOnly) {
            seen.add(handle);
        }

        @Override
        public void reply(int xid, long zxid, Result result) {
            seen.add(result);
        }

        @Override
        public void event(WatchEvent event, long zxid) {
            seen.add(event);
        }

        @Override
        public void end(End reason) {
            seen.add(reason);
        }

        @Override
        public void flush() {
            // Nothing is buffered.
        }

        Object next() throws InterruptedException {
            return seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static Connect anew() {
        return new Connect(0, new byte[16], 10_000, 0, List.of(), false);
    }

    @Test
    void startsAgainInTheSameProcessAndServesThroughTheSameFrontEnd() throws Exception {
        Frontend frontend = serving();
        Client before = new Client();
        frontend.connect(anew(), before);
        SessionHandle session = (SessionHandle) before.next();
        long epoch = frontend.status().epoch();

        node.startAgain("a test");

        assertThat(before.next()).isEqualTo(SessionSink.End.STOPPING);
        await().atMost(PATIENCE)
                .until(() -> frontend.status().serving() && frontend.status().epoch() > epoch);
        Client after = new Client();
        frontend.connect(
                new Connect(session.sessionId(), SessionPassword.of(session.sessionId()), 10_000, 0, List.of(), false),
                after);
        assertThat(after.next())
                .isInstanceOfSatisfying(
                        SessionHandle.class,
                        again -> assertThat(again.sessionId()).isEqualTo(session.sessionId()));
        assertThat(node.terminated().toCompletableFuture()).isNotDone();
    }

    @Test
    void leavesNoThreadBehindWhenItStartsAgain() {
        Frontend frontend = serving();
        startAgain(frontend);
        long once = threads();
        startAgain(frontend);
        startAgain(frontend);

        await().atMost(PATIENCE).until(() -> threads() <= once);
    }

    private void startAgain(Frontend frontend) {
        long epoch = frontend.status().epoch();
        node.startAgain("a test");
        await().atMost(PATIENCE)
                .until(() -> frontend.status().serving() && frontend.status().epoch() > epoch);
    }

    /** Without those that come and go with the work there is. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("troupe")
                        && !thread.getName().contains("default-dispatcher"))
                .count();
    }

    @Test
    void endsWhenItIsStoppedWhileItStartsAgain() {
        serving();

        node.startAgain("a test");
        node.stop();

        assertThat(node.terminated().toCompletableFuture().join().kind()).isEqualTo(ExitReason.Kind.STOPPED);
    }

    @Test
    void aNodeThatHearsOfNobodyStartsAgainEverMoreRarely() {
        ElectionSettings configured = ElectionSettings.DEFAULT.isolatedAfter(Duration.ofSeconds(20));

        assertThat(IntStream.of(0, 1, 2, 3, 4, 60)
                        .mapToObj(unheard -> NodeRunner.patience(configured, unheard)
                                .isolatedAfter()
                                .toSeconds()))
                .containsExactly(20L, 40L, 80L, 160L, 300L, 300L);
        ElectionSettings patient = configured.isolatedAfter(Duration.ofHours(1));
        assertThat(NodeRunner.patience(patient, 5)).isEqualTo(patient);
    }

    @Test
    void clientsAreSentElsewhereWhileThereIsNoNode() throws Exception {
        LastingFrontend lasting = new LastingFrontend(serving());
        lasting.gone();

        Client client = new Client();
        lasting.connect(anew(), client);

        assertThat(client.next()).isEqualTo(SessionSink.End.NOT_SERVING);
        assertThat(lasting.status().serving()).isFalse();
    }
}
