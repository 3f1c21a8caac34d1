package io.troupe.membership;

import java.util.Set;

/**
 * This node's actor system as a member of Akka's cluster, or of none yet. Addresses are {@code host:port#uid}: every start of an
 * actor system is another member. All answers are what is known at this moment; thread-safe.
 */
public interface ClusterMember {
    /** This node's own address. */
    String address();

    /** Addresses of all members of the cluster that this node is in, its own among them; empty while it is in none. */
    Set<String> members();

    /** How many of the members take full part: those whose joining all others have seen. */
    int membersUp();

    /** The address of the member that has been in the cluster the longest; names a cluster well enough to count votes for it. */
    String oldest();

    /** Joins the cluster that the actor system there is in; at this node's own place, forms one. Repeated until it succeeds. */
    void join(String host, int port);
}
