package io.troupe.broadcast;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.AckNewLeader;
import io.troupe.broadcast.PeerMessage.CutBack;
import io.troupe.broadcast.PeerMessage.NewLeader;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.broadcast.PeerMessage.TakeSnapshot;
import io.troupe.broadcast.PeerMessage.UpToDate;
import io.troupe.ensemble.Zxid;
import io.troupe.link.LinkEnd;
import io.troupe.log.NodeMeta;
import io.troupe.request.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Zab's synchronization at a learner: repair the log until it is a prefix of the leader's, take in the rest, make history
 * and then the epoch durable, acknowledge, and wait to be told that the epoch is established. Before that nothing is applied but
 * what is known to have committed: all that the leader says so of before NEWLEADER, behind it what a second change of members
 * says so of (contract 9.6 items 1 to 5).
 */
final class FollowerSynchronizationPhase extends FollowerPhase {
    private static final String PROGRESS = "synchronization";

    private final long epoch;
    private @Nullable TakeSnapshot fetching;
    private @Nullable NewLeader newLeader;
    private boolean acknowledged;

    FollowerSynchronizationPhase(Zab zab, int leaderId, LinkEnd leader, long epoch) {
        super(zab, leaderId, leader);
        this.epoch = epoch;
    }

    @Override
    String name() {
        return "following: synchronization";
    }

    @Override
    void enter() {
        progress();
    }

    private void progress() {
        zab.deadline(PROGRESS, zab.settings.syncDeadline());
    }

    @Override
    void onLeaderMessage(PeerMessage message) {
        progress();
        if (message instanceof Propose propose) {
            onPropose(propose);
        } else if (message instanceof CutBack cut && newLeader == null) {
            zab.log.info("Removing uncommitted history behind {}", Zxid.hex(cut.zxid()));
            zab.truncate(cut.zxid());
        } else if (message instanceof TakeSnapshot take && newLeader == null) {
            fetching = take;
            zab.pull(leaderId, take.minZxid());
        } else if (message instanceof NewLeader announced && newLeader == null && announced.epoch() == epoch) {
            onNewLeader(announced);
        } else if (message instanceof UpToDate upToDate && acknowledged) {
            zab.replica.commit(upToDate.commitZxid());
            zab.transition(
                    new FollowerBroadcastPhase(zab, leaderId, leader), "epoch " + upToDate.epoch() + " is established");
        } else {
            outOfPlace(message);
        }
    }

    private void onPropose(Propose propose) {
        Batch batch = Batch.of(propose.batch());
        if (zab.replica.membership().next() != null) {
            // A second change of members is proposed only once the first has committed, and says so: should the leader
            // be
            // lost now, votes count by the first and the second, no longer by the list before both.
            zab.replica.commit(batch.commitZxid());
            zab.deliver();
        }
        zab.append(batch);
        if (newLeader == null) {
            // What is committed need not be kept until the end: a history may be many times the heap.
            zab.replica.commit(propose.commitZxid());
            zab.deliver();
        }
    }

    private void onNewLeader(NewLeader announced) {
        if (announced.lastZxid() != zab.replica.lastZxid()) {
            throw new IllegalStateException("the leader says the epoch's history ends at "
                    + Zxid.hex(announced.lastZxid()) + ", here it ends at " + zab.replica);
        }
        newLeader = announced;
        // The log makes everything appended before durable first, then this.
        zab.save(meta -> meta.withCurrentEpoch(announced.epoch()));
    }

    @Override
    void onMetaDurable(NodeMeta saved) {
        if (newLeader != null) {
            acknowledged = true;
            zab.send(leader, new AckNewLeader(newLeader.epoch(), newLeader.lastZxid()));
        }
    }

    @Override
    void onDurable() {
        // Before NEWLEADER this only opens the leader's window; behind it, it acknowledges proposals.
        zab.send(leader, new Ack(zab.replica.durable()));
    }

    @Override
    void onTruncated(long lastZxid) {
        whereWeAre();
    }

    @Override
    void onPulled(long zxid) {
        if (fetching == null || zxid < fetching.minZxid()) {
            // Asked for by an earlier phase: it must not replace what this one has acknowledged.
            return;
        }
        zab.transition(
                new SnapshotInstallPhase(zab, leaderId, leader, epoch, zxid), "the leader's snapshot has arrived");
    }

    /** Says, once more, where this node's history ends. */
    void whereWeAre() {
        zab.send(leader, new AckEpoch(epoch, zab.replica.meta().currentEpoch(), zab.replica.lastZxid(), false));
    }

    @Override
    void onClosed(LinkEnd end, String reason) {
        if (end == leader) {
            zab.suspend();
            zab.transition(new FollowerDiscoveryPhase(zab, leaderId, true), "connection reset: " + reason);
        }
    }

    @Override
    void onStepDeadline(String step) {
        zab.look("synchronization with node " + leaderId + " made no progress");
    }
}
