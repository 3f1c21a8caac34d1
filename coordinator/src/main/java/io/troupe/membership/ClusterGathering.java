package io.troupe.membership;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.membership.ClusterFormationProtocol.Report;
import io.troupe.membership.ClusterFormationProtocol.Standing;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a leader knows of where its nodes are in Akka's cluster, since it leads. Time is counted in looks, about one a second.
 */
final class ClusterGathering {
    /** How long a leader whose quorum has reported waits for the rest before it forms or joins a cluster. */
    private static final long WAIT_FOR_ALL = 5;
    /** How long a node must have been in another cluster: gossip takes a while to tell of one that has just joined. */
    private static final long ASTRAY_FOR = 20;
    /** A report older than this says nothing. */
    private static final long FRESH = 30;
    /** How long a node that was told to start again may take before another one is told. */
    private static final long START_AGAIN = 120;

    private record Heard(Report report, long at) {}

    private final int self;
    private final Map<Integer, Heard> heard = new TreeMap<>();
    private final Map<Integer, Long> astraySince = new TreeMap<>();
    private long since;
    private int startingAgain;
    private long startingSince;

    ClusterGathering(int self) {
        this.self = self;
    }

    /** Another leader, or none: what was reported is void. A node that is starting again still is. */
    void begin(long now) {
        heard.clear();
        astraySince.clear();
        since = now;
    }

    /**
     * Takes a report in.
     *
     * @param own members of the leader's cluster, none while it is in no cluster
     */
    void take(Report report, Set<String> own, long now) {
        heard.put(report.from(), new Heard(report, now));
        if (report.cluster().isEmpty() || own.isEmpty() || own.contains(report.address())) {
            astraySince.remove(report.from());
            if (own.contains(report.address()) && startingAgain == report.from()) {
                startingAgain = 0;
            }
        } else {
            astraySince.putIfAbsent(report.from(), now);
        }
    }

    /** Whether enough have reported for the leader to choose a cluster: all voters, or a quorum and no more for a while. */
    boolean complete(Membership membership, long now) {
        Map<Integer, Long> present = new HashMap<>();
        boolean all = true;
        for (Member voter : membership.allVoters()) {
            if (voter.nodeId() == self || heard.containsKey(voter.nodeId())) {
                present.put(voter.nodeId(), voter.diskId());
            } else {
                all = false;
            }
        }
        return all || (now - since >= WAIT_FOR_ALL && membership.isQuorum(present));
    }

    /** A node of the cluster that most of those who have reported are in; empty when none is in any. */
    Optional<Report> greatest() {
        Map<String, Integer> sizes = new HashMap<>();
        heard.values().forEach(h -> sizes.merge(h.report().cluster(), 1, Integer::sum));
        Report best = null;
        for (Heard h : heard.values()) {
            String cluster = h.report().cluster();
            if (!cluster.isEmpty()
                    && (best == null || sizes.getOrDefault(cluster, 0) > sizes.getOrDefault(best.cluster(), 0))) {
                best = h.report();
            }
        }
        return Optional.ofNullable(best);
    }

    /**
     * The one node to be told, now, to start again: it has been in another cluster for a while, no other is starting again, and
     * without it a quorum still serves. Notes it as starting again.
     */
    Optional<Report> nextToStartAgain(Standing standing, long now) {
        if (startingAgain != 0 && now - startingSince < START_AGAIN) {
            return Optional.empty();
        }
        for (Map.Entry<Integer, Long> candidate : astraySince.entrySet()) {
            Heard last = heard.get(candidate.getKey());
            if (last != null
                    && now - candidate.getValue() >= ASTRAY_FOR
                    && now - last.at() <= FRESH
                    && dispensable(standing, candidate.getKey())) {
                startingAgain = candidate.getKey();
                startingSince = now;
                astraySince.remove(candidate.getKey());
                return Optional.of(last.report());
            }
        }
        return Optional.empty();
    }

    /** Whether a quorum, the leader in it, serves without this node. */
    private static boolean dispensable(Standing standing, int node) {
        Membership membership = standing.membership();
        boolean votes = membership.allVoters().stream().anyMatch(voter -> voter.nodeId() == node);
        int othersServing = standing.syncedFollowers();
        return !votes
                || (membership.next() == null
                        && othersServing > membership.voters().size() / 2);
    }
}
