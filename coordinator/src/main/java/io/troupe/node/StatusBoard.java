package io.troupe.node;

import io.troupe.broadcast.BroadcastStatus;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.tree.DataTreeProtocol.TreeStatus;

/**
 * What the actors publish about themselves, to be read by any thread. Each half has one writer, the actor it describes, and is
 * replaced as a whole; a reader may see halves of slightly different moments.
 */
@SingleWriter
final class StatusBoard {
    private final int nodeId;
    private volatile BroadcastStatus broadcast;
    private volatile TreeStatus tree = new TreeStatus(0, 0, 0, 0, 0, 0, 0, 0, false);

    StatusBoard(int nodeId, BroadcastStatus initial) {
        this.nodeId = nodeId;
        this.broadcast = initial;
    }

    void broadcast(BroadcastStatus status) {
        broadcast = status;
    }

    Membership membership() {
        return broadcast.membership();
    }

    /** Who leads, while this node takes part; else 0. */
    int servingLeader() {
        BroadcastStatus b = broadcast;
        return b.serving() ? b.leaderId() : 0;
    }

    void tree(TreeStatus status) {
        tree = status;
    }

    NodeStatus status() {
        BroadcastStatus b = broadcast;
        TreeStatus t = tree;
        return new NodeStatus(
                nodeId,
                b.role() == Role.LEADING && !b.serving() ? Role.LOOKING : b.role(),
                b.serving(),
                t.readOnly() && !b.serving(),
                b.epoch(),
                b.leaderId(),
                b.lastLoggedZxid(),
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
