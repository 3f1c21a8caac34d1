package io.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.troupe.edge.Frontend;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Role;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two of Akka's clusters beside each other become one, with three nodes on real actor systems. */
class ClusterHealingTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private final List<NodeRunner> nodes = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        List<Integer> ports = freePorts();
        String seeds =
                ports.stream().map("\"akka://troupe@127.0.0.1:%d\""::formatted).collect(Collectors.joining(","));
        for (int port : ports) {
            Config config = ConfigFactory.parseString("""
                    akka.cluster.seed-nodes = [%s]
                    troupe { host = "127.0.0.1", peer-port = %d, data-dir = "%s" }
                    """.formatted(seeds, port, directory.resolve("data-" + port)));
            nodes.add(NodeRunner.start(NodeSettingsReader.read(config).node(), config));
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(NodeRunner::stop);
    }

    private static List<Integer> freePorts() throws Exception {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    private static NodeStatus status(NodeRunner node) {
        return node.frontend().toCompletableFuture().thenApply(Frontend::status).join();
    }

    @Test
    void theNodeInTheWrongOneStartsAgainAndTheLeaderDoesNot() {
        // Nobody leads yet, or has just begun to: as two sides of a partition would, each of two nodes forms a cluster.
        for (NodeRunner node : nodes.subList(1, 3)) {
            Cluster cluster = Cluster.get(node.current());
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        }
        await().atMost(PATIENCE)
                .until(() -> nodes.subList(1, 3).stream()
                        .allMatch(node -> node.metrics().gauge("troupe_cluster_members") > 0));
        await().atMost(PATIENCE)
                .until(() -> nodes.stream().allMatch(node -> status(node).serving()));
        int leader = status(nodes.get(0)).leaderId();
        long epoch = status(nodes.get(0)).epoch();

        await().atMost(PATIENCE)
                .until(() -> nodes.stream().allMatch(node -> node.metrics().gauge("troupe_cluster_members") == 3));
        await().atMost(PATIENCE)
                .until(() -> nodes.stream().allMatch(node -> status(node).serving()));

        assertThat(status(nodes.get(leader - 1)).role()).isEqualTo(Role.LEADING);
        assertThat(status(nodes.get(0)).epoch()).isEqualTo(epoch);
    }
}
