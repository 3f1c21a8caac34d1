package io.troupe.sim;

import io.troupe.edge.Frontend;
import io.troupe.edge.NodeStatus;
import io.troupe.edge.TreeReport;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Asks every node several times a second for its sessions and their ephemerals: each ephemeral has a live session on every
 * replica, always (contract 9.6 items 11 and 13; anchors S14, S16).
 */
final class EphemeralScan {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final SimWorld world;
    private final SimEnsemble ensemble;
    private long compared;

    EphemeralScan(SimEnsemble ensemble) {
        this.ensemble = ensemble;
        this.world = ensemble.world();
    }

    void start() {
        world.schedule(null, INTERVAL.toNanos(), this::scan);
    }

    /** How often a node's ephemerals could be compared with its sessions. */
    long compared() {
        return compared;
    }

    private void scan() {
        for (SimNode node : ensemble.nodes()) {
            Frontend frontend = node.frontend();
            if (frontend != null && node.running()) {
                NodeStatus asked = frontend.status();
                frontend.report(TreeReport.Part.SESSIONS)
                        .thenAccept(report -> compare(node, asked, frontend.status(), report));
            }
        }
        start();
    }

    /** Only what was true before and after the report is comparable with it. */
    private void compare(SimNode node, NodeStatus before, NodeStatus after, TreeReport report) {
        if (before.executedZxid() != after.executedZxid() || before.ephemerals() != after.ephemerals()) {
            return;
        }
        compared++;
        Set<String> owned = new HashSet<>();
        for (TreeReport.SessionReport session : report.sessions()) {
            for (String path : session.ephemerals()) {
                if (!owned.add(path)) {
                    world.fail("%s: %s belongs to two sessions".formatted(node, path));
                }
            }
        }
        if (owned.size() != after.ephemerals()) {
            world.fail("%s holds %d ephemerals, its sessions own %s".formatted(node, after.ephemerals(), owned));
        }
    }
}
