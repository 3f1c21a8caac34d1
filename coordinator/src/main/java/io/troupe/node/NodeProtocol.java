package io.troupe.node;

import io.troupe.ensemble.Membership;
import io.troupe.log.LogProtocol;
import io.troupe.membership.ClusterFormationProtocol;
import io.troupe.tree.DataTreeProtocol;

/** Messages of the {@link NodeGuardian}. */
public interface NodeProtocol {

    sealed interface Command {}

    record LogOpened(LogProtocol.Opened opened) implements Command {}

    record MetaSaved(LogProtocol.MetaSaved saved) implements Command {}

    record Joined(Membership membership) implements Command {}

    record TreeRecovered(DataTreeProtocol.Recovered recovered) implements Command {}

    /** A peer needs a newer snapshot than there is. */
    record SnapshotNeeded() implements Command {}

    /**
     * The node must start again, in the same process: a new actor system, the same disk.
     *
     * @param leastIncarnation what it must at least run as then
     */
    record StartAgain(String cause, long leastIncarnation) implements Command {}

    /** What this node holds of the history cannot be trusted: it must take it from the leader anew. */
    record Reseed(String cause) implements Command {}

    /** A node that waits for room on its disk looks whether there is some. */
    record CheckRoom() implements Command {}

    /** A node whose disk does not count looks whether it has to wait for its operator. */
    record CheckUncounted() implements Command {}

    /** Ask the operating system anew which peers' processes are there. */
    record ProbePeers() implements Command {}

    /** The ensemble lists other members. */
    record MembersChanged(Membership membership) implements Command {}

    /** What this node is in its ensemble has changed. */
    record StandingChanged(ClusterFormationProtocol.Standing standing) implements Command {}

    /** The leader has offered an id to this node, which had none. */
    record IdAssigned(int nodeId) implements Command {}

    /** Others know a later list of members than this node, which is without a leader. */
    record LaterMembers(Membership membership) implements Command {}

    /** This node's id is listed for another node. */
    record IdTaken(String cause) implements Command {}

    /** A member runs a release that this one cannot speak with. */
    record Incompatible(String cause) implements Command {}

    /** Something that must end the node. */
    record Fault(ExitReason reason) implements Command {}

    /**
     * The node is about to stop: if it leads, others shall.
     *
     * @param done as in {@link io.troupe.broadcast.BroadcastProtocol.HandOver}
     */
    record HandOver(Runnable done) implements Command {}

    /** Stop cleanly. */
    record Stop() implements Command {}
}
