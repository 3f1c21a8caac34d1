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
