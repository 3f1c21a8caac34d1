package io.troupe.election;

import io.troupe.election.ElectionProtocol.Ballot;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import java.util.stream.IntStream;

/** Ballots of other nodes, each numbered after the one before. The disk of node n is 100 + n, its incarnation 1. */
final class Ballots {
    static final String ENSEMBLE = "e";

    private long sequence;

    static Membership voters(int count) {
        return new Membership(
                ENSEMBLE,
                0,
                IntStream.rangeClosed(1, count).mapToObj(Ballots::voter).toList(),
                null);
    }

    static Member voter(int node) {
        return new Member(node, "h" + node, 25520, "h" + node, 2181, disk(node));
    }

    static long disk(int node) {
        return 100L + node;
    }

    /** What {@code node} would bring as a leader: epoch 1 and a log as given. */
    static Vote candidate(int node, long lastZxid) {
        return new Vote(node, 1, lastZxid);
    }

    Ballot looking(int from, long round, Vote vote) {
        return new Ballot(from, disk(from), ENSEMBLE, 1, ++sequence, Role.LOOKING, round, vote, 0, true, false);
    }

    Ballot observing(int from) {
        return new Ballot(
                from, disk(from), ENSEMBLE, 1, ++sequence, Role.LOOKING, 1, candidate(from, 99), 0, false, false);
    }

    /** Its round ended with its own election. */
    Ballot elected(int from, long round, Vote vote) {
        return new Ballot(from, disk(from), ENSEMBLE, 1, ++sequence, Role.LOOKING, round, vote, 0, true, true);
    }

    /** Does not know, or not yet, that it has a vote, and has heard of this candidate. */
    Ballot seconding(int from, long round, Vote vote) {
        return new Ballot(from, disk(from), ENSEMBLE, 1, ++sequence, Role.LOOKING, round, vote, 0, false, false);
    }

    Ballot following(int from, int leader, long epoch) {
        return settled(from, Role.FOLLOWING, leader, epoch);
    }

    Ballot leading(int from, long epoch) {
        return settled(from, Role.LEADING, from, epoch);
    }

    private Ballot settled(int from, Role role, int leader, long epoch) {
        return new Ballot(
                from, disk(from), ENSEMBLE, 1, ++sequence, role, 1, new Vote(leader, 0, 0), epoch, true, false);
    }

    /** The same opinion from another disk: that of a node whose directory was lost. */
    static Ballot onDisk(Ballot b, long diskId) {
        return new Ballot(
                b.from(),
                diskId,
                b.ensembleId(),
                b.incarnation(),
                b.sequence(),
                b.role(),
                b.round(),
                b.vote(),
                b.leaderEpoch(),
                b.voting(),
                b.elected());
    }
}
