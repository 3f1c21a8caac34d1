package io.troupe.app.clientport;

import com.sun.management.UnixOperatingSystemMXBean;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.Zxid;
import io.troupe.env.Clock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The answers to the status words, in the shapes ZooKeeper's tools parse (contract 7.1, 7.2). Thread-safe. */
final class StatusTexts {
    /** The first three numbers tell tools which of ZooKeeper's features to expect. */
    private static final String VERSION = "3.9.5-troupe, built on unknown";

    private static final int MEBIBYTE = 1 << 20;

    /** Asks every event loop about its connections. */
    interface Connections {
        CompletableFuture<List<ConnectionReport>> reports();

        CompletableFuture<Void> resetStatistics();
    }

    private final ClientPortSettings settings;
    private final Supplier<NodeStatus> node;
    private final PortStatistics port;
    private final Clock clock;
    private final Connections connections;
    private final long startedMillis;

    StatusTexts(
            ClientPortSettings settings,
            Supplier<NodeStatus> node,
            PortStatistics port,
            Clock clock,
            Connections connections) {
        this.settings = settings;
        this.node = node;
        this.port = port;
        this.clock = clock;
        this.connections = connections;
        this.startedMillis = clock.monotonicMillis();
    }

    boolean serving() {
        return node.get().serving();
    }

    String server() {
        return "Zookeeper version: " + VERSION + "\n" + serverLines();
    }

    private String serverLines() {
        NodeStatus status = node.get();
        return "Latency min/avg/max: " + port.minLatency() + "/" + decimal(port.averageLatency()) + "/"
                + port.maxLatency() + "\n"
                + "Received: " + port.packetsReceived() + "\n"
                + "Sent: " + port.packetsSent() + "\n"
                + "Connections: " + port.aliveConnections() + "\n"
                + "Outstanding: " + port.outstandingRequests() + "\n"
                + "Zxid: " + Zxid.hex(status.executedZxid()) + "\n"
                + "Mode: " + mode(status) + "\n"
                + "Node count: " + status.znodes() + "\n";
    }

    private static String mode(NodeStatus status) {
        Membership membership = status.membership();
        return status.role().mode(membership != null && membership.standalone());
    }

