package io.troupe.broadcast;

import akka.actor.typed.ActorRef;
import io.troupe.edge.Replicator;
import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.WireMessage;
import io.troupe.link.ConnectionId;
import io.troupe.log.LogProtocol;
import io.troupe.request.Request;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.DataTreeProtocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages of the {@link BroadcastActor}. */
public interface BroadcastProtocol {

    sealed interface Command {}

    // ---- from other nodes ----

    /** One numbered message of a connection; see {@link io.troupe.link.Links}. */
    record Frame(int from, long incarnation, ConnectionId connection, long sequence, PeerMessage message)
            implements Command, WireMessage {}

    /** The sender knows nothing (any more) of this connection. */
    record Reset(int from, ConnectionId connection) implements Command, WireMessage {}

    // ---- from the edges, by way of the tree and the front end ----

    record FromEdge(Replicator request) implements Command {}

    /** Requests of the ensemble itself: expiries, reaping. Dropped unless this node leads. */
    record Internal(List<Request> requests) implements Command {}

    // ---- from election and heartbeat ----

    record Elected(ElectionProtocol.Outcome outcome) implements Command {}

    /** {@code nodeId} has been silent too long, or its process is known to be gone. */
    record PeerLost(int nodeId, String reason) implements Command {}

    /** Fewer than a quorum of peers were heard of lately: a leader must step down. */
    record QuorumLost(String reason) implements Command {}

    /** A peer's beat says how much it has sent on a connection. */
    record PeerPosition(int from, ConnectionId connection, long lastSent) implements Command {}

    /** Heartbeat asks whether this actor is alive and well, before each beat. */
    record Pulse(ActorRef<PulseAnswer> replyTo) implements Command {}

    /**
     * @param well false when a proposal exceeds its deadline: then no beat may claim that this leader is healthy
     * @param positions for each open connection, how much was sent
     */
    record PulseAnswer(boolean well, Role role, int leaderId, long epoch, List<Position> positions) {}

    record Position(int peer, ConnectionId connection, long lastSent) {}

    // ---- from log and tree ----

    record FromLog(LogProtocol.Event event) implements Command {}

    record LogSlice(LogProtocol.Slice slice) implements Command {}

    record LogLocated(LogProtocol.Located located) implements Command {}

    record LogTruncated(LogProtocol.Truncated truncated) implements Command {}

    record LogStarted(LogProtocol.Started started) implements Command {}

    record MetaDurable(LogProtocol.MetaSaved saved) implements Command {}

    record SnapshotPulled(SnapshotProtocol.Pulled pulled) implements Command {}

    record TreeRecovered(DataTreeProtocol.Recovered recovered) implements Command {}

    record TreeExecuted(DataTreeProtocol.Executed executed) implements Command {}

    // ---- timers ----

    /** The current step of discovery or synchronization has taken too long. */
    record StepDeadline(String step) implements Command {}

    enum Timer implements Command {
        /** Requests have gathered long enough: everything now in the mailbox is in. */
        FLUSH,
        /** Commits nobody waits for have waited long enough for a proposal to ride on. */
        COMMIT_LAZILY,
        /** A look at the age of the oldest proposal. */
        PROPOSAL_DEADLINE
    }

    /** What broadcast tells heartbeat when its role changes. */
    sealed interface RoleChange {}

    /** This node looks for a leader. */
    record Looking() implements RoleChange {}

    /** This node leads; {@code learners} are its peers. */
    record Leading(long epoch, Membership membership) implements RoleChange {}

    record Following(long epoch, int leaderId, @Nullable Membership membership) implements RoleChange {}
}
