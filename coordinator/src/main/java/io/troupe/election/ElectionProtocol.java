package io.troupe.election;

import akka.actor.typed.ActorRef;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.WireMessage;
import java.util.List;

/** Messages of the {@link ElectionActor}. */
public interface ElectionProtocol {

    sealed interface Command {}

    /**
     * This node has no leader: find one. Answered by one {@link Outcome}; a later {@code Look} voids an earlier one.
     *
     * @param own what this node would bring as a leader; ignored when {@code voting} is false
     * @param voting whether this node counts as far as it knows; one that does not is no candidate
     * @param peers every node worth asking, this one excluded
     * @param cause why there is none, for people
     */
    record Look(
            Membership membership,
            Vote own,
            boolean voting,
            List<Integer> peers,
            String cause,
            ActorRef<Outcome> replyTo)
            implements Command {}

    /** This node has a leader (or is it) and will answer those who look. */
    record Settle(Role role, int leaderId, long epoch, Membership membership) implements Command {}

    /**
     * Another node knows a later list of members than this one: until this one has caught up, it looks among those, and gives
     * its vote only if they count it.
     */
    record LaterMembers(Membership membership) implements Command {}

    /** A hint: {@code nodeId} is known to be down (its process refuses connections), or no longer so. */
    record Reachability(int nodeId, boolean down) implements Command {}

    /**
     * A node's opinion, a datagram: may be lost, repeated, late.
     *
     * @param incarnation of the sender; older ones are void
     * @param sequence numbers the sender's ballots in this incarnation; older ones are void
     * @param role of the sender
     * @param round the sender's round while it looks
     * @param vote whom it votes for while it looks, whom it follows otherwise
     * @param leaderEpoch the epoch it follows, when it does not look
     * @param voting whether the sender counts by its own belief
     * @param elected whether the sender's round has ended with its own election
     */
    record Ballot(
            int from,
            long diskId,
            String ensembleId,
            long incarnation,
            long sequence,
            Role role,
            long round,
            Vote vote,
            long leaderEpoch,
            boolean voting,
            boolean elected)
            implements Command, WireMessage {}

    /**
     * The receiver runs under an incarnation older than one its peers have known: what it sends is taken for late mail of an
     * earlier life. It lost its memory, and its wall clock has gone back. A datagram.
     *
     * @param incarnation the newest that the sender knows of
     */
    record Outdated(int from, long incarnation) implements Command, WireMessage {}

    /** Timers. */
    enum Timer implements Command {
        /** Send the ballot again to those that have not answered. */
        RESEND,
        /** A quorum agreed a while ago and nobody better has spoken. */
        SETTLE,
        /** Nobody at all has been heard of for long. */
        ISOLATED
    }

    /** The end of a round. */
    sealed interface Outcome {}

    /** A quorum wants this node to lead. */
    record Lead(long round) implements Outcome {}

    /** A quorum wants, or already has, this leader. */
    record Follow(int leaderId) implements Outcome {}
}
