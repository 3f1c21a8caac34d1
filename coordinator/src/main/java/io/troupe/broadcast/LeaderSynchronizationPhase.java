package io.troupe.broadcast;

import io.troupe.broadcast.Learner.Step;
import io.troupe.log.NodeMeta;
import java.util.List;
import java.util.Map;

/**
 * Zab's synchronization at the leader: bring a quorum to this node's history, all of it durable, in the new epoch. The
 * history of older epochs commits here as a whole, by this quorum, and never by counting old acknowledgements (contract
 * 9.6 item 6).
 */
final class LeaderSynchronizationPhase extends LeaderPhase {
    private static final String SYNCHRONIZATION = "synchronization";

    private boolean epochEntered;

    LeaderSynchronizationPhase(Zab zab, long epoch, Map<Integer, Learner> learners) {
        super(zab, epoch, learners);
    }

    @Override
    String name() {
        return "leading: synchronization";
    }

    @Override
    void enter() {
        zab.deadline(SYNCHRONIZATION, zab.settings.syncDeadline());
        // Behind everything appended before: the log makes history durable first, then the epoch.
        zab.save(meta -> meta.withCurrentEpoch(epoch));
        for (Learner learner : List.copyOf(learners())) {
            if (learner.step() == Step.PROMISED) {
                synchronize(learner);
            }
        }
    }

    @Override
    void onMetaDurable(NodeMeta saved) {
        epochEntered = true;
        establish();
    }

    @Override
    boolean established() {
        return false;
    }

    @Override
    void onPromised(Learner learner) {
        synchronize(learner);
    }

    @Override
    void onSynced(Learner learner) {
        establish();
    }

    private void establish() {
        if (epochEntered && quorum(selfAnd(learner -> learner.reached(Step.SYNCED)))) {
            zab.replica.commit(zab.replica.lastZxid());
            zab.transition(
                    new LeaderBroadcastPhase(zab, epoch, learners), "a quorum has the history of epoch " + epoch);
        }
    }

    @Override
    void onAcknowledged(Learner learner) {
        // A sign of life: a large state may take longer than one deadline.
        zab.deadline(SYNCHRONIZATION, zab.settings.syncDeadline());
    }

    @Override
    boolean onRequestOf(Learner learner, PeerMessage message) {
        return false;
    }
}
