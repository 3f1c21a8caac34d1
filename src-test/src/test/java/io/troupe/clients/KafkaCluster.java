package io.troupe.clients;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.FreePorts;
import io.troupe.process.OfficialClient;
import io.troupe.process.ServerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.zookeeper.KeeperException;

/** Two brokers of Apache Kafka, each a process on Kafka's own class path, that find each other through the ensemble. */
final class KafkaCluster implements AutoCloseable {
    /** Where in the ensemble's tree Kafka lives. */
    static final String CHROOT = "/kafka";

    /** The ephemeral node that names the controller. */
    static final String CONTROLLER = CHROOT + "/controller";

    private static final int SESSION_MILLIS = 6000;
    private static final Duration COMMAND = Duration.ofMinutes(1);
    private static final Path LOGGING =
            Path.of("clients", "kafka", "log4j.properties").toAbsolutePath();
    private static final Pattern BROKER = Pattern.compile("\"brokerid\":(\\d+)");

    private final EnsembleProcesses ensemble;
    private final Path home;
    private final Map<Integer, Integer> ports = new TreeMap<>();
    private final Map<Integer, ForeignProgram> brokers = new TreeMap<>();
    private final List<ForeignProgram> others = new ArrayList<>();

    /** Starts the brokers 1 and 2; does not wait. */
    KafkaCluster(EnsembleProcesses ensemble) throws IOException {
        this.ensemble = ensemble;
        this.home = Files.createTempDirectory(Files.createDirectories(ForeignProgram.HOME), "kafka-");
        var free = FreePorts.choose(2);
        ports.put(1, free.get(0));
        ports.put(2, free.get(1));
        ports.keySet().forEach(this::startBroker);
    }

    /** Starts a broker on whatever it left on disk; its log begins anew. */
    void startBroker(int id) {
        try {
            var properties = home.resolve("broker-" + id + ".properties");
            Files.writeString(properties, """
                    broker.id=%d
                    listeners=PLAINTEXT://%s:%d
                    log.dirs=%s
                    zookeeper.connect=%s%s
                    zookeeper.session.timeout.ms=%d
                    zookeeper.connection.timeout.ms=60000
                    num.partitions=1
                    default.replication.factor=2
                    min.insync.replicas=1
                    offsets.topic.replication.factor=2
                    offsets.topic.num.partitions=1
                    group.initial.rebalance.delay.ms=0
                    log.cleaner.dedupe.buffer.size=2000000
                    """.formatted(
                            id,
                            ServerAddress.HOST,
                            ports.get(id),
                            home.resolve("broker-" + id),
                            ensemble.connectString(),
                            CHROOT,
                            SESSION_MILLIS));
            brokers.put(id, ForeignProgram.start("kafka-" + id, kafka("256m", "kafka.Kafka", properties.toString())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. */
    void killBroker(int id) {
        requireNonNull(brokers.get(id), () -> "there is no broker " + id).kill();
    }

    /** The brokers' addresses. */
    String bootstrap() {
        return ports.values().stream()
                .map(port -> ServerAddress.HOST + ":" + port)
                .collect(Collectors.joining(","));
    }

    /** Waits until these brokers, and no others, are registered in the tree. */
    void awaitRegistered(OfficialClient client, String... ids) {
        await("the brokers " + List.of(ids) + " are registered")
                .atMost(EnsembleProcesses.PATIENCE)
                .ignoreExceptionsInstanceOf(KeeperException.class)
                .until(() -> client.getChildren(CHROOT + "/brokers/ids", false).stream()
                        .sorted()
                        .toList()
                        .equals(List.of(ids)));
    }

    /** Waits until there is a controller, another broker than {@code before}, and answers its number. */
    int awaitController(OfficialClient client, int before) {
        return await("a broker other than " + before + " is the controller")
                .atMost(EnsembleProcesses.PATIENCE)
                .ignoreExceptionsInstanceOf(KeeperException.class)
                .until(() -> controller(client), id -> id != before);
    }

    /** Which broker is the controller. */
    static int controller(OfficialClient client) throws KeeperException, InterruptedException {
        var text = client.text(CONTROLLER);
        var matcher = BROKER.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("the controller's node names no broker: " + text);
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** Runs one of Kafka's command line programs to its end; answers what it said. */
    List<String> command(String name, String mainClass, String... arguments) {
        try (var program = ForeignProgram.start(name, kafka("64m", mainClass, withBootstrap(arguments)))) {
            var status = program.awaitExit(COMMAND);
            if (status != 0) {
                throw new IllegalStateException(
                        name + " ended with " + status + ":\n" + String.join("\n", program.said()));
            }
            return program.said();
        }
    }

    /** Starts one of Kafka's command line programs that goes on until the cluster is closed. */
    ForeignProgram start(String name, String mainClass, String... arguments) {
        var program = ForeignProgram.start(name, kafka("64m", mainClass, withBootstrap(arguments)));
        others.add(program);
        return program;
    }

    @Override
    public void close() {
        others.forEach(ForeignProgram::close);
        brokers.values().forEach(ForeignProgram::close);
    }

    private String[] withBootstrap(String... arguments) {
        return Stream.concat(Stream.of("--bootstrap-server", bootstrap()), Stream.of(arguments))
                .toArray(String[]::new);
    }

    private static List<String> kafka(String heap, String mainClass, String... arguments) {
        var command = new ArrayList<>(ForeignProgram.java(heap));
        command.addAll(List.of(
                "-Dlog4j.configuration=" + LOGGING.toUri(), "-cp", ForeignProgram.classPath("kafka"), mainClass));
        command.addAll(List.of(arguments));
        return command;
    }
}
