package io.troupe.broadcast;

import io.troupe.edge.Replicator;
import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.WireMessage;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.link.ConnectionId;
import io.troupe.log.LogProtocol;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeProtocol;

/** Messages of the {@link BroadcastActor}. */
public interface BroadcastProtocol {

    sealed interface Command {}

    /** The first message: everything this actor works with, and where it starts from. */
    record Begin(BroadcastActor.Surroundings around, BroadcastActor.Start start) implements Command {}

    // ---- from other nodes ----

    /** One numbered message of a connection; see {@link io.troupe.link.Links}. */
    record Frame(int from, long incarnation, ConnectionId connection, long sequence, PeerMessage message)
            implements Command, WireMessage {}

    /** The sender knows nothing (any more) of this connection. */
    record Reset(int from, ConnectionId connection) implements Command, WireMessage {}

    // ---- from the edges, by way of the tree and the front end ----

    record FromEdge(Replicator request) implements Command {}

    /** Whether this node's disk has room for what its clients write; it has until this says otherwise. */
    record RoomForClients(boolean enough) implements Command {}

    // ---- from the node ----

    /**
     * The node is about to stop: if it leads, others shall lead without having to notice.
     *
     * @param done run once this node follows another, or nobody can take the lead; never where the lead is lost before it is handed over
     */
    record HandOver(Runnable done) implements Command {}

    // ---- from election and heartbeat ----

    record Elected(ElectionProtocol.Outcome outcome) implements Command {}

    record FromHeartbeat(HeartbeatProtocol.Finding finding) implements Command {}

    // ---- from log and tree ----

    record FromLog(LogProtocol.Event event) implements Command {}

    record LogSlice(LogProtocol.Slice slice) implements Command {}

    record LogLocated(LogProtocol.Located located) implements Command {}

    record LogTruncated(LogProtocol.Truncated truncated) implements Command {}

    record LogStarted(LogProtocol.Started started) implements Command {}

    record MetaDurable(LogProtocol.MetaSaved saved) implements Command {}

    record SnapshotPulled(SnapshotProtocol.Pulled pulled) implements Command {}

    record TreeRecovered(DataTreeProtocol.Recovered recovered) implements Command {}

    record ReconfigurationJudged(DataTreeProtocol.Judged judged) implements Command {}

    record TreeExecuted(DataTreeProtocol.Executed executed) implements Command {}

    record TreeDiverged(DataTreeProtocol.Divergence divergence) implements Command {}

    // ---- timers ----

    /** The current step of discovery or synchronization has taken too long. */
    record StepDeadline(String step) implements Command {}

    enum Timer implements Command {
        /** Requests have gathered long enough: everything now in the mailbox is in. */
        FLUSH,
        /** Commits nobody waits for have waited long enough for a proposal to ride on. */
        COMMIT_LAZILY,
        /** A look at the age of the oldest proposal. */
        PROPOSAL_DEADLINE,
        /** Whose tree differs from this leader's has said so. */
        JUDGE_TREES
    }
}
