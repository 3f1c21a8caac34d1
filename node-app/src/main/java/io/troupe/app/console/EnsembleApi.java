package io.troupe.app.console;

import io.troupe.edge.Frontend;
import io.troupe.edge.NodeStatus;
import io.troupe.edge.TreeReport;
import io.troupe.edge.TreeReport.SessionReport;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Release;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.Zxid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The node, its ensemble and its sessions as JSON. */
final class EnsembleApi implements Route.Source {
    private static final int PAGE = 1_000;
    private static final int LARGEST_PAGE = 10_000;

    private final Surroundings around;
    private final NodeGate gate;
    private final Health health;

    EnsembleApi(Surroundings around, NodeGate gate, Health health) {
        this.around = around;
        this.gate = gate;
        this.health = health;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/api/v1/status", Access.READ, e -> CompletableFuture.completedFuture(status())),
                new Route("GET", "/api/v1/ensemble", Access.READ, e -> CompletableFuture.completedFuture(ensemble())),
                new Route("GET", "/api/v1/sessions", Access.READ, this::sessions));
    }

    private Reply status() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("missing", health.missing().orElse(null));
        around.node().get().ifPresent(node -> putStatus(fields, node.status()));
        return Reply.json(fields);
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
        fields.put("digest", Json.hex(status.digest()));
        fields.put("znodes", status.znodes());
        fields.put("ephemerals", status.ephemerals());
        fields.put("approximateDataBytes", status.approximateDataBytes());
        fields.put("sessions", status.sessions());
        fields.put("localSessions", status.unreplicatedSessions());
        fields.put("watches", status.watches());
        fields.put("proposalsInFlight", status.proposals());
        around.clients().get().ifPresent(port -> {
            fields.put("connections", port.statistics().aliveConnections());
            fields.put("outstandingRequests", port.statistics().outstandingRequests());
        });
    }

    private static String word(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /** What this node knows of the others: what a learner has acknowledged only its leader does. */
    private Reply ensemble() {
        Frontend node = gate.serving();
        NodeStatus status = node.status();
        Membership membership = status.membership();
        List<Map<String, Object>> members = new ArrayList<>();
        for (Member member : membership == null ? List.<Member>of() : membership.allMembers()) {
            Map<String, Object> known = member(member, status);
            Release release = node.releases().get(member.nodeId());
            known.put("release", release == null ? null : release.toString());
            members.add(known);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("leader", status.leaderId());
        fields.put("epoch", status.epoch());
        fields.put("asSeenBy", status.nodeId());
        fields.put("version", membership == null ? null : Json.hex(membership.version()));
        fields.put("members", members);
        return Reply.json(fields);
    }

    private Map<String, Object> member(Member member, NodeStatus status) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("node", member.nodeId());
        fields.put("voter", member.voter());
        fields.put("host", member.host());
        fields.put("peerPort", member.peerPort());
        fields.put("clientAddress", member.clientHost() + ":" + member.clientPort());
        boolean self = member.nodeId() == status.nodeId();
        boolean leads = member.nodeId() == status.leaderId();
        fields.put("role", self ? word(status.role()) : leads ? word(Role.LEADING) : null);
        if (self) {
            fields.put("loggedZxid", Json.hex(status.lastLoggedZxid()));
            fields.put("lag", status.committedZxid() - status.executedZxid());
        } else if (status.role() == Role.LEADING) {
            long acknowledged = around.metrics().gauge(member.nodeId() + "_troupe_acked_zxid");
            fields.put("acknowledgedZxid", Json.hex(acknowledged));
            // Of an earlier epoch it says nothing of this one, in which nothing was written yet.
            boolean now = Zxid.epoch(acknowledged) == Zxid.epoch(status.lastLoggedZxid());
            fields.put("lag", now ? Math.max(0, status.lastLoggedZxid() - acknowledged) : null);
        }
        return fields;
    }

    private CompletionStage<Reply> sessions(Exchange exchange) {
        int limit = exchange.whole("limit", PAGE, 1, LARGEST_PAGE);
        long after = exchange.query("after")
                .map(written -> Exchange.number("after", written))
                .orElse(Long.MIN_VALUE);
        CompletionStage<TreeReport> watches = gate.report(TreeReport.Part.WATCHES);
        return gate.report(TreeReport.Part.SESSIONS)
                .thenCombine(watches, (sessions, watched) -> page(sessions, watched, after, limit));
    }

    private static Reply page(TreeReport report, TreeReport watched, long after, int limit) {
        List<SessionReport> page = report.sessions().stream()
                .filter(session -> session.sessionId() > after)
                .limit(limit)
                .toList();
        List<Map<String, Object>> sessions = new ArrayList<>();
        for (SessionReport session : page) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("id", Json.hex(session.sessionId()));
            fields.put("timeoutMillis", session.timeoutMillis());
            fields.put("connectedHere", session.attachedHere());
            fields.put("ephemerals", session.ephemerals());
            fields.put(
                    "watches",
                    watched.watchedPaths()
                            .getOrDefault(session.sessionId(), List.of())
                            .size());
            sessions.add(fields);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("total", report.sessions().size());
        fields.put("sessions", sessions);
        fields.put(
                "next",
                page.size() < limit ? null : Json.hex(page.get(page.size() - 1).sessionId()));
        return Reply.json(fields);
    }
}
