package io.troupe.app.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.edge.Frontend;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.node.HttpSettings;
import io.troupe.overview.ElectionRecord.Election;
import io.troupe.overview.ElectionRecord.Vote;
import io.troupe.overview.Overview.Description;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the page shows of the whole ensemble: this node by its own word, the others by theirs. Thread-safe. */
final class LiveState {
    /** An answer that is older than this is missing: nodes are asked twice a second. */
    private static final long SILENT_MILLIS = 1_500;

    private final Surroundings around;
    private final NodePicture picture;

    LiveState(Surroundings around, NodePicture picture) {
        this.around = around;
        this.picture = picture;
    }

    /** What makes another state than before, if anything does that cannot wait. */
    String mark() {
        return around.node()
                        .get()
                        .map(Frontend::status)
                        .map(s -> s.leaderId() + " " + s.epoch() + " " + s.phase() + " " + s.serving())
                        .orElse("")
                + around.overview().elections().changes();
    }

    /** The state, for JSON; asking for it has the other nodes asked. */
    Map<String, Object> fields() {
        Map<Integer, Description> others = around.overview().others();
        Map<String, Object> own = picture.fields();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("at", around.clock().wallMillis());
        Optional<NodeStatus> status = around.node().get().map(Frontend::status);
        fields.put("node", status.map(NodeStatus::nodeId).orElse(null));
        fields.put("missing", own.get("missing"));
        fields.put("leader", status.map(NodeStatus::leaderId).orElse(0));
        fields.put("epoch", status.map(NodeStatus::epoch).orElse(0L));
        Membership membership = status.map(NodeStatus::membership).orElse(null);
        List<Map<String, Object>> nodes = new ArrayList<>();
        for (Member member : membership == null ? List.<Member>of() : membership.allMembers()) {
            boolean self = status.isPresent() && member.nodeId() == status.get().nodeId();
            nodes.add(self ? self(member, own) : other(member, others.get(member.nodeId())));
        }
        fields.put("nodes", nodes);
        return fields;
    }

    /** Which of the other nodes answer; those that have only just been asked do until it is known that they do not. */
    Map<Integer, Boolean> answering() {
        Map<Integer, Description> others = around.overview().others();
        Optional<NodeStatus> status = around.node().get().map(Frontend::status);
        Membership membership = status.map(NodeStatus::membership).orElse(null);
        Map<Integer, Boolean> answering = new LinkedHashMap<>();
        for (Member member : membership == null ? List.<Member>of() : membership.allMembers()) {
            if (member.nodeId() != status.map(NodeStatus::nodeId).orElse(0)) {
                answering.put(member.nodeId(), silentMillis(others.get(member.nodeId())) <= SILENT_MILLIS);
            }
        }
        return answering;
    }

    private long silentMillis(@Nullable Description told) {
        return around.clock().monotonicMillis()
                - (told == null ? around.overview().askedSince() : told.atMillis());
    }

    private static Map<String, Object> member(Member member) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("node", member.nodeId());
        fields.put("voter", member.voter());
        fields.put("host", member.host());
        fields.put("clientAddress", member.clientHost() + ":" + member.clientPort());
        return fields;
    }

    private Map<String, Object> self(Member member, Map<String, Object> own) {
        Map<String, Object> fields = member(member);
        fields.put("self", true);
        fields.put("answers", true);
        fields.put("told", true);
        fields.put("silentMillis", 0);
        HttpSettings http = around.settings().http();
        fields.put("page", page(member, http.host(), http.port()));
        fields.put("says", own);
        return fields;
    }

    private Map<String, Object> other(Member member, @Nullable Description told) {
        Map<String, Object> fields = member(member);
        fields.put("self", false);
        long silent = silentMillis(told);
        fields.put("answers", silent <= SILENT_MILLIS);
        fields.put("told", told != null);
        fields.put("silentMillis", silent);
        ObjectNode says = told == null ? null : Json.told(told.text()).orElse(null);
        fields.put(
                "page",
                says == null
                        ? null
                        : page(
                                member,
                                says.path("http").path("host").asText(),
                                says.path("http").path("port").asInt()));
        fields.put("says", says);
        return fields;
    }

    /** Where a browser finds the node's page; null where only a program on that host can. */
    private static @Nullable String page(Member member, String bound, int port) {
        boolean everywhere = bound.equals("0.0.0.0") || bound.equals("::") || bound.equals("[::]");
        boolean loopback = isLoopback(bound);
        if (port <= 0 || bound.isEmpty() || (loopback && !isLoopback(member.host()))) {
            return null;
        }
        String host = everywhere ? member.host() : bound;
        return "http://" + (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port
                + "/ui/";
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1") || host.equals("[::1]");
    }

    /** The last elections, the latest first. */
    List<Map<String, Object>> elections() {
        return around.overview().elections().latestFirst().stream()
                .map(LiveState::election)
                .toList();
    }

    private static Map<String, Object> election(Election election) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("number", election.number());
        fields.put("began", election.beganMillis());
        fields.put("cause", election.cause());
        fields.put("votes", election.votes().stream().map(LiveState::vote).toList());
        fields.put("votesLeftOut", election.votesLeftOut());
        var end = election.end();
        fields.put("ended", end == null ? null : end.atMillis());
        fields.put("leader", end == null ? null : end.leader());
        fields.put("reason", end == null ? null : end.reason());
        var established = election.established();
        fields.put("established", established == null ? null : established.atMillis());
        fields.put("epoch", established == null ? null : established.epoch());
        return fields;
    }

    private static Map<String, Object> vote(Vote vote) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("at", vote.atMillis());
        fields.put("voter", vote.voter());
        fields.put("candidate", vote.candidate());
        fields.put("epoch", vote.settled() ? null : vote.epoch());
        fields.put("zxid", vote.settled() ? null : Json.hex(vote.zxid()));
        fields.put("round", vote.round());
        fields.put("settled", vote.settled());
        return fields;
    }
}
