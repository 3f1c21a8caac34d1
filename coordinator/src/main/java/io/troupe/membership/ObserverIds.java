package io.troupe.membership;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which ids a leader has offered, and to whom. An offer binds nobody: an id is taken once the ensemble lists it, and of two
 * nodes that were offered the same one by different leaders the second to be listed asks again.
 */
final class ObserverIds {
    private static final int MOST = 254;

    /** Place to id, the oldest offer first. */
    private final Map<String, Integer> offers = new LinkedHashMap<>();

    /** A node runs under an id, listed or not: offer it to nobody else. */
    void inUse(String host, int port, int nodeId) {
        offers.values().remove(nodeId);
        offers.put(place(host, port), nodeId);
    }

    /**
     * An id for the node at a place. The one listed for this place, if there is: a node that lost its disk replaces itself, and
     * its place stands in the list once. Otherwise the next one above all that are known: those below may belong to a node
     * that was taken off the list and still runs. Only when there is none above, the lowest, and at last that of the oldest offer.
     *
     * @param reserved ids that are somebody's without being listed
     */
    OptionalInt offer(String host, int port, Membership membership, Collection<Integer> reserved) {
        String place = place(host, port);
        Set<Integer> taken = new HashSet<>(reserved);
        for (Member member : membership.allMembers()) {
            if (place.equals(place(member.host(), member.peerPort()))) {
                return OptionalInt.of(member.nodeId());
            }
            taken.add(member.nodeId());
        }
        Integer before = offers.get(place);
        if (before != null && !taken.contains(before)) {
            return OptionalInt.of(before);
        }
        offers.remove(place);
        OptionalInt id = free(taken);
        id.ifPresent(found -> inUse(host, port, found));
        return id;
    }

    private OptionalInt free(Set<Integer> taken) {
        Set<Integer> known = new HashSet<>(taken);
        known.addAll(offers.values());
        int highest = known.stream().mapToInt(Integer::intValue).max().orElse(0);
        if (highest < MOST) {
            return OptionalInt.of(highest + 1);
        }
        for (int id = 1; id <= MOST; id++) {
            if (!known.contains(id)) {
                return OptionalInt.of(id);
            }
        }
        return offers.values().stream()
                .filter(id -> !taken.contains(id))
                .mapToInt(Integer::intValue)
                .findFirst();
    }

    private static String place(String host, int port) {
        return host.toLowerCase(java.util.Locale.ROOT) + ":" + port;
    }
}
