package io.troupe.app.clientport;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.util.internal.PlatformDependent;
import io.troupe.edge.Frontend;
import io.troupe.edge.NodeStatus;
import io.troupe.edge.TreeReport;
import io.troupe.edge.TreeReport.QuotaReport;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.Zxid;
import io.troupe.env.Clock;
import io.troupe.metrics.Metrics;
import io.troupe.metrics.Sizes;
import io.troupe.metrics.Summary;
import io.troupe.metrics.Summary.Percentile;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The answer to {@code mntr}, for dashboards: every key of ZooKeeper's (contract 7.2), and a few of our own. Thread-safe. */
final class MonitorText {
    /** How long the tree may take to name its quotas; a node too busy for that is looked at without them. */
    private static final long QUOTA_PATIENCE_SECONDS = 1;

    private final Frontend node;
    private final PortStatistics port;
    private final TokenBucket connectRate;
    private final Metrics metrics;
    private final Clock clock;
    private final long startedMillis;

    MonitorText(Frontend node, PortStatistics port, TokenBucket connectRate, Metrics metrics, Clock clock) {
        this.node = node;
        this.port = port;
        this.connectRate = connectRate;
        this.metrics = metrics;
        this.clock = clock;
        this.startedMillis = clock.monotonicMillis();
        UnmeasuredMetrics.addTo(metrics);
    }

    CompletionStage<String> monitor() {
        return values().thenApply(MonitorText::text);
    }

    /** Numbers and texts by key, without the prefix that the status word puts before it. */
    CompletionStage<Map<String, Object>> values() {
        return quotas().thenApply(quotas -> {
            Map<String, Object> values = gauges();
            values.putAll(quotas);
            metrics.forEachCounter((name, counter) -> values.put(name, counter.value()));
            metrics.forEachSummary((name, summary) -> put(values, name, summary));
            return values;
        });
    }

    /** What is used of the quotas of each namespace, under its name. */
    CompletionStage<Map<String, Object>> quotas() {
        return node.report(TreeReport.Part.QUOTAS)
                .toCompletableFuture()
                .completeOnTimeout(TreeReport.ofQuotas(Map.of()), QUOTA_PATIENCE_SECONDS, TimeUnit.SECONDS)
                // Not in the thread of the tree, which has requests to execute.
                .thenApplyAsync(report -> {
                    Map<String, Object> values = new LinkedHashMap<>();
                    report.quotas().forEach((namespace, quota) -> put(values, namespace, quota));
                    return values;
                });
    }

    private static String text(Map<String, Object> values) {
        StringBuilder text = new StringBuilder();
        values.forEach((key, value) ->
                text.append("zk_").append(key).append('\t').append(value).append('\n'));
        return text.toString();
    }

    /** What shows a state rather than what has happened. */
    Map<String, Object> gauges() {
        NodeStatus status = node.status();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("version", StatusTexts.VERSION);
        values.put("server_state", StatusTexts.mode(status));
        Membership membership = status.membership();
        if (membership != null && !membership.standalone()) {
            values.put("peer_state", status.role() + " - broadcast");
            values.put("quorum_size", membership.voters().size());
        }
        if (status.role() == Role.OBSERVING) {
            // From whom it learns: nobody but the leader.
            values.put("observer_master_id", status.leaderId());
        }
        putOwn(values, status);
        putPort(values);
        putTree(values, status);
        putProcess(values);
        if (StatusTexts.leadsEnsemble(status)) {
            putLeader(values);
        }
        return values;
    }

    /** What ZooKeeper does not have. */
    private void putOwn(Map<String, Object> values, NodeStatus status) {
        values.put("troupe_zxid", Zxid.hex(status.executedZxid()));
        values.put("troupe_digest", Zxid.hex(status.digest()));
        values.put("troupe_outstanding_proposals", status.proposals());
        values.put("troupe_cluster_members", metrics.gauge("troupe_cluster_members"));
    }

    private void putPort(Map<String, Object> values) {
        values.put("avg_latency", StatusTexts.rounded(port.averageLatency()));
        values.put("max_latency", port.maxLatency());
        values.put("min_latency", port.minLatency());
        values.put("packets_received", port.packetsReceived());
        values.put("packets_sent", port.packetsSent());
        values.put("num_alive_connections", port.aliveConnections());
        values.put("outstanding_requests", port.outstandingRequests());
        values.put("auth_failed_count", port.authenticationsFailed());
        values.put("uptime", clock.monotonicMillis() - startedMillis);
        put(values, "client_response_size");
        values.put("connection_drop_probability", connectRate.dropProbability());
        values.put("outstanding_tls_handshake", port.handshakesUnderWay());
        values.put("non_mtls_remote_conn_count", port.connectionsWithoutCertificate(false));
        values.put("non_mtls_local_conn_count", port.connectionsWithoutCertificate(true));
    }

    private static void putTree(Map<String, Object> values, NodeStatus status) {
        values.put("znode_count", status.znodes());
        values.put("watch_count", status.watches());
        values.put("ephemerals_count", status.ephemerals());
        values.put("approximate_data_size", status.approximateDataBytes());
        values.put("global_sessions", status.sessions());
        values.put("local_sessions", status.unreplicatedSessions());
    }

    private static void putProcess(Map<String, Object> values) {
        values.put("troupe_direct_memory_bytes", PlatformDependent.usedDirectMemory());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            values.put("open_file_descriptor_count", system.getOpenFileDescriptorCount());
            values.put("max_file_descriptor_count", system.getMaxFileDescriptorCount());
        }
    }

    private void putLeader(Map<String, Object> values) {
        values.put("learners", metrics.gauge("learners"));
        values.put("synced_followers", metrics.gauge("synced_followers"));
        values.put("synced_non_voting_followers", metrics.gauge("synced_non_voting_followers"));
        values.put("synced_observers", metrics.gauge("synced_observers"));
        values.put("pending_syncs", metrics.gauge("pending_syncs"));
        values.put("leader_uptime", metrics.gauge("leader_uptime"));
        put(values, "proposal_size");
    }

    private void put(Map<String, Object> values, String name) {
        Sizes sizes = metrics.sizes(name);
        values.put("last_" + name, sizes.last());
        values.put("max_" + name, sizes.greatest());
        values.put("min_" + name, sizes.least());
    }

    private static void put(Map<String, Object> values, String namespace, QuotaReport quota) {
        values.put(namespace + "_quota_count_limit_per_namespace", quota.countLimit());
        values.put(namespace + "_quota_bytes_limit_per_namespace", quota.bytesLimit());
        values.put(namespace + "_quota_count_usage_per_namespace", quota.countUsage());
        values.put(namespace + "_quota_bytes_usage_per_namespace", quota.bytesUsage());
    }

    private static void put(Map<String, Object> values, String name, Summary summary) {
        values.put("avg_" + name, StatusTexts.rounded(summary.average()));
        values.put("min_" + name, summary.least());
        values.put("max_" + name, summary.greatest());
        values.put("cnt_" + name, summary.count());
        values.put("sum_" + name, summary.sum());
        if (summary.hasPercentiles()) {
            for (Percentile percentile : Percentile.values()) {
                values.put(percentile.prefix() + "_" + name, summary.percentile(percentile));
            }
        }
    }
}
