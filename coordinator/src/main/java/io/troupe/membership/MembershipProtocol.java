package io.troupe.membership;

import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.WireMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages of the {@link MembershipActor}. */
public interface MembershipProtocol {

    sealed interface Command {}

    /**
     * Who is there? Sent by a node that belongs to no ensemble yet to every node of its seed list, and the answer to it; and
     * by a node that the ensemble does not list, or that is without a leader, to all members, so that they know where it is.
     *
     * @param self the sender as it would be listed
     * @param seeds the sender's seed list, {@code id=host:port} each
     * @param member the ensemble the sender belongs to, with the latest list of members it knows; null for none
     * @param imported the history that an ensemble of the sender would begin with; null for none
     */
    record Hello(
            Member self,
            List<String> seeds,
            @Nullable Membership member,
            @Nullable ImportedHistory imported) implements Command, WireMessage {
        /** As from a sender that has imported nothing. */
        public Hello(Member self, List<String> seeds, @Nullable Membership member) {
            this(self, seeds, member, null);
        }
    }

    /**
     * Which id may the node at this place use? Sent by one that has none to those of its seed list, and on to the leader.
     *
     * @param reserved ids that the sender's seed list gives to others
     * @param forwarded whether a member has passed it on to whom it takes for the leader
     */
    record AskId(String host, int port, List<Integer> reserved, boolean forwarded) implements Command, WireMessage {}

    /** The id that the receiver calls itself by is listed for another node. */
    record IdTaken(int nodeId, String cause) implements Command, WireMessage {}

    /** The ensemble lists other members now. */
    record MembersChanged(Membership membership) implements Command {}

    enum Timer implements Command {
        /** Ask again. */
        ASK,
        /** Say again where this node is. */
        ANNOUNCE,
        /** Without a leader, ask the members, and at the places of the seed list that no member is known at, for a later list. */
        LOST_CHECK
    }
}
