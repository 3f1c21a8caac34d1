package io.troupe.membership;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * From a list of seed nodes to an ensemble (architecture section 6): empty nodes found one only when every listed voter
 * answers, is empty and has the same list in the same order; the first of the list then draws the ensemble's id. Whoever
 * hears of an existing ensemble joins that instead.
 */
final class Founding {
    private final Member self;
    private final List<String> seeds;
    private final Map<Integer, Member> answered = new TreeMap<>();

    Founding(Member self, List<String> seeds) {
        this.self = self;
        this.seeds = List.copyOf(seeds);
        answered.put(self.nodeId(), self);
    }

    /** Takes an answer of an empty node in; text when its list is another one. */
    Optional<String> take(MembershipProtocol.Hello hello) {
        if (!hello.self().voter()) {
            // Not on the list: it waits until those who are have founded the ensemble.
            return Optional.empty();
        }
        if (!hello.seeds().equals(seeds)) {
            return Optional.of(
                    "node %d at %s:%d has the seed nodes %s, this node has %s; an ensemble is founded only by nodes with the same list in the same order"
                            .formatted(
                                    hello.self().nodeId(),
                                    hello.self().host(),
                                    hello.self().peerPort(),
                                    hello.seeds(),
                                    seeds));
        }
        answered.put(hello.self().nodeId(), hello.self());
        return Optional.empty();
    }

    /** Whether this node is the one to found the ensemble, and may. */
    boolean mayFound() {
        return self.voter() && self.nodeId() == 1 && answered.size() == seeds.size();
    }

    Membership found(String ensembleId) {
        return new Membership(ensembleId, 0, List.copyOf(answered.values()), null);
    }
}
