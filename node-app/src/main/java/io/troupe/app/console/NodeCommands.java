package io.troupe.app.console;

import static io.troupe.app.console.PortCommands.done;

import io.troupe.app.clientport.PortStatistics;
import io.troupe.app.clientport.PortStatus;
import io.troupe.app.console.Commands.Command;
import io.troupe.app.console.Commands.Subject;
import io.troupe.edge.NodeStatus;
import io.troupe.edge.TreeReport;
import io.troupe.edge.TreeReport.SessionReport;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.Zxid;
import io.troupe.metrics.Sizes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The admin commands about the node, its tree and its ensemble. */
final class NodeCommands {
    /** Of the digests of ZooKeeper's trees; the algorithm is another, but the number tells tools that there are digests. */
    private static final int DIGEST_VERSION = 2;

    private final Surroundings around;

    NodeCommands(Surroundings around) {
        this.around = around;
    }

    Map<String, Command> all() {
        return Map.ofEntries(
                Map.entry("dump", subject -> report(subject, TreeReport.Part.SESSIONS, NodeCommands::dump)),
                Map.entry("hash", subject -> report(subject, TreeReport.Part.DIGESTS, NodeCommands::digests)),
                Map.entry("initial_configuration", subject -> done(initialConfiguration(subject))),
                Map.entry(
                        "is_read_only",
                        subject -> done(Map.of("read_only", status(subject).readOnly()))),
                Map.entry("leader", subject -> done(leader(status(subject)))),
                Map.entry("observers", subject -> done(observers(status(subject)))),
                Map.entry("server_stats", subject -> done(serverStats(subject))),
                Map.entry("stats", this::stats),
                Map.entry("voting_view", subject -> done(Map.of("current_config", votingView(status(subject))))),
                Map.entry("watches", subject -> report(subject, TreeReport.Part.WATCHES, NodeCommands::watches)),
                Map.entry("watches_by_path", subject -> report(subject, TreeReport.Part.WATCHES, NodeCommands::byPath)),
                Map.entry("watch_summary", subject -> report(subject, TreeReport.Part.WATCHES, NodeCommands::summary)),
                Map.entry("zabstate", subject -> done(zabState(status(subject)))));
    }

    private static NodeStatus status(Subject subject) {
        return subject.node();
    }

    private static CompletionStage<Map<String, Object>> report(
            Subject subject, TreeReport.Part part, Function<TreeReport, Map<String, Object>> shape) {
        return subject.gate().report(part).thenApply(shape);
    }

    // ---- the tree ----

    private static Map<String, Object> dump(TreeReport report) {
        SortedMap<Long, List<Long>> expiries = report.expiries();
        Map<String, Object> owners = new LinkedHashMap<>();
        for (SessionReport session : report.sessions()) {
            if (!session.ephemerals().isEmpty()) {
                owners.put(Long.toString(session.sessionId()), session.ephemerals());
            }
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("expiry_time_to_session_ids", expiries == null ? Map.of() : expiries);
        fields.put("session_id_to_ephemeral_paths", owners);
        return fields;
    }

    private static Map<String, Object> digests(TreeReport report) {
        List<Map<String, Object>> digests = new ArrayList<>();
        report.digests().forEach((zxid, digest) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("zxid", zxid);
            entry.put("digest", digest);
            entry.put("digest_version", DIGEST_VERSION);
            digests.add(entry);
        });
        return Map.of("digests", digests);
    }

    private static Map<String, Object> watches(TreeReport report) {
        Map<String, Object> bySession = new LinkedHashMap<>();
        report.watchedPaths().forEach((session, paths) -> bySession.put(Long.toString(session), paths));
        return Map.of("session_id_to_watched_paths", bySession);
    }

    private static Map<String, Object> byPath(TreeReport report) {
        SortedMap<String, List<Long>> sessions = new TreeMap<>();
        report.watchedPaths()
                .forEach((session, paths) -> paths.forEach(path ->
                        sessions.computeIfAbsent(path, p -> new ArrayList<>()).add(session)));
        return Map.of("path_to_session_ids", sessions);
    }

    private static Map<String, Object> summary(TreeReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("num_connections", report.watchedPaths().size());
        fields.put(
                "num_paths",
                report.watchedPaths().values().stream()
                        .flatMap(List::stream)
                        .distinct()
                        .count());
        fields.put(
                "num_total_watches",
                report.watchedPaths().values().stream().mapToInt(List::size).sum());
        return fields;
    }

    // ---- the server ----

    private CompletionStage<Map<String, Object>> stats(Subject subject) {
        Map<String, Object> fields = serverStats(subject);
        return PortCommands.connections(subject, PortCommands::brief).thenApply(connections -> {
            fields.putAll(connections);
            return fields;
        });
    }

    private Map<String, Object> serverStats(Subject subject) {
        NodeStatus status = status(subject);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("version", PortStatus.VERSION);
        fields.put("read_only", status.readOnly());
        fields.put("server_stats", figures(subject));
        fields.put("client_response", sizes("client_response_size"));
        if (status.role() == Role.LEADING && !standalone(status)) {
            fields.put("proposal_stats", sizes("proposal_size"));
        }
        fields.put("node_count", status.znodes());
        return fields;
    }