    private static String decimal(double number) {
        return number == 0 ? "0.0" : String.format(Locale.ROOT, "%.4f", number);
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

    /** The address and, as ZooKeeper shows it, whether the selector waits for something to read. */
    private static String head(ConnectionReport report) {
        return " /" + report.peer().getAddress().getHostAddress() + ":"
                + report.peer().getPort() + "[" + (report.reading() ? 1 : 0) + "](";
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
                + ",lcxid=0x" + Integer.toHexString(traffic.lastXid())
                + ",lzxid=0x" + Long.toHexString(traffic.lastZxid())
                + ",lresp=" + traffic.lastResponseMillis()
                + ",llat=" + latency.last()
                + ",minlat=" + latency.least()
                + ",avglat=" + Math.round(latency.average())
                + ",maxlat=" + latency.greatest();
    }

    String configuration() {
        StringBuilder text = new StringBuilder("clientPort=" + settings.port() + "\nsecureClientPort=-1\ndataDir="
                + settings.dataDir() + "\n"
                + "maxClientCnxns=" + settings.maxConnectionsPerAddress() + "\n"
                + "minSessionTimeout=" + settings.minSessionTimeout().toMillis() + "\n"
                + "maxSessionTimeout=" + settings.maxSessionTimeout().toMillis() + "\n"
                + "serverId=" + node.get().nodeId() + "\n");
        settings.shownConfiguration()
                .forEach((key, value) ->
                        text.append(key).append('=').append(value).append('\n'));
        Membership membership = node.get().membership();
        if (membership != null && !membership.standalone()) {
            text.append("membership: \n").append(membership.toConfigText()).append('\n');
        }
        return text.toString();
    }

    /** Reads the data directory, which holds snapshots and log alike. */
    String directories() {
        long snapshots = 0;
        long log = 0;
        try (Stream<Path> files = Files.list(Path.of(settings.dataDir()))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.getFileName().toString().startsWith("log-")) {
                    log += Files.size(file);
                } else {
                    snapshots += Files.size(file);
                }
            }
        } catch (IOException e) {
            return "the data directory cannot be read: " + e + "\n";
        }
        return "datadir_size: " + snapshots + "\nlogdir_size: " + log + "\n";
    }

    CompletableFuture<String> resetConnections() {
        return connections.resetStatistics().thenApply(done -> "Connection stats reset.\n");
    }

    String resetServer() {
        port.reset();
        return "Server stats reset.\n";
    }

    String monitor() {
        NodeStatus status = node.get();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("version", VERSION);
        values.put("server_state", mode(status));
        values.put("troupe_zxid", Zxid.hex(status.executedZxid()));
        values.put("troupe_digest", Zxid.hex(status.digest()));
        values.put("avg_latency", decimal(port.averageLatency()));
        values.put("max_latency", port.maxLatency());
        values.put("min_latency", port.minLatency());
        values.put("packets_received", port.packetsReceived());
        values.put("packets_sent", port.packetsSent());
        values.put("num_alive_connections", port.aliveConnections());
        values.put("outstanding_requests", port.outstandingRequests());
        values.put("connection_rejected", port.connectionsRejected());
        values.put("auth_failed_count", port.authenticationsFailed());
        values.put("uptime", clock.monotonicMillis() - startedMillis);
        values.put("znode_count", status.znodes());
        values.put("watch_count", status.watches());
        values.put("ephemerals_count", status.ephemerals());
        values.put("approximate_data_size", status.approximateDataBytes());
        values.put("global_sessions", status.sessions());
        values.put("local_sessions", 0);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            values.put("open_file_descriptor_count", system.getOpenFileDescriptorCount());
            values.put("max_file_descriptor_count", system.getMaxFileDescriptorCount());
        }
        Membership membership = status.membership();
        if (membership != null && !membership.standalone()) {
            values.put("peer_state", status.role() + " - broadcast");
            values.put("quorum_size", membership.voters().size());
        }
        if (status.role() == Role.LEADING) {
            values.put("learners", status.syncedFollowers());
            values.put("synced_followers", status.syncedFollowers());
            values.put("synced_non_voting_followers", 0);
            values.put("synced_observers", 0);
            values.put("outstanding_proposals", status.proposals());
        }
        StringBuilder text = new StringBuilder();
        values.forEach((key, value) ->
                text.append("zk_").append(key).append('\t').append(value).append('\n'));
        return text.toString();
    }

    String environment() {
        Map<String, String> system = ManagementFactory.getRuntimeMXBean().getSystemProperties();
        String processAtHost = ManagementFactory.getRuntimeMXBean().getName();
        StringBuilder text = new StringBuilder("Environment:\nzookeeper.version=" + VERSION + "\n" + "host.name="
                + processAtHost.substring(processAtHost.indexOf('@') + 1) + "\n");
        List<String> shown = List.of(
                "java.version",
                "java.vendor",
                "java.home",
                "java.class.path",
                "java.library.path",
                "java.io.tmpdir",
                "os.name",
                "os.arch",
                "os.version",
                "user.name",
                "user.home",
                "user.dir");
        for (String key : shown) {
            text.append(key).append('=').append(system.getOrDefault(key, "")).append('\n');
        }
        Runtime runtime = Runtime.getRuntime();
        return text.append("os.memory.free=" + runtime.freeMemory() / MEBIBYTE + "MB\n")
                .append("os.memory.max=" + runtime.maxMemory() / MEBIBYTE + "MB\n")
                .append("os.memory.total=" + runtime.totalMemory() / MEBIBYTE + "MB\n")
                .toString();
    }
}
