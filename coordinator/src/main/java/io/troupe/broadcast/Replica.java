package io.troupe.broadcast;

import io.troupe.broadcast.pipeline.Admission;
import io.troupe.broadcast.pipeline.RecentBatches;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.log.NodeMeta;
import io.troupe.request.Batch;
import io.troupe.request.Operation;
import io.troupe.request.RequestCodec;
import io.troupe.request.RequestFormatException;
import io.troupe.request.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one node holds of the replicated history, whatever its role: the end of its log, how much of it is durable,
 * committed and executed, its promises, and the membership that follows from it. Pure; {@link BroadcastActor} moves the
 * log and the tree along with it.
 *
 * <p>Invariants: delivered &lt;= commit &lt;= last, durable &lt;= last, epoch(last) &lt;= current epoch once synchronized,
 * current epoch &lt;= accepted epoch.
 */
final class Replica {
    /** A learner that is later than this is served from disk. More would outlive a collection or two of the heap on a busy node. */
    private static final long KEEP_BYTES = 2L * 1024 * 1024;

    private final int nodeId;
    private NodeMeta meta;
    private NodeMeta requestedMeta;
    private RecentBatches recent;
    private long durable;
    private int truncationsUnderWay;
    private long commit;
    private Membership membership;
    private final Map<Integer, Admission.Position> origins = new HashMap<>();
    private long digestZxid;
    private long digest;

    Replica(NodeMeta meta, long executed, Membership membership, Map<Integer, Admission.Position> origins) {
        this.nodeId = meta.nodeId();
        this.meta = meta;
        this.requestedMeta = meta;
        this.recent = new RecentBatches(executed, KEEP_BYTES);
        this.durable = executed;
        this.commit = executed;
        this.membership = membership;
        this.origins.putAll(origins);
    }

    /** A snapshot replaced everything. */
    void restart(long executed, Membership newMembership, Map<Integer, Admission.Position> newOrigins) {
        recent = new RecentBatches(executed, KEEP_BYTES);
        durable = executed;
        truncationsUnderWay = 0;
        commit = executed;
        membership = newMembership;
        origins.clear();
        origins.putAll(newOrigins);
        digestZxid = 0;
    }

    int nodeId() {
        return nodeId;
    }

    NodeMeta meta() {
        return meta;
    }

    /** The meta is durable: file first, memory second (contract 9.6 item 1). */
    void metaSaved(NodeMeta saved) {
        meta = saved;
    }

    /** The latest meta that was asked to be made durable: what may already stand on disk. */
    NodeMeta requestedMeta() {
        return requestedMeta;
    }

    void requestMeta(NodeMeta asked) {
        requestedMeta = asked;
    }

    Membership membership() {
        return membership;
    }

    /** Whether this node counts for quorums. */
    boolean voting() {
        return membership.counts(nodeId, meta.diskId());
    }

    long lastZxid() {
        return recent.lastZxid();
    }

    long durable() {
        return durable;
    }

    long commit() {
        return commit;
    }

    long delivered() {
        return recent.delivered();
    }

    RecentBatches recent() {
        return recent;
    }

    /** The next batch of the history, from this leader or from the log at start. */
    void append(Batch batch) {
        recent.append(batch);
        List<Member> replacement = membersIn(batch);
        if (replacement != null) {
            membership = membership.proposing(replacement);
        }
    }

    /** A change of members travels alone; from its append on both configurations must agree. */
    private static @Nullable List<Member> membersIn(Batch batch) {
        Section section = batch.firstSection();
        if (!section.alone()) {
            return null;
        }
        try {
            return RequestCodec.decode(section).get(0).operation() instanceof Operation.ChangeMembers change
                    ? change.members()
                    : null;
        } catch (RequestFormatException unreadable) {
            // Executing it will come to SYSTEM_ERROR on every node; a change of members it is not.
            return null;
        }
    }

    /** Everything up to {@code zxid} is fsynced here. Reports from before a truncation are void. */
    boolean durable(long zxid) {
        if (truncationsUnderWay > 0 || zxid <= durable) {
            return false;
        }
        if (zxid > lastZxid()) {
            throw new IllegalStateException("durable " + Zxid.hex(zxid) + " is behind the log's end " + this);
        }
        durable = zxid;
        return true;
    }

