package io.troupe.client;

import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.troupe.actorport.ActorPortSettings;
import io.troupe.edge.Audit;
import io.troupe.edge.Frontend;
import io.troupe.node.Interposer;
import io.troupe.node.NodeRunner;
import io.troupe.node.NodeSettings;
import io.troupe.node.NodeSettingsReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Real nodes on loopback, and actor systems that are none of theirs. */
public final class Ensemble implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path directory;
    private final List<Integer> ports;
    private final String more;
    private final Room room = new Room();
    private final TreeMap<Integer, NodeRunner> nodes = new TreeMap<>();
    private final List<ActorSystem<?>> applications = new ArrayList<>();

    private Ensemble(Path directory, int size, String more) throws Exception {
        this.directory = directory;
        this.ports = freePorts(size);
        this.more = more;
    }

    /**
     * Nodes that serve.
     *
     * @param more configuration below {@code troupe}
     */
    public static Ensemble start(Path directory, int size, String more) throws Exception {
        Ensemble ensemble = of(directory, size, more);
        for (int i = 0; i < size; i++) {
            ensemble.startNode(i);
        }
        for (int i = 0; i < size; i++) {
            ensemble.awaitServing(i);
        }
        return ensemble;
    }

    /** Nodes to be started one by one. */
    public static Ensemble of(Path directory, int size, String more) throws Exception {
        return new Ensemble(directory, size, more);
    }

    /** Where a node stores what it holds. */
    public Path data(int index) {
        return directory.resolve("data-" + ports.get(index));
    }

    public void startNode(int index) throws Exception {
        String seeds =
                ports.stream().map("\"akka://troupe@127.0.0.1:%d\""::formatted).collect(Collectors.joining(","));
        int port = ports.get(index);
        Config config = ConfigFactory.parseString("""
                akka.cluster.seed-nodes = [%s]
                troupe { host = "127.0.0.1", peer-port = %d, data-dir = "%s" }
                troupe { %s }
                """.formatted(seeds, port, data(index), more));
        NodeSettings settings = NodeSettingsReader.read(config).node();
        nodes.put(
                index,
                NodeRunner.start(
                        settings,
                        config,
                        Optional.of(new ActorPortSettings(
                                new Passwords(),
                                room,
                                settings.minSessionTimeout(),
                                settings.maxSessionTimeout(),
                                true,
                                true,
                                true,
                                1 << 20,
                                Audit.NONE)),
                        Optional.empty(),
                        Audit.NONE,
                        Interposer.NONE));
    }

    public void awaitServing(int index) {
        Frontend frontend = frontend(index);
        await().atMost(PATIENCE).until(() -> frontend.status().serving());
    }

    public Frontend frontend(int index) {
        return node(index).frontend().toCompletableFuture().join();
    }

    public NodeRunner node(int index) {
        return Objects.requireNonNull(nodes.get(index));
    }

    /** Ends a node as its operator does: clients hear that it stops. */
    public void stopNode(int index) {
        node(index).stop();
        nodes.remove(index);
    }

    /** How many clients its nodes take on. */
    Room room() {
        return room;
    }

    /** {@code host:port}. */
    public String place(int index) {
        return "127.0.0.1:" + ports.get(index);
    }

    public List<String> places() {
        return ports.stream().map(port -> "127.0.0.1:" + port).toList();
    }

    /** An application's actor system, configured as any with remoting. */
    public ActorSystem<Void> application() {
        return application("");
    }

    /**
     * The same with something set besides.
     *
     * @param more configuration
     */
    public ActorSystem<Void> application(String more) {
        ActorSystem<Void> application = ActorSystem.create(
                Behaviors.empty(),
                "app",
                ConfigFactory.parseString("""
                akka.actor.provider = remote
                akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                akka.remote.warn-about-direct-use = off
                akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                %s
                """.formatted(more))
                        .withFallback(ConfigFactory.load())
                        .resolve());
        applications.add(application);
        return application;
    }

    /** Ends the youngest application, whose sessions nobody closes. */
    public void terminateLast() {
        ActorSystem<?> last = applications.remove(applications.size() - 1);
        last.terminate();
        last.getWhenTerminated().toCompletableFuture().join();
    }

    public CoordinatorClient client() {
        return CoordinatorClient.create(application(), places());
    }

    private static List<Integer> freePorts(int count) throws Exception {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    @Override
    public void close() {
        applications.forEach(ActorSystem::terminate);
        applications.forEach(application ->
                application.getWhenTerminated().toCompletableFuture().join());
        nodes.values().forEach(NodeRunner::stop);
    }
}
