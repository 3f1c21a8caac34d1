package io.troupe.app.clientport;

import io.troupe.app.clientport.ClientPortSettings.ShownConfiguration;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.Zxid;
import io.troupe.metrics.Metrics;
import io.troupe.metrics.Sizes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers to the status words, in the shapes ZooKeeper's tools parse (contract 7.1), but {@code mntr}. Thread-safe. */
final class StatusTexts {
    /** The first three numbers tell tools which of ZooKeeper's features to expect. */
    static final String VERSION = "3.9.5-troupe, built on unknown";

    private static final Logger LOG = LoggerFactory.getLogger(StatusTexts.class);
    private static final int MEBIBYTE = 1 << 20;

    /** Asks every event loop about its connections. */
    interface Connections {
        CompletableFuture<List<ConnectionReport>> reports();

        CompletableFuture<Void> resetStatistics();
    }

    private final ClientPortSettings settings;
    private final Supplier<NodeStatus> node;
    private final PortStatistics port;
    private final Metrics metrics;
    private final Connections connections;

    StatusTexts(
            ClientPortSettings settings,
            Supplier<NodeStatus> node,
            PortStatistics port,
            Metrics metrics,
            Connections connections) {
        this.settings = settings;
        this.node = node;
        this.port = port;
        this.metrics = metrics;
        this.connections = connections;
    }

    boolean serving() {
        NodeStatus status = node.get();
        return status.serving() || status.readOnly();
    }

    String server() {
        return "Zookeeper version: " + VERSION + "\n" + serverLines();
    }

    /** What {@code isro} answers. */
    String access() {
        NodeStatus status = node.get();
        return status.serving() ? "rw" : status.readOnly() ? "ro" : "null";
    }

    private String serverLines() {
        NodeStatus status = node.get();
        return (status.readOnly() ? "READ-ONLY server; serving only read-only clients\n" : "")
                + "Latency min/avg/max: " + port.minLatency() + "/" + decimal(port.averageLatency()) + "/"
                + port.maxLatency() + "\n"
                + "Received: " + port.packetsReceived() + "\n"
                + "Sent: " + port.packetsSent() + "\n"
                + "Connections: " + port.aliveConnections() + "\n"
                + "Outstanding: " + port.outstandingRequests() + "\n"
                + "Zxid: " + Zxid.hex(status.executedZxid()) + "\n"
                + "Mode: " + mode(status) + "\n"
                + "Node count: " + status.znodes() + "\n"
                + (leadsEnsemble(status) ? proposalSizes() : "");
    }

    /** A standalone node leads nobody. */
    static boolean leadsEnsemble(NodeStatus status) {
        Membership membership = status.membership();
        return status.role() == Role.LEADING && membership != null && !membership.standalone();
    }

    private String proposalSizes() {
        Sizes sizes = metrics.sizes("proposal_size");
        return "Proposal sizes last/min/max: " + sizes.last() + "/" + sizes.least() + "/" + sizes.greatest() + "\n";
    }

    static String mode(NodeStatus status) {
        Membership membership = status.membership();
        if (status.readOnly()) {
            return "read-only";
        }
        return status.role().mode(membership != null && membership.standalone());
    }

    /** At most four decimals and at least one, as ZooKeeper's tools expect. */
    static String decimal(double number) {
        return Double.toString(rounded(number));
    }

    /** To four decimals. */
    static double rounded(double number) {
        return BigDecimal.valueOf(number).setScale(4, RoundingMode.HALF_UP).doubleValue();
    }

    CompletableFuture<String> serverAndConnections() {
        return connections.reports().thenApply(reports -> {
            StringBuilder text = new StringBuilder("Zookeeper version: " + VERSION + "\nClients:\n");
            for (ConnectionReport report : reports) {
                text.append(head(report)).append(brief(report)).append(")\n");
            }
            return text.append('\n').append(serverLines()).toString();
        });
    }

    CompletableFuture<String> connections() {
        return connections.reports().thenApply(reports -> {
            StringBuilder text = new StringBuilder();
            for (ConnectionReport report : reports) {
                text.append(head(report)).append(brief(report));
                if (report.sessionId() != 0) {
                    text.append(details(report));
                }
                text.append(")\n");
            }
            return text.append('\n').toString();
        });
    }

    /** The connections, by the second in which they are closed unless their clients give a sign of life. */
    CompletableFuture<String> connectionDeadlines() {
        return connections.reports().thenApply(reports -> {
            SortedMap<Long, List<ConnectionReport>> bySecond = new TreeMap<>();
            reports.forEach(report -> bySecond.computeIfAbsent(
                            Math.floorDiv(report.deadlineMillis() + 999, 1000L), second -> new ArrayList<>())
                    .add(report));
            StringBuilder text = new StringBuilder(
                    "Connections dump:\nConnections Sets (" + bySecond.size() + ")/(" + reports.size() + "):\n");
            bySecond.forEach((second, due) -> {
                text.append(due.size() + " expire at " + TreeTexts.date(second * 1000) + ":\n");
                due.forEach(report -> text.append(
                        "\tip: " + address(report) + " sessionId: 0x" + Long.toHexString(report.sessionId()) + "\n"));
            });
            return text.toString();
        });
    }

    private static String address(ConnectionReport report) {
        return "/" + report.peer().getAddress().getHostAddress() + ":"
                + report.peer().getPort();
    }

