package io.troupe.broadcast;

import io.troupe.broadcast.PeerMessage.LearnerInfo;
import io.troupe.ensemble.Member;
import io.troupe.link.LinkEnd;
import java.util.ArrayDeque;
import java.util.Deque;

/** What the leader knows of one peer on one connection: where it is in the protocol, what it was sent and what it has. */
final class Learner {
    /** The steps of discovery and synchronization, as the leader counts them. */
    enum Step {
        /** Said hello; the epoch is not chosen yet. */
        CONNECTED,
        /** Was told the epoch. */
        TOLD_EPOCH,
        /** Promised the epoch; the leader is finding out what it lacks. */
        PROMISED,
        /** Is cutting back its log or fetching a snapshot, and will say when it is done. */
        REPAIRING,
        /** Is being sent history. */
        RECEIVING,
        /** Was told that it has all of the epoch's history. */
        TOLD_NEW_LEADER,
        /** Has made history and epoch durable: its acknowledgements count. */
        SYNCED,
        /** May serve clients, and forward their requests. */
        SERVING
    }

    private final LinkEnd end;
    private final LearnerInfo info;
    private Step step = Step.CONNECTED;
    private final boolean carriedOver;
    private boolean promiseCounts;
    private long sent;
    private long acked;
    private long unackedBytes;
    private boolean reading;
    private boolean waitsForNext;
    private long toldCommit;
    private final Deque<long[]> unacked = new ArrayDeque<>();
    /** Ends of the batches that hold requests of its clients, as far as it was not told that they are committed. */
    private final Deque<Long> awaited = new ArrayDeque<>();

    Learner(LinkEnd end, LearnerInfo info) {
        this(end, info, false);
    }

    private Learner(LinkEnd end, LearnerInfo info, boolean carriedOver) {
        this.end = end;
        this.info = info;
        this.carriedOver = carriedOver;
    }

    /** The same peer on the same connection, at the beginning of the next epoch. */
    Learner carriedOver() {
        return new Learner(end, info, true);
    }

    /** Whether it may not have heard yet that the epoch in which it took part is over. */
    boolean speaksInLastEpoch() {
        return carriedOver && !reached(Step.PROMISED);
    }

    LinkEnd end() {
        return end;
    }

    int nodeId() {
        return end.peer();
    }

    long diskId() {
        return info.self().diskId();
    }

    /** The node as it would be listed among the members. */
    Member self() {
        return info.self();
    }

    /** Version of the list of members it knew when it called. */
    long membersVersion() {
        return info.membersVersion();
    }

    /** Whether it wants to be listed. */
    boolean joining() {
        return info.joining();
    }

    long acceptedEpoch() {
        return info.acceptedEpoch();
    }

    Step step() {
        return step;
    }

    void step(Step next) {
        step = next;
    }

    boolean reached(Step other) {
        return step.compareTo(other) >= 0;
    }

    /** Whether it owes us word of where its history ends. */
    boolean awaitsPosition() {
        return step == Step.TOLD_EPOCH || step == Step.REPAIRING;
    }

    /** Its promise was new: it may be counted (contract 9.3: an epoch accepted before is answered, not counted). */
    boolean promiseCounts() {
        return promiseCounts;
    }

    void promiseCounts(boolean counts) {
        promiseCounts = counts;
    }

    /** End of what it holds or is on its way to it. */
    long sent() {
        return sent;
    }

    /** Sending starts behind {@code zxid}. */
    void startFrom(long zxid) {
        sent = zxid;
        acked = 0;
        unacked.clear();
        unackedBytes = 0;
    }

    void sent(long zxid, int bytes, long nowMillis) {
        sent = zxid;
        unacked.add(new long[] {zxid, bytes, nowMillis});
        unackedBytes += bytes;
    }

    /** Everything up to here is durable there. */
    long acked() {
        return acked;
    }

    void acked(long zxid) {
        acked = Math.max(acked, zxid);
        while (!unacked.isEmpty() && unacked.getFirst()[0] <= acked) {
            unackedBytes -= unacked.removeFirst()[1];
        }
    }

    /** When the batch that ends at {@code zxid} was sent, negative when it is not on its way. */
    long sentMillis(long zxid) {
        for (long[] batch : unacked) {
            if (batch[0] == zxid) {
                return batch[2];
            }
        }
        return -1;
    }

    /** How many batches are on their way. */
    int underWay() {
        return unacked.size();
    }

    /** How much may still be on its way: beyond its window a slow peer is served from the log when it catches up. */
    boolean windowOpen(int windowBytes, int windowBatches) {
        return unackedBytes < windowBytes && unacked.size() < windowBatches;
    }

    /** A read of the log for it is under way. */
    boolean reading() {
        return reading;
    }

    void reading(boolean underWay) {
        reading = underWay;
    }

    /** Requests of its clients will be in the next batch proposed, or are in one already. */
    void waitsForNext() {
        waitsForNext = true;
    }

    /** A batch was proposed, with whatever its clients wait for. */
    void proposed(long zxid) {
        if (waitsForNext) {
            awaited.add(zxid);
            waitsForNext = false;
        }
    }

    /** Whether {@code commit} is news that its clients wait for. */
    boolean waitsFor(long commit) {
        return !awaited.isEmpty() && awaited.getFirst() <= commit;
    }

    /** The commit point it was told last. */
    long toldCommit() {
        return toldCommit;
    }

    void toldCommit(long zxid) {
        toldCommit = zxid;
        while (!awaited.isEmpty() && awaited.getFirst() <= zxid) {
            awaited.removeFirst();
        }
    }
}
