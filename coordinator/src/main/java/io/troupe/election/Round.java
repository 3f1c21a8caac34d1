package io.troupe.election;

import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * One voting round as one node sees it: pure bookkeeping of who voted for whom. Ballots of nodes that look are counted
 * apart from those of nodes that already have a leader.
 */
public final class Round {
    private final Membership membership;
    private final int self;
    private final long selfDisk;
    private final boolean voting;
    private final Vote own;
    private int elected;
    private long number;
    private Vote vote;
    private final Map<Integer, ElectionProtocol.Ballot> looking = new TreeMap<>();
    private final Map<Integer, ElectionProtocol.Ballot> settled = new TreeMap<>();

    Round(Membership membership, int self, long selfDisk, boolean voting, Vote own, long number) {
        this.membership = membership;
        this.self = self;
        this.selfDisk = selfDisk;
        this.voting = voting;
        this.own = voting ? own : Vote.NONE;
        this.vote = this.own;
        this.number = number;
    }

    long number() {
        return number;
    }

    /** The candidate this node votes for at the moment. */
    Vote vote() {
        return vote;
    }

    /** What a ballot calls for. */
    enum Reaction {
        /** Our opinion changed: tell everybody. */
        TELL_ALL,
        /** The sender is behind: tell it. */
        TELL_SENDER,
        NONE
    }

    /** Takes a ballot in. */
    Reaction take(ElectionProtocol.Ballot ballot) {
        if (ballot.role() != Role.LOOKING) {
            looking.remove(ballot.from());
            settled.put(ballot.from(), ballot);
            return Reaction.NONE;
        }
        settled.remove(ballot.from());
        if (!voting) {
            return second(ballot);
        }
        if (!membership.counts(ballot.from(), ballot.diskId())) {
            return Reaction.TELL_SENDER;
        }
        if (ballot.round() < number) {
            return Reaction.TELL_SENDER;
        }
        boolean changed = false;
        if (ballot.round() > number) {
            number = ballot.round();
            looking.clear();
            vote = own;
            changed = true;
        }
        looking.put(ballot.from(), ballot);
        if (ballot.vote().beats(vote)) {
            vote = ballot.vote();
            changed = true;
        }
        return changed ? Reaction.TELL_ALL : vote.equals(ballot.vote()) ? Reaction.NONE : Reaction.TELL_SENDER;
    }

    /**
     * The part of a node that has no vote as far as it knows: it is no candidate, but seconds the best it hears of. It may have
     * missed that it was given a vote; those who know that need to hear it, and it them.
     */
    private Reaction second(ElectionProtocol.Ballot ballot) {
        if (!ballot.voting() || ballot.round() < number) {
            return Reaction.NONE;
        }
        boolean changed = ballot.round() > number;
        if (changed) {
            number = ballot.round();
            vote = own;
        }
        if (ballot.vote().beats(vote)) {
            vote = ballot.vote();
            changed = true;
        }
        if (ballot.elected()) {
            elected = ballot.from();
        }
        return changed ? Reaction.TELL_ALL : Reaction.NONE;
    }

    /**
     * On a node without a vote: who says that a quorum elected it. It may be in need of this node to establish itself, and
     * following it commits to nothing.
     */
    OptionalInt electedLeader() {
        return elected == 0 ? OptionalInt.empty() : OptionalInt.of(elected);
    }

    /** Whether a quorum votes for this node's candidate. */
    boolean agreed() {
        if (!voting) {
            return false;
        }
        Map<Integer, Long> supporters = new HashMap<>();
        supporters.put(self, selfDisk);
        looking.forEach((node, ballot) -> {
            if (ballot.vote().equals(vote)) {
                supporters.put(node, ballot.diskId());
            }
        });
        return membership.isQuorum(supporters);
    }

    /** Whether every voter that could still bring a better candidate has spoken in this round, or is {@code down}. */
    boolean nobodyElseCouldMatter(Set<Integer> down) {
        return membership.allVoters().stream()
                .allMatch(v -> v.nodeId() == self || looking.containsKey(v.nodeId()) || down.contains(v.nodeId()));
    }

    /**
     * By node id alone: a node that was away may not know yet that a voter has got a new disk, and following somebody
     * commits to nothing.
     */
    private void support(Map<Integer, Long> supporters, int node) {
        membership.member(node).ifPresent(voter -> supporters.put(node, voter.diskId()));
    }

    /** Whether those heard of, with this node, could tell who leads, or elect a leader. */
    boolean couldDecide(Set<Integer> heard) {
        Map<Integer, Long> quorum = new HashMap<>();
        heard.forEach(node -> support(quorum, node));
        if (voting) {
            quorum.put(self, selfDisk);
        }
        return membership.isQuorum(quorum);
    }

    /**
     * A leader that is already established: a quorum reports it, and it says so itself (contract 9.1). The word of a
     * minority is not enough, it may be what a partition left over.
     */
    OptionalInt establishedLeader() {
        for (ElectionProtocol.Ballot claim : settled.values()) {
            if (claim.role() != Role.LEADING) {
                continue;
            }
            Map<Integer, Long> supporters = new HashMap<>();
            settled.forEach((node, ballot) -> {
                if (ballot.vote().candidate() == claim.from() && ballot.leaderEpoch() == claim.leaderEpoch()) {
                    support(supporters, node);
                }
            });
            if (voting && claim.from() != self) {
                // Our own support is what we are about to give: the others need not be a quorum without it.
                supporters.put(self, selfDisk);
            }
            if (membership.isQuorum(supporters)) {
                return OptionalInt.of(claim.from());
            }
        }
        return OptionalInt.empty();
    }
}