    /** The address and, as ZooKeeper shows it, whether the selector waits for something to read. */
    private static String head(ConnectionReport report) {
        return " " + address(report) + "[" + (report.reading() ? 1 : 0) + "](";
    }

    private static String brief(ConnectionReport report) {
        return "queued=" + report.outstanding() + ",recved=" + report.traffic().received() + ",sent="
                + report.traffic().sent();
    }

    private static String details(ConnectionReport report) {
        ConnectionReport.Traffic traffic = report.traffic();
        ConnectionReport.Latency latency = report.latency();
        return ",sid=0x" + Long.toHexString(report.sessionId())
                + ",lop=" + traffic.lastOperation()
                + ",est=" + traffic.establishedMillis()
                + ",to=" + report.timeoutMillis()
                + (traffic.lastXid() < 0 ? "" : ",lcxid=0x" + Integer.toHexString(traffic.lastXid()))
                + ",lzxid=0x" + Long.toHexString(traffic.lastZxid())
                + ",lresp=" + traffic.lastResponseMillis()
                + ",llat=" + latency.last()
                + ",minlat=" + latency.least()
                + ",avglat=" + latency.average()
                + ",maxlat=" + latency.greatest();
    }

    /** Reads the data directory. */
    String configuration() {
        ShownConfiguration shown = settings.shownConfiguration();
        NodeStatus status = node.get();
        Membership membership = status.membership();
        // One directory holds both.
        String snapshots = "" + snapshotBytes();
        String log = "" + logBytes();
        StringBuilder text = new StringBuilder("clientPort=" + settings.port() + "\n"
                + "secureClientPort=" + settings.securePort() + "\n"
                + "dataDir=" + settings.dataDir() + "\n"
                + "dataDirSize=" + snapshots + "\n"
                + "dataLogDir=" + settings.dataDir() + "\n"
                + "dataLogSize=" + log + "\n"
                + "tickTime=" + shown.tickMillis() + "\n"
                + "maxClientCnxns=" + settings.maxConnectionsPerAddress() + "\n"
                + "minSessionTimeout=" + settings.minSessionTimeout().toMillis() + "\n"
                + "maxSessionTimeout=" + settings.maxSessionTimeout().toMillis() + "\n"
                + "clientPortListenBacklog=" + settings.load().connections().backlog() + "\n"
                + "serverId=" + status.nodeId() + "\n");
        if (membership != null && !membership.standalone()) {
            text.append("initLimit=" + shown.initLimit() + "\n"
                    + "syncLimit=" + shown.syncLimit() + "\n"
                    + "electionAlg=3\n"
                    + "electionPort=" + (shown.quorumPort() + 1) + "\n"
                    + "quorumPort=" + shown.quorumPort() + "\n"
                    + "peerType=" + (status.role() == Role.OBSERVING ? 1 : 0) + "\n"
                    + "membership: \n" + membership.toConfigText());
        }
        return text.toString();
    }

    /** Reads the data directory, which holds snapshots and log alike. */
    String directories() {
        return "datadir_size: " + snapshotBytes() + "\n" + "logdir_size: " + logBytes() + "\n";
    }

    long snapshotBytes() {
        return sizeOf(Path.of(settings.dataDir()), file -> !isLog(file));
    }

    long logBytes() {
        return sizeOf(Path.of(settings.dataDir()), StatusTexts::isLog);
    }

    private static boolean isLog(Path file) {
        return file.getFileName().toString().startsWith("log-");
    }

    /** Bytes of these files of a directory; 0 when it cannot be read, as for an operator it then holds nothing. */
    private static long sizeOf(Path directory, Predicate<Path> which) {
        long bytes = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).filter(which).toList()) {
                bytes += Files.size(file);
            }
        } catch (IOException e) {
            LOG.warn("the size of the data directory {} cannot be told: {}", directory, e.toString());
        }
        return bytes;
    }

    CompletableFuture<String> resetConnections() {
        return connections.resetStatistics().thenApply(done -> "Connection stats reset.\n");
    }

    String resetServer() {
        port.reset();
        metrics.reset();
        return "Server stats reset.\n";
    }

    String environment() {
        StringBuilder text = new StringBuilder("Environment:\n");
        environmentValues()
                .forEach((key, value) ->
                        text.append(key).append('=').append(value).append('\n'));
        return text.toString();
    }

    Map<String, String> environmentValues() {
        Map<String, String> system = ManagementFactory.getRuntimeMXBean().getSystemProperties();
        String processAtHost = ManagementFactory.getRuntimeMXBean().getName();
        Map<String, String> values = new LinkedHashMap<>();
        values.put("zookeeper.version", VERSION);
        values.put("host.name", processAtHost.substring(processAtHost.indexOf('@') + 1));
        List<String> shown = List.of(
                "java.version",
                "java.vendor",
                "java.home",
                "java.class.path",
                "java.library.path",
                "java.io.tmpdir",
                "java.compiler",
                "os.name",
                "os.arch",
                "os.version",
                "user.name",
                "user.home",
                "user.dir");
        for (String key : shown) {
            values.put(key, system.getOrDefault(key, "<NA>"));
        }
        Runtime runtime = Runtime.getRuntime();
        values.put("os.memory.free", runtime.freeMemory() / MEBIBYTE + "MB");
        values.put("os.memory.max", runtime.maxMemory() / MEBIBYTE + "MB");
        values.put("os.memory.total", runtime.totalMemory() / MEBIBYTE + "MB");
        return values;
    }
}
