package io.troupe.app.console;

import io.troupe.app.clientport.PortStatistics;
import io.troupe.edge.Frontend;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.Zxid;
import io.troupe.metrics.Metrics;
import io.troupe.node.HttpSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How this node describes itself, on its own page and to the other nodes. Thread-safe. */
final class NodePicture {
    private final Surroundings around;
    private final Health health;
    private final History history;
    private volatile int port;

    NodePicture(Surroundings around, Health health, History history) {
        this.around = around;
        this.health = health;
        this.history = history;
    }

    /** From now on it says that it is asked at this port. */
    void listensAt(int httpPort) {
        port = httpPort;
    }

    static String word(Role role) {
        return lower(role);
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** As other nodes are told. */
    byte[] bytes() {
        return Json.compactBytes(fields());
    }

    /** All of it, for JSON. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("missing", health.missing().orElse(null));
        Optional<Frontend> node = around.node().get();
        node.ifPresent(frontend -> putStatus(fields, frontend.status()));
        around.clients().get().ifPresent(clients -> putClients(fields, clients.statistics()));
        putFigures(fields);
        node.filter(frontend -> frontend.status().role() == Role.LEADING)
                .ifPresent(frontend -> fields.put("learners", learners(frontend.status())));
        HttpSettings http = around.settings().http();
        fields.put("http", Map.of("host", http.host(), "port", port));
        fields.put("wallMillis", around.clock().wallMillis());
        return fields;
    }

    private void putStatus(Map<String, Object> fields, NodeStatus status) {
        fields.put("node", status.nodeId());
        fields.put("role", word(status.role()));
        fields.put("phase", status.phase());
        fields.put("phaseMillis", around.metrics().gauge("troupe_phase_age_ms"));
        fields.put("serving", status.serving());
        fields.put("readOnly", status.readOnly());
        fields.put("leader", status.leaderId());
        fields.put("epoch", status.epoch());
        fields.put("loggedZxid", Json.hex(status.lastLoggedZxid()));
        fields.put("committedZxid", Json.hex(status.committedZxid()));
        fields.put("executedZxid", Json.hex(status.executedZxid()));
        fields.put("lag", status.committedZxid() - status.executedZxid());
        fields.put("digest", Json.hex(status.digest()));
        fields.put("znodes", status.znodes());
        fields.put("ephemerals", status.ephemerals());
        fields.put("approximateDataBytes", status.approximateDataBytes());
        fields.put("sessions", status.sessions());
        fields.put("localSessions", status.unreplicatedSessions());
        fields.put("watches", status.watches());
        fields.put("proposalsInFlight", status.proposals());
    }

    private static void putClients(Map<String, Object> fields, PortStatistics clients) {
        fields.put("connections", clients.aliveConnections());
        fields.put("outstandingRequests", clients.outstandingRequests());
    }

    private void putFigures(Map<String, Object> fields) {
        Metrics metrics = around.metrics();
        fields.put("slowFsyncs", metrics.counter("troupe_slow_fsyncs").value());
        fields.put("fsyncMaxMillis", metrics.summary("fsynctime").greatest());
        fields.put("linkResets", metrics.counter("troupe_link_resets").value());
        fields.put("electionRounds", metrics.counter("troupe_election_rounds").value());
        fields.put("diskUsableBytes", metrics.gauge("troupe_disk_usable_bytes"));
        fields.put("diskTooFullForWrites", metrics.gauge("troupe_disk_too_full_for_writes") != 0);
        fields.put("heapBytes", Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        fields.put("rates", history.latest().map(History.Sample::fields).orElse(null));
    }

    /** On a leader: what the others have acknowledged. */
    private List<Map<String, Object>> learners(NodeStatus status) {
        Membership membership = status.membership();
        return (membership == null ? List.<Member>of() : membership.allMembers())
                .stream()
                        .filter(member -> member.nodeId() != status.nodeId())
                        .map(member -> learner(member, status))
                        .toList();
    }

    /** On a leader: what one node has acknowledged, and how far it is behind. */
    Map<String, Object> learner(Member member, NodeStatus status) {
        long acknowledged = around.metrics().gauge(member.nodeId() + "_troupe_acked_zxid");
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("node", member.nodeId());
        fields.put("acknowledgedZxid", Json.hex(acknowledged));
        // Of an earlier epoch it says nothing of this one, in which nothing was written yet.
        boolean now = Zxid.epoch(acknowledged) == Zxid.epoch(status.lastLoggedZxid());
        fields.put("lag", now ? Math.max(0, status.lastLoggedZxid() - acknowledged) : null);
        return fields;
    }

}
