package io.troupe.broadcast;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AskCommitPoint;
import io.troupe.broadcast.PeerMessage.Commit;
import io.troupe.broadcast.PeerMessage.CommitPoint;
import io.troupe.broadcast.PeerMessage.ConfirmLeader;
import io.troupe.broadcast.PeerMessage.Forward;
import io.troupe.broadcast.PeerMessage.LeaderConfirmed;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.ensemble.Role;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.link.LinkEnd;
import io.troupe.request.Batch;
import io.troupe.request.Section;
import io.troupe.tree.DataTreeProtocol;

/** Zab's broadcast at a learner: log what is proposed, acknowledge what is durable, execute what is committed. */
final class FollowerBroadcastPhase extends FollowerPhase {
    private boolean flushing;
    /** The leader may know of commits whose batches have not arrived here. */
    private long leaderCommit;

    FollowerBroadcastPhase(Zab zab, int leaderId, LinkEnd leader) {
        super(zab, leaderId, leader);
    }

    @Override
    String name() {
        return role() == Role.OBSERVING ? "observing" : "following";
    }

    @Override
    boolean serving() {
        return true;
    }

    @Override
    void enter() {
        long epoch = zab.replica.meta().currentEpoch();
        leaderCommit = zab.replica.commit();
        announce();
        zab.deliver();
        zab.to.tree().tell(new DataTreeProtocol.Serve(role(), epoch, leaderId));
        zab.unconfirmed().forEach(this::onConfirm);
        onRequests();
    }

    private void announce() {
        long epoch = zab.replica.meta().currentEpoch();
        zab.settle(role(), leaderId, epoch);
        zab.to.heartbeat().tell(new HeartbeatProtocol.Following(epoch, leaderId));
    }

    @Override
    void onVotersChanged() {
        announce();
        zab.to.tree().tell(new DataTreeProtocol.Serve(role(), zab.replica.meta().currentEpoch(), leaderId));
    }

    @Override
    void onLeaderMessage(PeerMessage message) {
        if (message instanceof Propose propose) {
            zab.append(Batch.of(propose.batch()));
            committed(propose.commitZxid());
        } else if (message instanceof Commit commit) {
            committed(commit.zxid());
        } else if (message instanceof CommitPoint point) {
            committed(point.zxid());
            zab.confirmed(point.tag(), point.zxid());
        } else if (message instanceof ConfirmLeader confirm) {
            zab.send(leader, new LeaderConfirmed(confirm.round()));
        } else {
            outOfPlace(message);
        }
    }

    private void committed(long zxid) {
        leaderCommit = Math.max(leaderCommit, zxid);
        zab.replica.commit(leaderCommit);
        zab.deliver();
    }

    @Override
    void onDurable() {
        zab.send(leader, new Ack(zab.replica.durable()));
    }

    @Override
    void onRequests() {
        if (!flushing && zab.outbox.hasUnsent()) {
            flushing = true;
            zab.afterMailbox(BroadcastProtocol.Timer.FLUSH);
        }
    }

    @Override
    void onFlush() {
        flushing = false;
        for (Section section : zab.outbox.takeUnsent()) {
            zab.send(leader, new Forward(section.image()));
        }
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
        zab.to.tree().tell(new DataTreeProtocol.Suspend());
        zab.outbox.rewind();
        zab.transition(new FollowerDiscoveryPhase(zab, leaderId, true), "connection reset: " + reason);
    }

    @Override
    void onStepDeadline(String step) {
        // No step is under way.
    }
}
