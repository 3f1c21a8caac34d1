package io.troupe.app.metrics;

import java.util.Map;

/** What Troupe's own figures mean; ZooKeeper's are explained in its own documentation. */
final class Descriptions {
    private static final Map<String, String> OWN = Map.ofEntries(
            Map.entry("troupe_phase_age_ms", "How long the node has been at its step of the protocol, milliseconds"),
            Map.entry("troupe_acked_zxid", "On a leader: the last zxid that the node key has acknowledged"),
            Map.entry("troupe_logged_zxid", "The last zxid in the node's log"),
            Map.entry("troupe_committed_zxid", "The last zxid that the node knows to be committed"),
            Map.entry("troupe_election_rounds", "Rounds of voting that the node has begun"),
            Map.entry("troupe_link_resets", "Connections with peers that ended because messages were lost"),
            Map.entry("troupe_slow_fsyncs", "Fsyncs of the log that took more than a second"),
            Map.entry("troupe_writes_refused_for_room", "Writes refused because the disk is nearly full"),
            Map.entry("troupe_outstanding_proposals", "On a leader: requests proposed and not committed yet"),
            Map.entry("troupe_cluster_members", "Members of Akka's cluster"),
            Map.entry("troupe_direct_memory_bytes", "Memory of the sockets of clients"),
            Map.entry(
                    "troupe_writes_refused_for_tree_size",
                    "Writes refused because the tree takes all the memory it may"),
            Map.entry("troupe_tree_bytes", "What the tree takes of the heap, about"),
            Map.entry("troupe_tree_bytes_limit", "Where it is held at; 0 for nowhere"),
            Map.entry(
                    "troupe_sessions_refused", "Sessions refused because there were too many, of all or of an address"),
            Map.entry("troupe_watches_refused", "Watches refused because there were too many"),
            Map.entry("troupe_request_bytes_in_flight", "Bytes of clients' requests that are not answered"),
            Map.entry(
                    "troupe_request_pauses",
                    "How often a connection had to wait for sending more requests than it may"),
            Map.entry("troupe_audit_events", "Events written to the audit log"),
            Map.entry("troupe_audit_dropped", "Events that the audit log left out because they came too fast"),
            Map.entry("troupe_http_streams", "Streams of watch events over HTTP"));

    private Descriptions() {}

    static String of(String name) {
        String own = OWN.get(name);
        if (own != null) {
            return own;
        }
        if (name.startsWith("troupe_") && name.endsWith("_time")) {
            return "Milliseconds spent in the phase "
                    + name.substring("troupe_".length(), name.length() - "_time".length());
        }
        return "As ZooKeeper's metric of this name";
    }
}
