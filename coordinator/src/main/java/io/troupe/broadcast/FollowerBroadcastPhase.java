package io.troupe.broadcast;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AskCommitPoint;
import io.troupe.broadcast.PeerMessage.Commit;
import io.troupe.broadcast.PeerMessage.CommitPoint;
import io.troupe.broadcast.PeerMessage.ConfirmLeader;
import io.troupe.broadcast.PeerMessage.Forward;
import io.troupe.broadcast.PeerMessage.LeaderConfirmed;
import io.troupe.broadcast.PeerMessage.NewEpoch;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.broadcast.PeerMessage.StepDown;
import io.troupe.broadcast.PeerMessage.TakeTreeAnew;
import io.troupe.broadcast.PeerMessage.TreeDiffers;
import io.troupe.ensemble.Role;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.link.LinkEnd;
import io.troupe.request.Batch;
import io.troupe.request.Section;
import io.troupe.tree.DataTreeProtocol.Divergence;
import org.jspecify.annotations.Nullable;

/** Zab's broadcast at a learner: log what is proposed, acknowledge what is durable, execute what is committed. */
final class FollowerBroadcastPhase extends FollowerPhase {
    private boolean flushing;
    /** The leader may know of commits whose batches have not arrived here. */
    private long leaderCommit;
    /** Number of the last request of this node that is in the history, committed or not. */
    private long ownProposed;

    private @Nullable Divergence divergence;

    FollowerBroadcastPhase(Zab zab, int leaderId, LinkEnd leader) {
        super(zab, leaderId, leader);
    }

    @Override
    String name() {
        return role() == Role.OBSERVING ? "observing" : "following";
    }

    @Override
    void enter() {
        leaderCommit = zab.replica.commit();
        ownProposed = zab.replica.ownInHistory();
        announce();
        zab.deliver();
        zab.serve(role(), leaderId);
        zab.unconfirmed().forEach(this::onConfirm);
        onRequests();
    }

    private void announce() {
        long epoch = zab.replica.meta().currentEpoch();
        zab.settle(role(), leaderId, epoch);
        zab.to.heartbeat().tell(new HeartbeatProtocol.Following(epoch, leaderId));
    }

    @Override
    void onMembersChanged() {
        announce();
        zab.serve(role(), leaderId);
    }

    @Override
    void onLeaderMessage(PeerMessage message) {
        if (message instanceof Propose propose) {
            onPropose(propose);
        } else if (message instanceof Commit commit) {
            committed(commit.zxid());
        } else if (message instanceof CommitPoint point) {
            committed(point.zxid());
            zab.confirmed(point.tag(), point.zxid());
        } else if (message instanceof ConfirmLeader confirm) {
            zab.send(leader, new LeaderConfirmed(confirm.round()));
        } else if (message instanceof NewEpoch && divergence != null) {
            zab.look("node " + leaderId + " goes on without having said whose tree is wrong");
        } else if (message instanceof NewEpoch next
                && next.epoch() > zab.replica.requestedMeta().acceptedEpoch()) {
            // What was sent and is not in the history yet goes to the next epoch, to the same leader.
            zab.outbox.rewind();
            zab.transition(
                    FollowerDiscoveryPhase.ofNextEpoch(zab, leaderId, leader, next),
                    "the leader opens epoch " + next.epoch());
        } else if (message instanceof TakeTreeAnew && divergence != null) {
            zab.giveUpHistory(divergence.toString());
        } else if (message instanceof StepDown down) {
            onStepDown(down);
        } else {
            outOfPlace(message);
        }
    }

    private void onStepDown(StepDown down) {
        if (down.stopping()) {
            zab.expectNoVoteOf(leaderId);
        }
        zab.look("node " + leaderId + " has stepped down, since it "
                + (down.stopping() ? "is about to stop" : "no longer votes"));
    }

    private void onPropose(Propose propose) {
        Batch batch = Batch.of(propose.batch());
        boolean diskIsBehind = syncing();
        zab.append(batch);
        zab.metrics.received(batch);
        committed(propose.commitZxid());
        ownProposed = Math.max(ownProposed, zab.replica.ownIn(batch));
        if (diskIsBehind && mayForward()) {
            forward();
        }
    }

    private void committed(long zxid) {
        leaderCommit = Math.max(leaderCommit, zxid);
        zab.replica.commit(leaderCommit);
        zab.deliver();
    }

    @Override
    void onDurable() {
        // Before the acknowledgement that lets the leader propose again: so they travel in that proposal.
        if (mayForward()) {
            forward();
        }
        zab.send(leader, new Ack(zab.replica.durable()));
    }

    /** An acknowledgement will leave soon, and requests may leave with it: the leader would not propose them before. */
    private boolean syncing() {
        return zab.replica.durable() < zab.replica.lastZxid();
    }

    @Override
    void onRequests() {
        if (!flushing && !syncing() && mayForward()) {
            flushing = true;
            zab.afterMailbox(BroadcastProtocol.Timer.FLUSH);
        }
    }

    /** Requests gather while what was sent before waits at the leader: they would only wait there in smaller pieces. */
    private boolean mayForward() {
        return zab.outbox.hasUnsent() && (zab.outbox.sentThrough() <= ownProposed || zab.outbox.hasFullSection());
    }

    @Override
    void onFlush() {
        flushing = false;
        forward();
    }

    private void forward() {
        for (Section section : zab.outbox.takeUnsent()) {
            zab.send(leader, new Forward(section.image()));
        }
    }

    /** The log goes on: it is the same for all, and others may need this node's part in it. */
    @Override
    void onDivergence(Divergence found) {
        divergence = found;
        zab.send(leader, new TreeDiffers(found.zxid(), found.own()));
    }

    @Override
    void onConfirm(long tag) {
        zab.send(leader, new AskCommitPoint(tag));
    }

    @Override
    void onClosed(LinkEnd end, String reason) {
        if (end != leader) {
            return;
        }
        // As after a broken TCP connection: same leader, same epoch, the log tells where to go on. Clients wait.
        zab.suspend();
        zab.outbox.rewind();
        zab.transition(new FollowerDiscoveryPhase(zab, leaderId, true), "connection reset: " + reason);
    }

    @Override
    void onStepDeadline(String step) {
        // No step is under way.
    }
}
