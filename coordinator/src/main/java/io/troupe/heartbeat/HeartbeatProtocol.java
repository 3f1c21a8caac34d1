package io.troupe.heartbeat;

import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.WireMessage;
import io.troupe.link.ConnectionId;
import io.troupe.request.Request;
import io.troupe.tree.DataTreeProtocol;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Messages of the {@link HeartbeatActor}. */
public interface HeartbeatProtocol {

    sealed interface Command {}

    // ---- from other nodes ----

    /**
     * The sender is well. A datagram; sent only while the sender's broadcast actor answers.
     *
     * @param leaderId whom the sender follows, itself when it leads
     * @param connection the sender's connection with the receiver, null for none
     * @param lastSent how much the sender has sent on it
     */
    record Beat(
            int from,
            long incarnation,
            Role role,
            int leaderId,
            long epoch,
            @Nullable ConnectionId connection,
            long lastSent)
            implements Command, WireMessage {}

    /** From a follower to its leader: sessions heard of lately. Each is named twice, so that one loss does no harm. */
    record Touches(int from, long epoch, List<Long> sessionIds) implements Command, WireMessage {}

    // ---- from broadcast ----

    /** This node looks for a leader: nobody is watched. */
    record Looking() implements Command {}

    /**
     * This node leads.
     *
     * @param established whether a quorum has the epoch's history: sessions expire from then on, and not before they had
     *     a full timeout
     */
    record Leading(long epoch, Membership membership, boolean established) implements Command {}

    record Following(long epoch, int leaderId) implements Command {}

    /**
     * The answer to {@link AskPulse}.
     *
     * @param well false when a proposal exceeds its deadline: then no beat may claim that this leader is healthy
     * @param positions for each open connection, how much was sent
     */
    record Pulse(boolean well, Role role, int leaderId, long epoch, List<Position> positions) implements Command {}

    record Position(int peer, ConnectionId connection, long lastSent) {}

    // ---- from the tree and the probes ----

    record Leases(DataTreeProtocol.SessionsChanged changes) implements Command {}

    record LocalTouches(DataTreeProtocol.Touched touched) implements Command {}

    record Reapable(DataTreeProtocol.Reapable found) implements Command {}

    /**
     * An operator wants to know when sessions expire. The answer, given in this actor's thread: ids by milliseconds since
     * 1970, both ascending; null when this node does not lead and so cannot know.
     */
    record ReportExpiries(Consumer<@Nullable SortedMap<Long, List<Long>>> answer) implements Command {}

    /** The process of a peer closed its connection and refuses another, or is back. */
    record Reachability(int nodeId, boolean up) implements Command {}

    /** Timers. */
    enum Timer implements Command {
        /** Ask broadcast for a pulse, send beats, look who is silent. */
        BEAT,
        /** Collect touches and pass them on; on the leader, expire sessions. */
        TOUCH,
        /** On the leader: look for abandoned containers and TTL nodes. */
        REAP,
        /** On the leader: reap some of those found. */
        REAP_SOME
    }

    /** What heartbeat tells and asks broadcast. */
    sealed interface Finding {}

    /** Is broadcast alive and well? Asked before each beat. */
    record AskPulse() implements Finding {}

    /** {@code nodeId} has been silent too long, or its process is known to be gone. */
    record PeerLost(int nodeId, String reason) implements Finding {}

    /** Fewer than a quorum were heard of lately: a leader must step down. */
    record QuorumLost(String reason) implements Finding {}

    /** A peer's beat says on which connection with this node it sends, null for none, and how much it has sent. */
    record PeerPosition(int from, @Nullable ConnectionId connection, long lastSent) implements Finding {}

    /** Requests of the ensemble itself: expiries, reaping. Void unless this node leads. */
    record Internal(List<Request> requests) implements Finding {}
}
