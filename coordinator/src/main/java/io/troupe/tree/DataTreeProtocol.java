package io.troupe.tree;

import akka.actor.typed.ActorRef;
import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.edge.NodeStatus;
import io.troupe.edge.SessionHandle;
import io.troupe.edge.SessionSink;
import io.troupe.edge.TreeReport;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.Zxid;
import io.troupe.request.Batch;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Messages of the the data tree actor. */
public interface DataTreeProtocol {

    sealed interface Command {}

    // ---- from broadcast ----

    /**
     * Loads the newest valid snapshot, or an empty tree with the founding membership where there is none; answers
     * {@link Recovered}. Sent at start, and again once a snapshot was pulled from the leader: connections whose results
     * the jump hides then end with UNKNOWN_OUTCOME.
     */
    record Recover(Membership founding, ActorRef<Recovered> replyTo) implements Command {}

    /** Committed batches, contiguous with what was executed; answered by one {@link Executed}. */
    record Execute(List<Batch> batches) implements Command {}

    /** There is a confirmed leader and this node is synchronized with it: answer clients. */
    record Serve(Role role, long epoch, int leaderId) implements Command {}

    /** No confirmed leader: hold reads and pings, refuse new connections, keep the existing ones. */
    record Suspend() implements Command {}

    /** Answer to {@link io.troupe.edge.Replicator.ConfirmCommitPoint}: reply once {@code zxid} has executed. */
    record CommitPointConfirmed(long tag, long zxid) implements Command {}

    /**
     * The leader has drained: what does a client's wish for other members come to (contract 2.10)? Answers {@link Judged}.
     *
     * @param wish a request for {@link Operation.Reconfigure}
     * @param synced disks of the nodes that have the leader's history, by node id, the leader's own among them
     */
    record JudgeReconfiguration(Request wish, Map<Integer, Long> synced, ActorRef<Judged> replyTo) implements Command {}

    /**
     * A write of one of this node's clients that is not proposed, because the disk is nearly full: answered with THROTTLED_OP
     * behind what the client wrote before.
     *
     * @param afterSequence the last request of this node before it: once that has executed it is answered
     */
    record Refuse(Request request, long afterSequence, ErrorCode error) implements Command {}

    // ---- from the edges ----

    record Open(Connect connect, SessionSink sink) implements Command {}

    /** One burst of reads. */
    record Reads(List<ClientRequest.Read> reads) implements Command {}

    /** The whole ensemble must know of a session that only this node knows. */
    record Upgrade(SessionHandle session, int timeoutMillis) implements Command {}

    /** A client has proven who it is besides; {@code identities} are all it has. */
    record Identified(SessionHandle session, List<Identity> identities) implements Command {}

    /** There is room again for replies to this client. */
    record Resume(SessionSink sink) implements Command {}

    record Disconnected(SessionSink sink) implements Command {}

    /** An operator wants to know. */
    record Report(TreeReport.Part part, Consumer<TreeReport> answer) implements Command {}

    // ---- from heartbeat ----

    /** Tell {@code listener} of sessions opened, attached and closed from now on; it first gets all there are. */
    record SubscribeSessions(ActorRef<SessionsChanged> listener) implements Command {}

    /** Which local sessions were heard since the last call; answers {@link Touched}. */
    record CollectTouched(ActorRef<Touched> replyTo) implements Command {}

    // ---- from snapshot ----

    /** Make a snapshot now, unless one is being written. */
    record TakeSnapshot() implements Command {}

    /** Make a snapshot, or another one behind that which is being written, and lend it. */
    record LendSnapshot(CompletableFuture<SnapshotProtocol.Loan> borrower) implements Command {}

    record FromSnapshot(SnapshotProtocol.Event event) implements Command {}

    // ---- from the reaper ----

    /**
     * Which containers and TTL nodes, at most {@code max}, may be reaped at this time (contract 2.11)? Answers
     * {@link Reapable}.
     *
     * @param neverUsedMillis as in {@link io.troupe.request.Operation.Reap}
     */
    record FindReapable(long timeMillis, long neverUsedMillis, int max, ActorRef<Reapable> replyTo)
            implements Command {}

    enum Timer implements Command {
        /** There has been no leader for long. */
        READ_ONLY,
        /** The snapshot being written has left the processor to others for long enough. */
        RESTED
    }

    // ---- answers ----

    record Reapable(List<String> paths) {}

    /**
     * @param operation to be proposed in place of the wish: {@link Operation.ChangeMembers} or {@link Operation.Refused}
     */
    record Judged(Operation operation) {}

    /**
     * This node's tree is not the leader's.
     *
     * @param zxid as of which
     * @param own the digest here
     * @param leaders the digest there
     */
    record Divergence(long zxid, long own, long leaders) {
        @Override
        public String toString() {
            return "this node's tree differs from the leader's as of %s: digest %x here, %x there"
                    .formatted(Zxid.hex(zxid), own, leaders);
        }
    }

    /**
     * @param executedZxid the position of the tree
     * @param membership as of that position
     * @param origins what was executed of each origin node
     */
    record Recovered(long executedZxid, long digest, Membership membership, Map<Integer, OriginPosition> origins) {
        static Recovered of(DataTree tree) {
            Map<Integer, OriginPosition> origins = new HashMap<>();
            tree.origins()
                    .all()
                    .forEach((node, p) -> origins.put(node, new OriginPosition(p.incarnation(), p.sequence())));
            return new Recovered(tree.lastZxid(), tree.digest(), tree.membership(), origins);
        }
    }

    /** How far an origin's requests have executed: sequences up to {@code sequence} of that incarnation. */
    record OriginPosition(long incarnation, long sequence) {}

    /**
     * What executing a message's batches came to.
     *
     * @param zxid of the last request executed
     * @param digest of the tree after it
     * @param ownSequence the last executed sequence of this node's own requests, of this incarnation
     * @param membership set when a change of voters was executed
     */
    record Executed(
            long zxid,
            long digest,
            long ownSequence,
            @Nullable Membership membership) {}

    /**
     * @param all whether {@code opened} is the complete list, and whatever was known before is void
     * @param opened sessions that exist, by creation or re-attach; {@code attach} names the lease
     * @param closed ids of sessions that ended
     */
    record SessionsChanged(boolean all, List<Session> opened, List<Long> closed) {}

    record Touched(List<Long> sessionIds) {}

    /** The tree's part of {@link NodeStatus}. */
    record TreeStatus(
            long executedZxid,
            long digest,
            int znodes,
            int ephemerals,
            int sessions,
            int unreplicatedSessions,
            int watches,
            long approximateDataBytes,
            boolean readOnly) {}
}
