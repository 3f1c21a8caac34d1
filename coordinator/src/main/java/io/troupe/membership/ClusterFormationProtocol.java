package io.troupe.membership;

import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.WireMessage;

/** Messages of the {@link ClusterFormationActor}. */
public interface ClusterFormationProtocol {

    sealed interface Command {}

    /**
     * What this node is in its ensemble now.
     *
     * @param serving whether it takes part under {@code leaderId}: as the leader of an established epoch, or synchronized
     * @param leaderId 0 for none
     * @param syncedFollowers on a leader: voters that take part in broadcast besides it
     */
    record Standing(Role role, boolean serving, int leaderId, int syncedFollowers, Membership membership)
            implements Command {}

    /**
     * To the leader: where this node is in Akka's cluster.
     *
     * @param address of its actor system, see {@link ClusterMember}
     * @param cluster the oldest member of the cluster it is in, empty for none
     */
    record Report(int from, String address, String cluster) implements Command, WireMessage {}

    /** From the leader to a node that is in no cluster: join the one that the actor system there is in. */
    record JoinMine(int from, String host, int port) implements Command, WireMessage {}

    /**
     * From the leader to a node that is in another cluster than it, which only a new actor system can leave for good.
     *
     * @param address of the actor system that is meant
     * @param leader that of the leader
     */
    record Astray(int from, String address, String leader) implements Command, WireMessage {}

    enum Timer implements Command {
        /** Look how things are. */
        LOOK
    }
}
