package io.troupe.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.election.Round.Reaction;
import io.troupe.ensemble.Membership;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One round's bookkeeping, at node 1 of three unless a test says otherwise. Contract 9.1. */
class RoundTest {
    private final Ballots from = new Ballots();

    private static Round round(Membership membership, long number) {
        return new Round(membership, 1, Ballots.disk(1), true, Ballots.candidate(1, 10), number);
    }

    private static Round round() {
        return round(Ballots.voters(3), 5);
    }

    @Test
    void it_begins_with_a_vote_for_oneself_which_is_no_quorum_of_three() {
        assertThat(round().vote()).isEqualTo(Ballots.candidate(1, 10));
        assertThat(round().agreed()).isFalse();
    }

    @Test
    void a_lone_voter_agrees_with_itself() {
        Round alone = round(Ballots.voters(1), 1);

        assertThat(alone.agreed()).isTrue();
        assertThat(alone.nobodyElseCouldMatter(Set.of())).isTrue();
    }

    @Test
    void a_better_candidate_is_adopted_and_everybody_told() {
        Round round = round();

        assertThat(round.take(from.looking(2, 5, Ballots.candidate(2, 11)))).isEqualTo(Reaction.TELL_ALL);
        assertThat(round.vote()).isEqualTo(Ballots.candidate(2, 11));
        assertThat(round.agreed()).isTrue();
    }

    @Test
    void a_worse_candidate_is_answered_with_our_own() {
        Round round = round();

        assertThat(round.take(from.looking(2, 5, Ballots.candidate(2, 9)))).isEqualTo(Reaction.TELL_SENDER);
        assertThat(round.vote()).isEqualTo(Ballots.candidate(1, 10));
        assertThat(round.agreed()).isFalse();
    }

    @Test
    void a_vote_for_our_candidate_needs_no_answer() {
        Round round = round();

        assertThat(round.take(from.looking(3, 5, Ballots.candidate(1, 10)))).isEqualTo(Reaction.NONE);
        assertThat(round.agreed()).isTrue();
    }

    @Test
    void ballots_of_an_earlier_round_count_for_nothing_but_tell_who_is_behind() {
        Round round = round();

        assertThat(round.take(from.looking(2, 4, Ballots.candidate(1, 10)))).isEqualTo(Reaction.TELL_SENDER);
        assertThat(round.agreed()).isFalse();
    }

    @Test
    void a_later_round_voids_the_ballots_so_far_and_begins_with_our_own_candidate_again() {
        Round round = round();
        round.take(from.looking(2, 5, Ballots.candidate(2, 99)));

        assertThat(round.take(from.looking(3, 8, Ballots.candidate(3, 2)))).isEqualTo(Reaction.TELL_ALL);
        assertThat(round.number()).isEqualTo(8);
        assertThat(round.vote()).isEqualTo(Ballots.candidate(1, 10));
        assertThat(round.agreed()).isFalse();
    }

    @Test
    void ballots_of_observers_never_count() {
        Round round = round();

        assertThat(round.take(from.observing(4))).isEqualTo(Reaction.TELL_SENDER);
        assertThat(round.vote()).isEqualTo(Ballots.candidate(1, 10));
    }

    @Test
    void a_voter_on_a_new_disk_has_forgotten_its_promises_and_is_not_counted() {
        Round round = round();
        round.take(Ballots.onDisk(from.looking(2, 5, Ballots.candidate(1, 10)), 999));

        assertThat(round.agreed()).isFalse();
    }

    @Test
    void the_best_candidate_may_still_be_silent_unless_it_is_down() {
        Round round = round();
        round.take(from.looking(2, 5, Ballots.candidate(1, 10)));

        assertThat(round.nobodyElseCouldMatter(Set.of())).isFalse();
        assertThat(round.nobodyElseCouldMatter(Set.of(3))).isTrue();
        round.take(from.looking(3, 5, Ballots.candidate(1, 10)));
        assertThat(round.nobodyElseCouldMatter(Set.of())).isTrue();
    }

    @Test
    void while_voters_change_a_quorum_of_both_configurations_must_agree() {
        Membership changing =
                Ballots.voters(3).proposing(List.of(Ballots.voter(1), Ballots.voter(4), Ballots.voter(5)));
        Round round = round(changing, 5);
        round.take(from.looking(2, 5, Ballots.candidate(1, 10)));
        round.take(from.looking(3, 5, Ballots.candidate(1, 10)));

        assertThat(round.agreed()).isFalse();
        round.take(from.looking(4, 5, Ballots.candidate(1, 10)));
        assertThat(round.agreed()).isTrue();
    }

    @Test
    void a_leader_is_established_when_it_says_so_and_a_quorum_with_us_follows_it() {
        Round round = round();
        round.take(from.leading(3, 7));

        assertThat(round.establishedLeader()).hasValue(3);
    }

    @Test
    void followers_alone_do_not_make_a_leader_that_does_not_speak_for_itself() {
        Round round = round(Ballots.voters(5), 5);
        round.take(from.following(2, 3, 7));
        round.take(from.following(4, 3, 7));
        round.take(from.following(5, 3, 7));

        assertThat(round.establishedLeader()).isEmpty();
    }

