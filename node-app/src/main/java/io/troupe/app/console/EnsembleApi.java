package io.troupe.app.console;

import io.troupe.edge.Frontend;
import io.troupe.edge.NodeStatus;
import io.troupe.edge.TreeReport;
import io.troupe.edge.TreeReport.SessionReport;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Release;
import io.troupe.ensemble.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The node, its ensemble and its sessions as JSON. */
final class EnsembleApi implements Route.Source {
    private static final int PAGE = 1_000;
    private static final int LARGEST_PAGE = 10_000;

    private final NodeGate gate;
    private final NodePicture picture;

    EnsembleApi(NodeGate gate, NodePicture picture) {
        this.gate = gate;
        this.picture = picture;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/api/v1/status", Access.READ, e -> CompletableFuture.completedFuture(status())),
                new Route("GET", "/api/v1/ensemble", Access.READ, e -> CompletableFuture.completedFuture(ensemble())),
                new Route("GET", "/api/v1/sessions", Access.READ, this::sessions));
    }

    private Reply status() {
        return Reply.json(picture.fields());
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
        fields.put("role", self ? NodePicture.word(status.role()) : leads ? NodePicture.word(Role.LEADING) : null);
        if (self) {
            fields.putAll(picture.progress(status));
        } else if (status.role() == Role.LEADING) {
            fields.putAll(picture.learner(member));
        }
        return fields;
    }

    private CompletionStage<Reply> sessions(Exchange exchange) {
        int limit = exchange.whole("limit", PAGE, 1, LARGEST_PAGE);
        long after = exchange.query("after")
                .map(written -> Exchange.number("after", written))
                .orElse(Long.MIN_VALUE);
        int ephemerals = exchange.whole("ephemerals", Integer.MAX_VALUE, 0, Integer.MAX_VALUE);
        int paths = exchange.whole("watches", 0, 0, LARGEST_PAGE);
        CompletionStage<TreeReport> watches = gate.report(TreeReport.Part.WATCHES);
        return gate.report(TreeReport.Part.SESSIONS)
                .thenCombine(watches, (sessions, watched) -> page(sessions, watched, after, limit, ephemerals, paths));
    }

    private static Reply page(
            TreeReport report, TreeReport watched, long after, int limit, int mostEphemerals, int mostPaths) {
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
            fields.put("ephemeralCount", session.ephemerals().size());
            fields.put(
                    "ephemerals",
                    session.ephemerals().stream().limit(mostEphemerals).toList());
            List<String> paths = watched.watchedPaths().getOrDefault(session.sessionId(), List.of());
            fields.put("watches", paths.size());
            fields.put("watchedPaths", paths.stream().limit(mostPaths).toList());
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
