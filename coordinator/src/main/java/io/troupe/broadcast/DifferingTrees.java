package io.troupe.broadcast;

import io.troupe.broadcast.BroadcastProtocol.Timer;
import io.troupe.broadcast.PeerMessage.TakeTreeAnew;
import io.troupe.broadcast.PeerMessage.TreeDiffers;
import io.troupe.ensemble.Zxid;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The leader's part in finding out whose tree is wrong, when one differs from its own. All execute the same history, so a tree
 * that a quorum has is the right one. Only the leader's digest travels with the batches: who differs says so, and whoever
 * does not in time is taken to agree.
 */
final class DifferingTrees {
    /** For the others to have executed the same batch. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final LeaderPhase leader;
    private final Map<Learner, TreeDiffers> told = new HashMap<>();

    DifferingTrees(LeaderPhase leader) {
        this.leader = leader;
    }

    /** A learner's tree differs from this node's. */
    void told(Learner learner, TreeDiffers differs) {
        leader.zab.log.error(
                "The tree of node {} differs from this node's as of {}", learner.nodeId(), Zxid.hex(differs.zxid()));
        if (told.isEmpty()) {
            leader.zab.timers.startSingleTimer(Timer.JUDGE_TREES, Timer.JUDGE_TREES, PATIENCE);
        }
        told.put(learner, differs);
    }

    /** Whoever is in the minority takes its tree anew. */
    void judge() {
        told.keySet().removeIf(learner -> !learner.end().open());
        for (TreeDiffers theirs : Set.copyOf(told.values())) {
            Map<Integer, Long> alike = told.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(theirs))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toMap(Learner::nodeId, Learner::diskId, (one, same) -> one, TreeMap::new));
            if (leader.quorum(alike)) {
                leader.zab.giveUpHistory(
                        "this node's tree differs as of %s from that of nodes %s, which is one and the same"
                                .formatted(Zxid.hex(theirs.zxid()), alike.keySet()));
                return;
            }
        }
        told.keySet().forEach(learner -> leader.zab.send(learner.end(), new TakeTreeAnew()));
        told.clear();
    }
}
