package io.troupe.broadcast;

import io.troupe.broadcast.Learner.Step;
import io.troupe.broadcast.PeerMessage.LearnerInfo;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.link.LinkEnd;
import io.troupe.log.NodeMeta;
import java.util.List;
import java.util.Map;

/**
 * Zab's discovery at the leader: learn the accepted epochs of a quorum, choose a greater one, and have a quorum promise it
 * before anything else happens.
 */
final class LeaderDiscoveryPhase extends LeaderPhase {
    private static final String DISCOVERY = "discovery";

    private final long after;
    private boolean choosing;

    LeaderDiscoveryPhase(Zab zab) {
        super(zab);
        this.after = 0;
    }

    /** Opens the next epoch, later than {@code after} too, with learners that are connected already. */
    LeaderDiscoveryPhase(Zab zab, long after, Map<Integer, Learner> learners) {
        super(zab, 0, learners);
        this.after = after;
    }

    @Override
    String name() {
        return "leading: discovery";
    }

    @Override
    void enter() {
        zab.deadline(DISCOVERY, zab.settings.discoveryDeadline());
        zab.to
                .heartbeat()
                .tell(new HeartbeatProtocol.Leading(
                        zab.replica.meta().acceptedEpoch(), zab.replica.membership(), false));
        chooseEpoch();
    }

    @Override
    void onLearner(LinkEnd end, LearnerInfo info) {
        super.onLearner(end, info);
        if (zab.phase() == this) {
            chooseEpoch();
        }
    }

    private void chooseEpoch() {
        if (choosing || !quorum(selfAnd(learner -> true))) {
            return;
        }
        choosing = true;
        long greatest = Math.max(after, zab.replica.requestedMeta().acceptedEpoch());
        for (Learner learner : learners()) {
            if (zab.replica.membership().counts(learner.nodeId(), learner.diskId())) {
                greatest = Math.max(greatest, learner.acceptedEpoch());
            }
        }
        long next = greatest + 1;
        zab.save(meta -> meta.withAcceptedEpoch(next));
    }

    /** Our own promise is durable: now, and not before, others may be asked for theirs. */
    @Override
    void onMetaDurable(NodeMeta saved) {
        epoch = saved.acceptedEpoch();
        zab.promised(zab.replica.nodeId(), saved.incarnation());
        for (Learner learner : List.copyOf(learners())) {
            tellEpoch(learner);
            if (zab.phase() != this) {
                return;
            }
        }
        synchronizeWithQuorum();
    }

    @Override
    boolean established() {
        return false;
    }

    @Override
    void onPromised(Learner learner) {
        synchronizeWithQuorum();
    }

    private void synchronizeWithQuorum() {
        if (quorum(selfAnd(learner -> learner.reached(Step.PROMISED) && learner.promiseCounts()))) {
            zab.transition(
                    new LeaderSynchronizationPhase(zab, epoch, learners), "a quorum has promised epoch " + epoch);
        }
    }

    @Override
    void onSynced(Learner learner) {
        throw new IllegalStateException("node " + learner.nodeId() + " acknowledged a NEWLEADER that was never sent");
    }

    @Override
    void onAcknowledged(Learner learner) {
        // Nothing is sent before the epoch has its quorum.
    }

    @Override
    boolean onRequestOf(Learner learner, PeerMessage message) {
        return false;
    }
}