    @Test
    void the_word_of_a_minority_is_not_enough_it_may_be_what_a_partition_left_over() {
        Round round = round(Ballots.voters(5), 5);
        round.take(from.leading(3, 7));

        assertThat(round.establishedLeader()).isEmpty();
        round.take(from.following(2, 3, 6));
        assertThat(round.establishedLeader()).as("a follower in another epoch").isEmpty();
        round.take(from.following(4, 3, 7));
        assertThat(round.establishedLeader()).hasValue(3);
    }

    /** A node that was away may not know yet that voters have got new disks; following somebody commits to nothing. */
    @Test
    void voters_on_disks_that_are_not_known_yet_tell_who_leads() {
        Round round = round(Ballots.voters(5), 5);
        round.take(Ballots.onDisk(from.leading(3, 7), 993));
        assertThat(round.establishedLeader()).isEmpty();
        round.take(Ballots.onDisk(from.following(2, 3, 7), 992));

        assertThat(round.establishedLeader()).hasValue(3);
    }

    @Test
    void a_node_that_looks_again_no_longer_supports_its_leader() {
        Round round = round(Ballots.voters(5), 5);
        round.take(from.leading(3, 7));
        round.take(from.following(4, 3, 7));
        round.take(from.looking(4, 5, Ballots.candidate(4, 1)));

        assertThat(round.establishedLeader()).isEmpty();
    }

    @Test
    void a_node_that_does_not_vote_follows_only_a_leader_with_a_quorum_of_voters() {
        Round observer = new Round(Ballots.voters(3), 9, Ballots.disk(9), false, Ballots.candidate(9, 999), 1);

        observer.take(from.looking(1, 1, Ballots.candidate(1, 999)));
        observer.take(from.looking(2, 1, Ballots.candidate(1, 999)));
        assertThat(observer.agreed()).isFalse();
        observer.take(from.leading(3, 7));
        assertThat(observer.establishedLeader()).isEmpty();
        observer.take(from.following(2, 3, 7));
        assertThat(observer.establishedLeader()).hasValue(3);
    }

    private Round withoutVote() {
        return new Round(Ballots.voters(3), 9, Ballots.disk(9), false, Ballots.candidate(9, 999), 1);
    }

    @Test
    void a_node_that_does_not_vote_is_no_candidate_and_seconds_the_best_one() {
        Round observer = withoutVote();
        assertThat(observer.vote()).isEqualTo(Vote.NONE);

        assertThat(observer.take(from.looking(1, 1, Ballots.candidate(1, 10)))).isEqualTo(Reaction.TELL_ALL);
        assertThat(observer.take(from.looking(2, 1, Ballots.candidate(2, 9)))).isEqualTo(Reaction.NONE);

        assertThat(observer.vote()).isEqualTo(Ballots.candidate(1, 10));
        assertThat(observer.take(from.looking(2, 2, Ballots.candidate(2, 9)))).isEqualTo(Reaction.TELL_ALL);
        assertThat(observer.vote()).isEqualTo(Ballots.candidate(2, 9));
        assertThat(observer.number()).isEqualTo(2);
    }

    /** Two that do not vote would otherwise tell each other for ever. */
    @Test
    void a_node_that_does_not_vote_does_not_answer_those_behind_it() {
        Round observer = new Round(Ballots.voters(3), 9, Ballots.disk(9), false, Ballots.candidate(9, 999), 5);

        assertThat(observer.take(from.looking(1, 1, Ballots.candidate(1, 10)))).isEqualTo(Reaction.NONE);
        assertThat(observer.vote()).isEqualTo(Vote.NONE);
    }

    @Test
    void a_node_that_does_not_vote_seconds_nobody_who_does_not_vote_either() {
        Round observer = withoutVote();

        assertThat(observer.take(from.seconding(4, 1, Ballots.candidate(4, 10))))
                .isEqualTo(Reaction.NONE);
        assertThat(observer.vote()).isEqualTo(Vote.NONE);
    }

    /** It may have been given a vote while it was away: the ensemble would wait for it, and it for a leader. */
    @Test
    void a_voter_that_does_not_know_it_is_one_counts() {
        Round round = round();

        assertThat(round.take(from.seconding(2, 5, Vote.NONE))).isEqualTo(Reaction.TELL_SENDER);
        assertThat(round.agreed()).isFalse();
        assertThat(round.take(from.seconding(2, 5, Ballots.candidate(1, 10)))).isEqualTo(Reaction.NONE);

        assertThat(round.agreed()).isTrue();
    }

    @Test
    void a_node_that_does_not_vote_follows_who_says_it_was_elected() {
        Round observer = withoutVote();
        observer.take(from.looking(1, 1, Ballots.candidate(1, 10)));
        assertThat(observer.electedLeader()).isEmpty();

        observer.take(from.elected(1, 1, Ballots.candidate(1, 10)));

        assertThat(observer.electedLeader()).hasValue(1);
    }

    @Test
    void a_node_that_votes_agrees_for_itself() {
        Round round = round();

        round.take(from.elected(3, 1, Ballots.candidate(3, 20)));

        assertThat(round.electedLeader()).isEmpty();
    }
}
