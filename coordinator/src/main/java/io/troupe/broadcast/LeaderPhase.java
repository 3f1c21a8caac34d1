package io.troupe.broadcast;

import io.troupe.broadcast.Learner.Step;
import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.AckNewLeader;
import io.troupe.broadcast.PeerMessage.CutBack;
import io.troupe.broadcast.PeerMessage.LearnerInfo;
import io.troupe.broadcast.PeerMessage.NewEpoch;
import io.troupe.broadcast.PeerMessage.NewLeader;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.broadcast.PeerMessage.TakeSnapshot;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.Zxid;
import io.troupe.link.LinkEnd;
import io.troupe.log.LogProtocol;
import io.troupe.request.Batch;
import io.troupe.tree.DataTreeProtocol;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What all phases of a leader share: its learners, and how each is brought from hello to the end of the epoch's history. A
 * learner that comes late goes through the same steps while the leader is already broadcasting.
 */
abstract class LeaderPhase extends QuietPhase {
    private static final int WINDOW_BATCHES = 64;
    private static final int READ_BYTES = 1024 * 1024;

    final Map<Integer, Learner> learners;
    /** The epoch to be led; 0 while it is not chosen. */
    long epoch;

    LeaderPhase(Zab zab, long epoch, Map<Integer, Learner> learners) {
        super(zab);
        this.epoch = epoch;
        this.learners = learners;
    }

    LeaderPhase(Zab zab) {
        this(zab, 0, new TreeMap<>());
    }

    @Override
    final Role role() {
        return Role.LEADING;
    }

    @Override
    final int leaderId() {
        return zab.replica.nodeId();
    }

    Collection<Learner> learners() {
        return learners.values();
    }

    @Override
    final Collection<Learner> connectedLearners() {
        return learners();
    }

    private long countAt(Step step) {
        return learners().stream().filter(l -> l.step() == step).count();
    }

    // ---- discovery of one learner ----

    @Override
    void onLearner(LinkEnd end, LearnerInfo info) {
        if (!info.ensembleId().equals(zab.replica.ensembleId())) {
            zab.refuse(end, "it belongs to ensemble " + info.ensembleId() + ", this is " + zab.replica.ensembleId());
            return;
        }
        Optional<Member> listed = zab.replica.membership().member(end.peer());
        boolean moved = listed.isPresent() && !listed.get().samePlace(info.self());
        if (moved && listed.get().diskId() != info.self().diskId()) {
            zab.refuse(
                    end,
                    "node id %d is that of %s:%d, not of %s:%d; give the latter an id of its own"
                            .formatted(
                                    end.peer(),
                                    listed.get().host(),
                                    listed.get().peerPort(),
                                    info.self().host(),
                                    info.self().peerPort()));
            return;
        }
        if (moved || listed.isEmpty()) {
            zab.learnAddress(info.self());
        }
        Learner learner = new Learner(end, info);
        learners.put(end.peer(), learner);
        zab.publish();
        if (epoch != 0) {
            tellEpoch(learner);
        }
    }

    /** A learner that has promised more than we lead can never follow: only a later epoch brings it back. */
    void tellEpoch(Learner learner) {
        if (learner.acceptedEpoch() > epoch && zab.replica.membership().counts(learner.nodeId(), learner.diskId())) {
            zab.look("node " + learner.nodeId() + " has promised epoch " + learner.acceptedEpoch() + " already");
            return;
        }
        learner.step(Step.TOLD_EPOCH);
        zab.send(learner.end(), new NewEpoch(epoch));
    }

    @Override
    final void onMessage(LinkEnd end, PeerMessage message) {
        Learner learner = learners.get(end.peer());
        if (learner == null || learner.end() != end) {
            zab.refuse(end, "not a learner of this leader");
            return;
        }
        if (message instanceof AckEpoch ack && ack.epoch() == epoch && learner.awaitsPosition()) {
            onAckEpoch(learner, ack);
        } else if (message instanceof Ack ack && learner.reached(Step.RECEIVING)) {
            long sentMillis = learner.sentMillis(ack.zxid());
            if (sentMillis >= 0) {
                zab.metrics.ackedBy(learner, ack.zxid(), sentMillis);
            }
            learner.acked(ack.zxid());
            onAcknowledged(learner);
            if (zab.phase() == this) {
                pump(learner);
            }
        } else if (message instanceof Ack) {
            // Of an fsync that was under way when the learner connected: it says nothing about this connection.
            return;
        } else if (learner.speaksInLastEpoch()) {
            // It says so again, or sends it again, behind its promise.
            return;
        } else if (message instanceof AckNewLeader ack && learner.step() == Step.TOLD_NEW_LEADER) {
            learner.acked(ack.lastZxid());
            learner.step(Step.SYNCED);
            onSynced(learner);
        } else if (!onRequestOf(learner, message)) {
            drop(learner, message.getClass().getSimpleName() + " out of place at step " + learner.step());
        }
    }

    private void onAckEpoch(Learner learner, AckEpoch ack) {
        Replica own = zab.replica;
        boolean ahead = ack.currentEpoch() > own.meta().currentEpoch()
                || (ack.currentEpoch() == own.meta().currentEpoch() && ack.lastZxid() > own.lastZxid());
        if (ahead && !established() && own.membership().counts(learner.nodeId(), learner.diskId())) {
            zab.look("node " + learner.nodeId() + " has a later history: epoch " + ack.currentEpoch() + ", last "
                    + Zxid.hex(ack.lastZxid()));
            return;
        }
        if (learner.step() == Step.TOLD_EPOCH) {
            learner.promiseCounts(ack.counts());
        }
        learner.step(Step.PROMISED);
        learner.startFrom(ack.lastZxid());
        onPromised(learner);
    }