    private Map<String, Object> figures(Subject subject) {
        NodeStatus status = status(subject);
        PortStatistics port = subject.port().statistics();
        Map<String, Object> gauges = subject.port().gauges();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("packets_sent", port.packetsSent());
        fields.put("packets_received", port.packetsReceived());
        fields.put(
                "fsync_threshold_exceed_count",
                around.metrics().counter("troupe_slow_fsyncs").value());
        fields.put("client_response_stats", sizes("client_response_size"));
        fields.put("provider_null", false);
        for (String gauge :
                List.of("server_state", "outstanding_requests", "min_latency", "avg_latency", "max_latency")) {
            fields.put(gauge, gauges.get(gauge));
        }
        fields.put("data_dir_size", subject.port().snapshotBytes());
        fields.put("log_dir_size", subject.port().logBytes());
        fields.put("last_processed_zxid", status.executedZxid());
        fields.put("num_alive_client_connections", port.aliveConnections());
        fields.put("uptime", gauges.get("uptime"));
        fields.put("auth_failed_count", port.authenticationsFailed());
        fields.put("non_mtlsremote_conn_count", port.connectionsWithoutCertificate(false));
        fields.put("non_mtlslocal_conn_count", port.connectionsWithoutCertificate(true));
        return fields;
    }

    private Map<String, Object> sizes(String name) {
        Sizes sizes = around.metrics().sizes(name);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("last_buffer_size", sizes.last());
        fields.put("min_buffer_size", sizes.least());
        fields.put("max_buffer_size", sizes.greatest());
        return fields;
    }

    // ---- the ensemble ----

    private static boolean standalone(NodeStatus status) {
        Membership membership = status.membership();
        return membership != null && membership.standalone();
    }

    private static Map<String, Object> initialConfiguration(Subject subject) {
        Membership membership = status(subject).membership();
        return Collections.singletonMap(
                "initial_configuration",
                membership == null || membership.standalone() ? null : membership.toConfigText());
    }

    private static Map<String, Object> leader(NodeStatus status) {
        Membership membership = status.membership();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("is_leader", status.role() == Role.LEADING);
        fields.put("leader_id", status.leaderId());
        fields.put(
                "leader_ip",
                membership == null
                        ? ""
                        : membership.member(status.leaderId()).map(Member::host).orElse(""));
        return fields;
    }

    private static Map<String, Object> observers(NodeStatus status) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("synced_observers", status.syncedObservers());
        fields.put("observers", List.of());
        return fields;
    }

    private static Map<String, Object> votingView(NodeStatus status) {
        Map<String, Object> view = new LinkedHashMap<>();
        Membership membership = status.membership();
        for (Member voter : membership == null ? List.<Member>of() : membership.voters()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("server_addresses", List.of(voter.host() + ":" + voter.peerPort()));
            entry.put("election_addresses", List.of(voter.host() + ":" + voter.electionPort()));
            entry.put("client_address", voter.clientHost() + ":" + voter.clientPort());
            entry.put("learner_type", "participant");
            view.put(Integer.toString(voter.nodeId()), entry);
        }
        return view;
    }

    private static Map<String, Object> zabState(NodeStatus status) {
        Membership membership = status.membership();
        Member self =
                membership == null ? null : membership.member(status.nodeId()).orElse(null);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("myid", status.nodeId());
        fields.put("is_leader", status.role() == Role.LEADING);
        fields.put("quorum_address", address(self == null ? "" : self.host(), self == null ? 0 : self.peerPort()));
        fields.put(
                "election_address", address(self == null ? "" : self.host(), self == null ? 0 : self.electionPort()));
        fields.put("client_address", self == null ? "" : self.clientHost() + ":" + self.clientPort());
        fields.put("voting", status.role() != Role.OBSERVING);
        fields.put("last_zxid", Zxid.hex(status.lastLoggedZxid()));
        fields.put("zab_epoch", Zxid.epoch(status.lastLoggedZxid()));
        fields.put("zab_counter", Zxid.counter(status.lastLoggedZxid()));
        fields.put("zabstate", zabWord(status));
        return fields;
    }

    /** ZooKeeper's words for the phases of the protocol. */
    private static String zabWord(NodeStatus status) {
        if (status.phase().endsWith("discovery")) {
            return "discovery";
        }
        if (status.phase().endsWith("synchronization") || status.phase().endsWith("snapshot")) {
            return "synchronization";
        }
        return status.role() == Role.LOOKING ? "election" : "broadcast";
    }

    /** A node has one address each; ZooKeeper's may have several. */
    private static Map<String, Object> address(String host, int port) {
        String one = host + ":" + port;
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("empty", host.isEmpty());
        fields.put("wildcard_addresses", List.of("0.0.0.0:" + port));
        fields.put("all_ports", List.of(port));
        fields.put("all_host_strings", List.of(host));
        fields.put("reachable_address", one);
        fields.put("all_reachable_addresses", List.of(one));
        fields.put("all_reachable_addresses_or_all", List.of(one));
        fields.put("reachable_or_one", one);
        fields.put("one", one);
        fields.put("all_addresses", List.of(one));
        return fields;
    }
}
