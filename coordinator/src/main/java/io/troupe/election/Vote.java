package io.troupe.election;

import io.troupe.ensemble.Zxid;

/**
 * A candidate for leadership, as the order of votes sees it: the node with the greatest current epoch, then the greatest
 * last logged zxid, then the greatest id has all history that can have been committed (contract 9.1, 9.6 item 7).
 */
public record Vote(int candidate, long currentEpoch, long lastZxid) implements Comparable<Vote> {
    /** Of a node that is no candidate and has heard of none: every vote beats it. */
    public static final Vote NONE = new Vote(0, 0, 0);

    @Override
    public int compareTo(Vote other) {
        int byEpoch = Long.compare(currentEpoch, other.currentEpoch);
        if (byEpoch != 0) {
            return byEpoch;
        }
        int byZxid = Long.compareUnsigned(lastZxid, other.lastZxid);
        return byZxid != 0 ? byZxid : Integer.compare(candidate, other.candidate);
    }

    /** Whether this candidate is to be preferred. */
    public boolean beats(Vote other) {
        return compareTo(other) > 0;
    }

    @Override
    public String toString() {
        return "node " + candidate + " (epoch " + currentEpoch + ", last " + Zxid.hex(lastZxid) + ")";
    }
}
