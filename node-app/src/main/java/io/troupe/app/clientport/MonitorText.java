package io.troupe.app.clientport;

import com.sun.management.UnixOperatingSystemMXBean;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.env.Clock;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The answer to {@code mntr}, for dashboards (contract 7.2). Thread-safe. */
final class MonitorText {
    private final Supplier<NodeStatus> node;
    private final PortStatistics port;
    private final Clock clock;
    private final long startedMillis;

    MonitorText(Supplier<NodeStatus> node, PortStatistics port, Clock clock) {
        this.node = node;
        this.port = port;
        this.clock = clock;
        this.startedMillis = clock.monotonicMillis();
    }

    String monitor() {
        NodeStatus status = node.get();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("version", StatusTexts.VERSION);
        values.put("server_state", StatusTexts.mode(status));
        values.put("troupe_zxid", Zxid.hex(status.executedZxid()));
        values.put("troupe_digest", Zxid.hex(status.digest()));
        values.put("avg_latency", StatusTexts.decimal(port.averageLatency()));
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
        if (StatusTexts.leadsEnsemble(status)) {
            values.put("learners", status.syncedFollowers());
            values.put("synced_followers", status.syncedFollowers());
            values.put("synced_non_voting_followers", 0);
            values.put("synced_observers", 0);
            values.put("troupe_outstanding_proposals", status.proposals());
        }
        StringBuilder text = new StringBuilder();
        values.forEach((key, value) ->
                text.append("zk_").append(key).append('\t').append(value).append('\n'));
        return text.toString();
    }
}
