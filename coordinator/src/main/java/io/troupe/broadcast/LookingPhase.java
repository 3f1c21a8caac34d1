package io.troupe.broadcast;

import io.troupe.election.ElectionProtocol;
import io.troupe.link.LinkEnd;
import java.util.LinkedHashMap;
import java.util.Map;

/** No leader: election looks for one. Learners whose round ended before ours wait for us to end ours. */
final class LookingPhase extends LeaderlessPhase {
    private final Map<LinkEnd, PeerMessage.LearnerInfo> early = new LinkedHashMap<>();

    LookingPhase(Zab zab) {
        super(zab, "a message out of place while looking");
    }

    @Override
    String name() {
        return "looking";
    }

    @Override
    void enter() {
        zab.startElection(zab.replica.voting());
    }

    @Override
    void onLearner(LinkEnd end, PeerMessage.LearnerInfo info) {
        early.put(end, info);
    }

    @Override
    void onElected(ElectionProtocol.Outcome outcome) {
        zab.metrics.elected();
        if (outcome instanceof ElectionProtocol.Lead) {
            LeaderDiscoveryPhase leading = new LeaderDiscoveryPhase(zab);
            zab.transition(leading, "elected");
            early.forEach((end, info) -> {
                if (end.open() && zab.phase() instanceof LeaderPhase) {
                    zab.phase().onLearner(end, info);
                }
            });
        } else if (outcome instanceof ElectionProtocol.Follow follow) {
            early.keySet().stream().filter(LinkEnd::open).forEach(end -> zab.refuse(end, "this node follows another"));
            zab.follow(follow.leaderId());
        }
    }

    @Override
    void onClosed(LinkEnd end, String reason) {
        early.remove(end);
    }

    @Override
    void onMessage(LinkEnd end, PeerMessage message) {
        super.onMessage(end, message);
        early.remove(end);
    }

    @Override
    void onStepDeadline(String step) {
        // Election has its own timers.
    }
}
