package io.troupe.broadcast;

import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.LearnerInfo;
import io.troupe.broadcast.PeerMessage.NewEpoch;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.link.LinkEnd;
import io.troupe.log.NodeMeta;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Zab's discovery at a learner: say which epoch was accepted, accept a newer one durably, then say which history this node
 * has.
 */
final class FollowerDiscoveryPhase extends FollowerPhase {
    private static final String DEADLINE = "discovery";
    private static final String REDIAL = "redial";
    private static final Duration REDIAL_AFTER = Duration.ofMillis(20);

    private final boolean withClients;
    /** The epoch that the leader of the present one opens, on the connection there is; null where this node calls a leader. */
    private final @Nullable NewEpoch announced;

    private long told;
    /** The epoch being made durable, whose leader may be out of touch by the time it is. */
    private long promising;

    private long promisingTo;

    FollowerDiscoveryPhase(Zab zab, int leaderId) {
        this(zab, leaderId, false);
    }

    /**
     * @param withClients whether this node served clients of this leader's epoch a moment ago
     */
    FollowerDiscoveryPhase(Zab zab, int leaderId, boolean withClients) {
        this(zab, leaderId, zab.dial(leaderId), withClients, null);
    }

    private FollowerDiscoveryPhase(
            Zab zab, int leaderId, LinkEnd leader, boolean withClients, @Nullable NewEpoch announced) {
        super(zab, leaderId, leader);
        this.withClients = withClients;
        this.announced = announced;
    }

    /** The leader opens another epoch with the learners it has. */
    static FollowerDiscoveryPhase ofNextEpoch(Zab zab, int leaderId, LinkEnd leader, NewEpoch announced) {
        return new FollowerDiscoveryPhase(zab, leaderId, leader, true, announced);
    }

    @Override
    String name() {
        return withClients && announced == null ? "following: reconnecting" : "following: discovery";
    }

    @Override
    void enter() {
        zab.deadline(DEADLINE, zab.settings.discoveryDeadline());
        zab.to
                .heartbeat()
                .tell(new HeartbeatProtocol.Following(zab.replica.meta().acceptedEpoch(), leaderId));
        if (announced == null) {
            hello();
        } else {
            onLeaderMessage(announced);
        }
    }

    private void hello() {
        NodeMeta meta = zab.replica.requestedMeta();
        told = 0;
        zab.send(
                leader,
                new LearnerInfo(
                        zab.self,
                        zab.replica.ensembleId(),
                        meta.acceptedEpoch(),
                        zab.replica.membership().version(),
                        zab.joining()));
    }

    @Override
    void onLeaderMessage(PeerMessage message) {
        if (!(message instanceof NewEpoch newEpoch)) {
            outOfPlace(message);
            return;
        }
        long accepted = zab.replica.requestedMeta().acceptedEpoch();
        told = newEpoch.epoch();
        if (told < accepted) {
            zab.look("node " + leaderId + " proposes epoch " + told + ", but " + accepted + " is promised already");
        } else if (told > accepted) {
            promising = told;
            promisingTo = leader.peerIncarnation();
            zab.save(meta -> meta.withAcceptedEpoch(told));
        } else if (zab.replica.meta().acceptedEpoch() == told) {
            // Accepted before. Only a promise made to this very leader may be counted by it: another may have
            // proposed the same epoch (contract 9.3).
            acknowledge(zab.promisedTo(leaderId, leader.peerIncarnation()));
        }
    }

    @Override
    void onMetaDurable(NodeMeta saved) {
        if (promising == saved.acceptedEpoch()) {
            zab.promised(leaderId, promisingTo);
            if (told == promising && leader.open()) {
                acknowledge(true);
            }
        }
    }

    private void acknowledge(boolean counts) {
        zab.send(leader, new AckEpoch(told, zab.replica.meta().currentEpoch(), zab.replica.lastZxid(), counts));
        zab.transition(new FollowerSynchronizationPhase(zab, leaderId, leader, told), "accepted epoch " + told);
    }

    @Override
    void onClosed(LinkEnd end, String reason) {
        zab.suspend();
        // The leader-to-be may not have heard yet that it is elected.
        zab.timers.startSingleTimer(REDIAL, new BroadcastProtocol.StepDeadline(REDIAL), REDIAL_AFTER);
    }

    @Override
    void onStepDeadline(String step) {
        if (step.equals(REDIAL)) {
            leader = zab.dial(leaderId);
            hello();
        } else {
            zab.look("node " + leaderId + " did not answer in time");
        }
    }
}
