package io.troupe.membership;

import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From a list of seed nodes to an ensemble (architecture section 6): empty nodes found one only when every listed voter
 * answers, is empty and has the same list in the same order; the one with the lowest id then draws the ensemble's id. Those who
 * have imported a history found one that begins with it, if all of them have the same. Whoever hears of an existing ensemble joins
 * that instead.
 */
final class Founding {
    private final Member self;
    private final List<String> seeds;
    private final Set<Integer> seedIds;
    private final @Nullable ImportedHistory imported;
    private final Map<Integer, Member> answered = new TreeMap<>();

    Founding(Member self, List<String> seeds, List<Integer> seedIds, @Nullable ImportedHistory imported) {
        this.imported = imported;
        this.self = self;
        this.seeds = List.copyOf(seeds);
        this.seedIds = Set.copyOf(seedIds);
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
        if (!Objects.equals(hello.imported(), imported)) {
            return Optional.of(
                    "node %d at %s:%d has imported %s, this node %s; an ensemble is founded only by nodes that begin with the same: give all of them a copy of one and the same imported directory"
                            .formatted(
                                    hello.self().nodeId(),
                                    hello.self().host(),
                                    hello.self().peerPort(),
                                    shown(hello.imported()),
                                    shown(imported)));
        }
        if (seedIds.contains(hello.self().nodeId())) {
            answered.put(hello.self().nodeId(), hello.self());
        }
        return Optional.empty();
    }

    private static String shown(@Nullable ImportedHistory history) {
        return history == null ? "nothing" : history.toString();
    }

    /** Whether this node is the one to found the ensemble, and may. */
    boolean mayFound() {
        return self.voter() && self.nodeId() == Collections.min(seedIds) && answered.size() == seedIds.size();
    }

    Membership found(String drawn) {
        String ensembleId = imported == null ? drawn : imported.ensembleId(drawn);
        return new Membership(ensembleId, 0, List.copyOf(answered.values()), null);
    }
}