    /** Whether the epoch has a quorum's history already. */
    abstract boolean established();

    /** A learner has promised the epoch and said where it stands. */
    abstract void onPromised(Learner learner);

    /** A learner has the epoch's history, durably. */
    abstract void onSynced(Learner learner);

    /** A learner has more of the history, durably. */
    abstract void onAcknowledged(Learner learner);

    /** A learner asks something of a leader that is broadcasting; false when that is out of place. */
    abstract boolean onRequestOf(Learner learner, PeerMessage message);

    // ---- synchronization of one learner ----

    /** Finds out what a learner lacks: DIFF, TRUNC or SNAP (contract 9.3). */
    final void synchronize(Learner learner) {
        zab.locate(learner.end(), learner.sent());
    }

    @Override
    final void onLocated(@Nullable LinkEnd end, LogProtocol.Located located) {
        Learner learner = learnerAt(end);
        if (learner == null || learner.step() != Step.PROMISED) {
            return;
        }
        if (located.purged()) {
            learner.step(Step.REPAIRING);
            zab.metrics.snap(countAt(Step.REPAIRING));
            zab.log.info(
                    "Node {} needs a snapshot: the log no longer reaches back to {}",
                    learner.nodeId(),
                    Zxid.hex(located.zxid()));
            zab.send(learner.end(), new TakeSnapshot(located.batchEnd()));
        } else if (located.batchEnd() != located.zxid()) {
            learner.step(Step.REPAIRING);
            zab.send(learner.end(), new CutBack(located.batchEnd()));
        } else if (learner.sent() == Zxid.NONE && learner.membersVersion() != 0) {
            // It began with a later list of members than the ensemble's first: its empty tree is not the one that
            // history
            // starts from. Lists are told once they are committed, which this leader, started anew, may hear of only
            // here:
            // with the learner needed for a quorum, nothing else would let the snapshot be made.
            learner.step(Step.REPAIRING);
            zab.replica.commit(learner.membersVersion());
            zab.deliver();
            zab.send(learner.end(), new TakeSnapshot(learner.membersVersion()));
        } else {
            learner.step(Step.RECEIVING);
            zab.metrics.diff(countAt(Step.RECEIVING) + countAt(Step.TOLD_NEW_LEADER));
            pump(learner);
        }
    }

    private @Nullable Learner learnerAt(@Nullable LinkEnd end) {
        if (end == null) {
            return null;
        }
        Learner learner = learners.get(end.peer());
        return learner != null && learner.end() == end && end.open() ? learner : null;
    }

    /** Sends a learner what it lacks, as far as its window allows; then, once, that this is all. */
    final void pump(Learner learner) {
        while (learner.reached(Step.RECEIVING)
                && !learner.reading()
                && learner.sent() < zab.replica.lastZxid()
                && learner.windowOpen(zab.settings.windowBytes(), WINDOW_BATCHES)) {
            Batch next = zab.replica.recent().after(learner.sent());
            if (next == null) {
                learner.reading(true);
                zab.read(learner.end(), learner.sent(), READ_BYTES);
                return;
            }
            propose(learner, next);
        }
        if (learner.step() == Step.RECEIVING && learner.sent() == zab.replica.lastZxid()) {
            learner.step(Step.TOLD_NEW_LEADER);
            zab.send(learner.end(), new NewLeader(epoch, learner.sent()));
        }
    }

    private void propose(Learner learner, Batch batch) {
        learner.sent(batch.lastZxid(), batch.image().length, zab.clock.monotonicMillis());
        zab.metrics.sentTo(learner, learner.underWay());
        learner.toldCommit(zab.replica.commit());
        zab.send(learner.end(), new Propose(batch.image(), zab.replica.commit()));
    }

    @Override
    final void onSlice(@Nullable LinkEnd end, LogProtocol.Slice slice) {
        Learner learner = learnerAt(end);
        if (learner == null || !learner.reading()) {
            return;
        }
        learner.reading(false);
        if (slice.purged()) {
            // The log was purged while the learner was slow: start over with it, it will get a snapshot.
            drop(learner, "the log was purged behind its back");
            return;
        }
        for (Batch batch : slice.batches()) {
            if (batch.follows(learner.sent())) {
                propose(learner, batch);
            }
        }
        pump(learner);
    }

    // ---- counting ----

    /** The disks of this node and of all learners that satisfy {@code condition}. */
    final Map<Integer, Long> selfAnd(Predicate<Learner> condition) {
        Map<Integer, Long> disks = new HashMap<>();
        for (Learner learner : learners()) {
            if (learner.end().open() && condition.test(learner)) {
                disks.put(learner.nodeId(), learner.diskId());
            }
        }
        return zab.replica.withSelf(disks);
    }

    final boolean quorum(Map<Integer, Long> disks) {
        return zab.replica.membership().isQuorum(disks);
    }

    // ---- loss ----

    /** Closes the connection of a learner; it may call again. */
    final void drop(Learner learner, String reason) {
        zab.refuse(learner.end(), reason);
        learners.remove(learner.nodeId(), learner);
        zab.publish();
    }

    @Override
    void onClosed(LinkEnd end, String reason) {
        Learner learner = learners.get(end.peer());
        if (learner != null && learner.end() == end) {
            learners.remove(end.peer());
            zab.log.info("Lost the connection to node {}: {}", end.peer(), reason);
            zab.publish();
        }
    }

    @Override
    void onDivergence(DataTreeProtocol.Divergence divergence) {
        zab.look("its tree has changed by itself: " + divergence);
    }

    @Override
    void onQuorumLost(String reason) {
        zab.look("cannot reach a quorum: " + reason);
    }

    @Override
    void onStepDeadline(String step) {
        zab.look(step + " did not get a quorum in time");
    }
}