    /**
     * Cuts the history back; the log follows. Until it has, no report of durability means anything, since it may speak
     * of what is being removed (anchors S31).
     */
    void truncate(long zxid) {
        recent.truncate(zxid);
        truncationsUnderWay++;
        durable = Math.min(durable, lastZxid());
        membership = new Membership(membership.ensembleId(), membership.version(), membership.members(), null);
        proposeUndelivered();
    }

    /** The history may hold one change of members behind another that has just committed: both configurations count for it. */
    private void proposeUndelivered() {
        for (Batch batch : recent.undelivered()) {
            List<Member> replacement = membersIn(batch);
            if (replacement != null) {
                membership = membership.proposing(replacement);
            }
        }
    }

    /** The log has been cut back and ends, durably, at {@code zxid}. */
    void truncated(long zxid) {
        truncationsUnderWay--;
        if (truncationsUnderWay == 0) {
            durable = Math.min(zxid, lastZxid());
        }
    }

    /** Moves the commit point; what lies behind the end of the log waits for its batch. */
    void commit(long zxid) {
        commit = Math.max(commit, Math.min(zxid, lastZxid()));
    }

    /** Committed batches for the tree, each once. */
    List<Batch> deliver() {
        List<Batch> due = recent.deliver(commit);
        Membership before = membership;
        for (Batch batch : due) {
            for (Section s : batch.sections()) {
                origins.put(s.originNode(), new Admission.Position(s.incarnation(), s.lastSequence()));
            }
            List<Member> changed = membersIn(batch);
            if (changed != null) {
                membership = membership.committed(changed, batch.lastZxid());
            }
        }
        if (membership.version() != before.version()) {
            proposeUndelivered();
        }
        return due;
    }

    /** How far each origin's requests stand in the whole history, delivered or not. */
    Map<Integer, Admission.Position> originsInHistory() {
        Map<Integer, Admission.Position> all = new HashMap<>(origins);
        for (Batch batch : recent.undelivered()) {
            for (Section s : batch.sections()) {
                all.put(s.originNode(), new Admission.Position(s.incarnation(), s.lastSequence()));
            }
        }
        return all;
    }

    /** Number of the last request of this node that the history holds, delivered or not; 0 when there is none. */
    long ownInHistory() {
        Admission.Position position = originsInHistory().get(nodeId);
        return position != null && position.incarnation() == meta.incarnation() ? position.sequence() : 0;
    }

    /** Number of the last request of this node in {@code batch}, 0 when there is none. */
    long ownIn(Batch batch) {
        long last = 0;
        for (Section section : batch.sections()) {
            if (section.originNode() == nodeId && section.incarnation() == meta.incarnation()) {
                last = section.lastSequence();
            }
        }
        return last;
    }

    void executed(long zxid, long treeDigest) {
        digestZxid = zxid;
        digest = treeDigest;
    }

    long digestZxid() {
        return digestZxid;
    }

    long digest() {
        return digest;
    }

    /** This node's own entry in a count of votes. */
    Map<Integer, Long> withSelf(Map<Integer, Long> others) {
        Map<Integer, Long> all = new HashMap<>(others);
        all.put(nodeId, meta.diskId());
        return all;
    }

    /** Peers worth asking who leads: every member but this node, for an observer may have got a vote while it was away, and lead. */
    List<Integer> peers() {
        List<Integer> peers = new ArrayList<>();
        for (Member v : membership.allMembers()) {
            if (v.nodeId() != nodeId) {
                peers.add(v.nodeId());
            }
        }
        return peers;
    }

    String ensembleId() {
        return Objects.requireNonNull(membership.ensembleId());
    }

    @Override
    public String toString() {
        return "epoch %d/%d last %s durable %s commit %s executed %s"
                .formatted(
                        meta.currentEpoch(),
                        meta.acceptedEpoch(),
                        Zxid.hex(lastZxid()),
                        Zxid.hex(durable),
                        Zxid.hex(commit),
                        Zxid.hex(delivered()));
    }
}
