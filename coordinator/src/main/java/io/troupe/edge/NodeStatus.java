package io.troupe.edge;

import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import org.jspecify.annotations.Nullable;

/**
 * An immutable picture of a node, for status commands and metrics.
 *
 * @param phase the step of the protocol it is at, in its own word
 * @param serving whether clients are served now
 * @param readOnly whether, not serving, it answers reads of clients that are content with that
 * @param epoch the current epoch
 * @param leaderId the leader's node id, 0 for none
 * @param lastLoggedZxid last zxid in the log, committed or not
 * @param committedZxid last zxid that this node knows to be committed
 * @param executedZxid last zxid executed here
 * @param digest of the tree after {@code executedZxid}
 * @param sessions that the whole ensemble knows
 * @param unreplicatedSessions that this node alone knows
 * @param syncedFollowers on a leader: voting followers that take part in broadcast
 * @param syncedObservers on a leader: synchronized learners without a vote
 * @param proposals on a leader: proposals in flight, in requests
 */
public record NodeStatus(
        int nodeId,
        Role role,
        String phase,
        boolean serving,
        boolean readOnly,
        long epoch,
        int leaderId,
        long lastLoggedZxid,
        long committedZxid,
        long executedZxid,
        long digest,
        int znodes,
        int ephemerals,
        int sessions,
        int unreplicatedSessions,
        int watches,
        long approximateDataBytes,
        int syncedFollowers,
        int syncedObservers,
        int proposals,
        @Nullable Membership membership) {

    /** The same node when it has no leader and serves nobody. */
    public NodeStatus notServing() {
        return new NodeStatus(
                nodeId,
                Role.LOOKING,
                "starting again",
                false,
                false,
                epoch,
                0,
                lastLoggedZxid,
                committedZxid,
                executedZxid,
                digest,
                znodes,
                ephemerals,
                sessions,
                unreplicatedSessions,
                watches,
                approximateDataBytes,
                0,
                0,
                0,
                membership);
    }
}
