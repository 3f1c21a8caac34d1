package io.troupe.broadcast;

import io.troupe.ensemble.Role;
import io.troupe.link.LinkEnd;
import io.troupe.tree.DataTreeProtocol;

/** What all phases of a learner share: one leader, one connection to it. */
abstract class FollowerPhase extends QuietPhase {
    final int leaderId;
    LinkEnd leader;

    FollowerPhase(Zab zab, int leaderId, LinkEnd leader) {
        super(zab);
        this.leaderId = leaderId;
        this.leader = leader;
    }

    @Override
    final Role role() {
        return zab.replica.voting() ? Role.FOLLOWING : Role.OBSERVING;
    }

    @Override
    final int leaderId() {
        return leaderId;
    }

    @Override
    void onLearner(LinkEnd end, PeerMessage.LearnerInfo info) {
        zab.refuse(end, "this node follows node " + leaderId);
        if (end.peer() == leaderId) {
            // There is one connection with each peer: its call has replaced ours.
            onClosed(leader, "the leader has called as a learner");
        }
    }

    /** Handles what the leader says. */
    abstract void onLeaderMessage(PeerMessage message);

    @Override
    final void onMessage(LinkEnd end, PeerMessage message) {
        if (end == leader) {
            onLeaderMessage(message);
        } else {
            zab.refuse(end, "this node follows node " + leaderId);
        }
    }

    @Override
    void onPeerLost(int nodeId, String reason) {
        if (nodeId == leaderId) {
            zab.look("lost the leader, node " + nodeId + ": " + reason);
        }
    }

    @Override
    void onDivergence(DataTreeProtocol.Divergence divergence) {
        zab.look("node " + leaderId + " cannot say yet whose tree is wrong");
    }

    /** The leader did something that a correct leader in our state does not do. */
    final void outOfPlace(PeerMessage message) {
        zab.look("node " + leaderId + " sent " + message.getClass().getSimpleName() + " out of place");
    }
}
