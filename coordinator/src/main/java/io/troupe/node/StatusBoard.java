package io.troupe.node;

import io.troupe.broadcast.BroadcastStatus;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Release;
import io.troupe.ensemble.Role;
import io.troupe.tree.DataTreeProtocol.TreeStatus;
import io.troupe.tree.local.TreeLimits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the actors publish about themselves, to be read by any thread. Each half is written by the actor it describes, and is
 * replaced as a whole; the halves may be of slightly different moments.
 */
final class StatusBoard {
    /** Both halves, and the status they make once somebody asks for it: it is read far more often than it changes. */
    private static final class Halves {
        private final BroadcastStatus broadcast;
        private final TreeStatus tree;
        /** Whichever reader comes first sets it; to all it is the same. */
        private @Nullable NodeStatus whole;

        private Halves(BroadcastStatus broadcast, TreeStatus tree) {
            this.broadcast = broadcast;
            this.tree = tree;
        }
    }

    private final int nodeId;
    private volatile Halves latest;
    private volatile Map<Integer, Release> releases = Map.of();

    StatusBoard(int nodeId, BroadcastStatus initial) {
        this.nodeId = nodeId;
        this.latest = new Halves(initial, new TreeStatus(0, 0, 0, 0, 0, 0, 0, 0, false));
    }

    synchronized void broadcast(BroadcastStatus status) {
        latest = new Halves(status, latest.tree);
    }

    Membership membership() {
        return latest.broadcast.membership();
    }

    /** How many sessions the whole ensemble knows. */
    long sessions() {
        return latest.tree.sessions();
    }

    /** What the tree takes of the memory, about. */
    long treeBytes() {
        TreeStatus tree = latest.tree;
        return TreeLimits.estimatedBytes(tree.approximateDataBytes(), tree.znodes(), tree.sessions());
    }

    /** Who leads, while this node takes part; else 0. */
    int servingLeader() {
        BroadcastStatus b = latest.broadcast;
        return b.serving() ? b.leaderId() : 0;
    }

    synchronized void tree(TreeStatus status) {
        latest = new Halves(latest.broadcast, status);
    }

    void releases(Map<Integer, Release> known) {
        releases = known;
    }

    /** What the members run, as far as it is known. */
    Map<Integer, Release> releases() {
        return releases;
    }

    NodeStatus status() {
        Halves halves = latest;
        NodeStatus known = halves.whole;
        if (known == null) {
            known = whole(halves.broadcast, halves.tree);
            halves.whole = known;
        }
        return known;
    }

    private NodeStatus whole(BroadcastStatus b, TreeStatus t) {
        return new NodeStatus(
                nodeId,
                b.role() == Role.LEADING && !b.serving() ? Role.LOOKING : b.role(),
                b.phase(),
                b.serving(),
                t.readOnly() && !b.serving(),
                b.epoch(),
                b.leaderId(),
                b.lastLoggedZxid(),
                b.commitZxid(),
                t.executedZxid(),
                t.digest(),
                t.znodes(),
                t.ephemerals(),
                t.sessions(),
                t.unreplicatedSessions(),
                t.watches(),
                t.approximateDataBytes(),
                b.syncedFollowers(),
                b.syncedObservers(),
                b.proposals(),
                b.membership());
    }
}
