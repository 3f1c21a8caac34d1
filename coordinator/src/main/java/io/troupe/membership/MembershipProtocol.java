package io.troupe.membership;

import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Voter;
import io.troupe.ensemble.WireMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages of the {@link MembershipActor}. */
public interface MembershipProtocol {

    sealed interface Command {}

    /**
     * Who is there? Sent by a node that belongs to no ensemble yet to every node of its seed list, and the answer to it.
     *
     * @param self the sender as a voter
     * @param seeds the sender's seed list, {@code id=host:port} each
     * @param founding the ensemble the sender belongs to, null for none
     */
    record Hello(Voter self, List<String> seeds, @Nullable Membership founding) implements Command, WireMessage {}

    enum Timer implements Command {
        /** Ask again. */
        ASK
    }
}
