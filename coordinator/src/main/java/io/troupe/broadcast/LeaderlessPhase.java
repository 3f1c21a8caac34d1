package io.troupe.broadcast;

import io.troupe.ensemble.Role;
import io.troupe.link.LinkEnd;

/** A phase without a leader, in which nothing is to be had from this node. */
abstract class LeaderlessPhase extends QuietPhase {
    private final String refusal;

    /**
     * @param refusal why whoever connects is sent away
     */
    LeaderlessPhase(Zab zab, String refusal) {
        super(zab);
        this.refusal = refusal;
    }

    @Override
    final Role role() {
        return Role.LOOKING;
    }

    @Override
    final int leaderId() {
        return 0;
    }

    @Override
    void onLearner(LinkEnd end, PeerMessage.LearnerInfo info) {
        zab.refuse(end, refusal);
    }

    @Override
    void onMessage(LinkEnd end, PeerMessage message) {
        zab.refuse(end, refusal);
    }
}
