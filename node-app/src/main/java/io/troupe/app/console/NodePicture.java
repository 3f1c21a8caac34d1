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
import org.jspecify.annotations.Nullable;

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
        fields.put("committedZxid", Json.hex(committed()));
        fields.put("executedZxid", Json.hex(status.executedZxid()));
        fields.putAll(progress(status));
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
        fields.put(
                "heapBytes",
                Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        fields.put("rates", history.latest().map(History.Sample::fields).orElse(null));
    }

    /** Of this node itself, what it shows of the others: how far its log reaches, and how far it is with executing it. */
    Map<String, Object> progress(NodeStatus status) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("loggedZxid", Json.hex(logged()));
        fields.put("lag", behind(committed(), status.executedZxid()));
        return fields;
    }

    /** On a leader: what the others have acknowledged. */
    private List<Map<String, Object>> learners(NodeStatus status) {
        Membership membership = status.membership();
        return (membership == null ? List.<Member>of() : membership.allMembers())
                .stream()
                        .filter(member -> member.nodeId() != status.nodeId())
                        .map(member -> learner(member))
                        .toList();
    }

    /** On a leader: what one node has acknowledged, and how far it is behind. */
    Map<String, Object> learner(Member member) {
        long acknowledged = around.metrics().gauge(member.nodeId() + "_troupe_acked_zxid");
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("node", member.nodeId());
        fields.put("acknowledgedZxid", Json.hex(acknowledged));
        fields.put("lag", behind(logged(), acknowledged));
        return fields;
    }

    /** The last zxid in the log; the status has it of the last change of role. */
    private long logged() {
        return around.metrics().gauge("troupe_logged_zxid");
    }

    private long committed() {
        return around.metrics().gauge("troupe_committed_zxid");
    }

    /** How many changes one zxid is behind the other; null where it is of an earlier epoch, which says nothing of this one. */
    private static @Nullable Long behind(long last, long zxid) {
        return Zxid.epoch(last) == Zxid.epoch(zxid) ? Math.max(0, last - zxid) : null;
    }
}
