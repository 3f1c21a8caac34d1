package io.troupe.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import akka.actor.testkit.typed.javadsl.TestInbox;
import io.troupe.election.ElectionProtocol.Ballot;
import io.troupe.election.ElectionProtocol.Follow;
import io.troupe.election.ElectionProtocol.LaterMembers;
import io.troupe.election.ElectionProtocol.Lead;
import io.troupe.election.ElectionProtocol.Look;
import io.troupe.election.ElectionProtocol.Outcome;
import io.troupe.election.ElectionProtocol.Reachability;
import io.troupe.election.ElectionProtocol.Settle;
import io.troupe.election.ElectionProtocol.Timer;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a round goes, state by state. */
class ElectionActorTest extends ElectionRig {
    // ---- at rest ----

    @Test
    void before_the_first_round_it_has_no_opinion_to_tell() {
        actor.run(from.looking(1, 1, Ballots.candidate(1, 5)));

        assertThat(sent()).isEmpty();
    }

    @Test
    void settled_it_tells_a_node_that_looks_whom_it_follows() {
        actor.run(new Settle(Role.FOLLOWING, 3, 7, three));
        actor.run(from.looking(1, 1, Ballots.candidate(1, 5)));

        assertThat(sent()).singleElement().satisfies(answer -> {
            assertThat(answer.to()).isEqualTo(1);
            assertThat(answer.ballot().role()).isEqualTo(Role.FOLLOWING);
            assertThat(answer.ballot().vote().candidate()).isEqualTo(3);
            assertThat(answer.ballot().leaderEpoch()).isEqualTo(7);
        });
    }

    @Test
    void settled_it_does_not_answer_the_settled() {
        actor.run(new Settle(Role.LEADING, 2, 7, three));
        actor.run(from.following(1, 2, 7));

        assertThat(sent()).isEmpty();
    }

    @Test
    void whoever_asked_while_it_looked_hears_at_once_when_it_settles() {
        look();
        actor.run(from.looking(1, 1, Ballots.candidate(1, 5)));
        sent();
        actor.run(new Settle(Role.FOLLOWING, 3, 7, three));

        assertThat(sent()).singleElement().satisfies(answer -> {
            assertThat(answer.to()).isEqualTo(1);
            assertThat(answer.ballot().role()).isEqualTo(Role.FOLLOWING);
        });
    }

    // ---- looking ----

    @Test
    void looking_begins_with_its_own_vote_to_every_peer_and_a_timer_to_send_it_again() {
        look();

        assertThat(sent()).extracting(Sent::to).containsExactly(1, 3);
        assertThat(started(Timer.RESEND, Duration.ofMillis(100))).isTrue();
        assertThat(outcome.hasMessages()).isFalse();
        assertThat(metrics.counter("troupe_election_rounds").value()).isOne();
    }

    @Test
    void an_unanswered_vote_is_sent_again_less_and_less_often() {
        look();
        actor.getAllEffects();
        sent();
        actor.run(Timer.RESEND);

        assertThat(sent()).extracting(s -> s.ballot().vote().candidate()).containsExactly(2, 2);
        assertThat(started(Timer.RESEND, Duration.ofMillis(200))).isTrue();
        for (int i = 0; i < 10; i++) {
            actor.getAllEffects();
            actor.run(Timer.RESEND);
        }
        assertThat(started(Timer.RESEND, Duration.ofMillis(800))).isTrue();
    }

    @Test
    void each_ballot_has_a_greater_number_than_the_one_before_so_that_late_ones_are_void() {
        look();
        actor.run(Timer.RESEND);

        assertThat(sent()).extracting(s -> s.ballot().sequence()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void it_leads_when_all_voters_have_spoken_for_it() {
        look();
        actor.run(from.looking(1, 1, Ballots.candidate(2, 10)));
        assertThat(outcome.hasMessages()).isFalse();
        actor.run(from.looking(3, 1, Ballots.candidate(2, 10)));

        outcome.expectMessage(new Lead(1));
    }

    @Test
    void it_follows_the_better_candidate_of_a_quorum() {
        look();
        actor.run(from.looking(1, 1, Ballots.candidate(1, 5)));
        actor.run(from.looking(3, 1, Ballots.candidate(3, 10)));

        outcome.expectMessage(new Follow(3));
    }

    @Test
    void a_quorum_waits_a_little_for_the_voter_that_might_have_more_history() {
        look();
        actor.getAllEffects();
        actor.run(from.looking(1, 1, Ballots.candidate(2, 10)));

        assertThat(started(Timer.SETTLE, Duration.ofMillis(200))).isTrue();
        assertThat(outcome.hasMessages()).isFalse();
        actor.run(Timer.SETTLE);
        outcome.expectMessage(new Lead(1));
    }

    @Test
    void a_better_candidate_in_the_waiting_time_wins() {
        look();
        actor.run(from.looking(1, 1, Ballots.candidate(2, 10)));
        actor.run(from.looking(3, 1, Ballots.candidate(3, 11)));

        outcome.expectMessage(new Follow(3));
    }

    @Test
    void nobody_waits_for_a_voter_whose_process_is_known_to_be_down() {
        actor.run(new Reachability(3, true));
        look();
        actor.run(from.looking(1, 1, Ballots.candidate(2, 10)));

        outcome.expectMessage(new Lead(1));
    }

    @Test
    void news_that_the_silent_voter_is_down_ends_the_wait() {
        look();
        actor.run(from.looking(1, 1, Ballots.candidate(2, 10)));
        actor.run(new Reachability(3, true));

        outcome.expectMessage(new Lead(1));
    }

    @Test
    void a_voter_that_is_back_up_is_waited_for_again() {
        actor.run(new Reachability(3, true));
        actor.run(new Reachability(3, false));
        look();
        actor.run(from.looking(1, 1, Ballots.candidate(2, 10)));

        assertThat(outcome.hasMessages()).isFalse();
    }

    @Test
    void it_joins_a_later_round_and_says_so_to_everybody() {
        look();
        sent();
        actor.run(from.looking(1, 9, Ballots.candidate(1, 5)));

        assertThat(sent())
                .extracting(
                        Sent::to,
                        s -> s.ballot().round(),
                        s -> s.ballot().vote().candidate())
                .containsExactly(tuple(1, 9L, 2), tuple(3, 9L, 2));
    }

    @Test
    void it_tells_one_that_is_behind_alone() {
        look();
        look();
        sent();
        actor.run(from.looking(1, 1, Ballots.candidate(1, 5)));

        assertThat(sent()).extracting(Sent::to, s -> s.ballot().round()).containsExactly(tuple(1, 2L));
    }

    @Test
    void it_joins_a_leader_that_is_there_already_once_a_quorum_stands_behind_it() {
        look();
        actor.run(from.following(1, 3, 7));
        assertThat(outcome.hasMessages())
                .as("the leader has not said so itself")
                .isFalse();
        actor.run(from.leading(3, 7));

        outcome.expectMessage(new Follow(3));
    }

    @Test
    void a_node_that_does_not_vote_never_leads() {
        look(false);
        actor.run(from.looking(1, 1, Ballots.candidate(2, 10)));
        actor.run(from.looking(3, 1, Ballots.candidate(2, 10)));
        actor.run(Timer.SETTLE);

        assertThat(outcome.hasMessages()).isFalse();
    }

    @Test
    void a_new_search_voids_the_one_before() {
        look();
        actor.run(from.looking(1, 1, Ballots.candidate(2, 10)));
        TestInbox<Outcome> second = TestInbox.create();
        actor.run(new Look(three, Ballots.candidate(2, 12), true, List.of(1, 3), "it starts", second.getRef()));
        actor.run(Timer.SETTLE);

        assertThat(outcome.hasMessages()).isFalse();
        assertThat(second.hasMessages()).isFalse();
    }

    // ---- what is void ----

    @Test
    void a_ballot_that_was_overtaken_by_a_later_one_of_its_sender_is_void() {
        look();
        Ballot late = from.looking(1, 1, Ballots.candidate(2, 10));
        actor.run(from.looking(1, 1, Ballots.candidate(1, 5)));
        actor.run(late);
        actor.run(Timer.SETTLE);

        assertThat(outcome.hasMessages()).isFalse();
    }

    @Test
    void a_ballot_of_an_earlier_life_of_its_sender_is_void() {
        look();
        actor.run(from.looking(1, 1, Ballots.candidate(1, 5)));
        Ballot now = from.looking(1, 1, Ballots.candidate(2, 10));
        actor.run(new Ballot(
                1, now.diskId(), now.ensembleId(), 0, now.sequence(), now.role(), 1, now.vote(), 0, true, false));
        actor.run(Timer.SETTLE);

        assertThat(outcome.hasMessages()).isFalse();
    }

    @Test
    void ballots_of_another_ensemble_are_void() {
        look();
        Ballot foreign = from.looking(1, 1, Ballots.candidate(2, 10));
        actor.run(new Ballot(
                1,
                foreign.diskId(),
                "another",
                1,
                foreign.sequence(),
                foreign.role(),
                1,
                foreign.vote(),
                0,
                true,
                false));
        actor.run(Timer.SETTLE);

        assertThat(outcome.hasMessages()).isFalse();
    }

    // ---- decided ----

    @Test
    void decided_and_not_yet_settled_it_repeats_its_vote_to_those_who_ask() {
        look();
        actor.run(from.looking(1, 1, Ballots.candidate(2, 10)));
        actor.run(from.looking(3, 1, Ballots.candidate(2, 10)));
        sent();
        actor.run(from.looking(1, 2, Ballots.candidate(1, 5)));

        assertThat(sent()).singleElement().satisfies(answer -> {
            assertThat(answer.to()).isEqualTo(1);
            assertThat(answer.ballot().role()).isEqualTo(Role.LOOKING);
            assertThat(answer.ballot().vote().candidate()).isEqualTo(2);
        });
    }

    @Test
    void the_outcome_is_told_once() {
        look();
        actor.run(from.looking(1, 1, Ballots.candidate(2, 10)));
        actor.run(from.looking(3, 1, Ballots.candidate(2, 10)));
        outcome.expectMessage(new Lead(1));
        actor.run(Timer.SETTLE);
        actor.run(Timer.RESEND);

        assertThat(outcome.hasMessages()).isFalse();
    }

    // ---- a later list of members ----

    private static Membership replaced(int... nodes) {
        return new Membership(
                Ballots.ENSEMBLE,
                9,
                IntStream.of(nodes).mapToObj(Ballots::voter).toList(),
                null);
    }

    @Test
    void a_node_that_hears_of_a_later_list_finds_the_leader_among_those() {
        look();
        sent();
        actor.run(new LaterMembers(replaced(4, 5, 6)));
        assertThat(sent()).extracting(Sent::to).containsExactly(1, 3, 4, 5, 6);
        actor.run(from.leading(5, 7));
        assertThat(outcome.hasMessages()).isFalse();
        actor.run(from.following(6, 5, 7));

        outcome.expectMessage(new Follow(5));
    }

    @Test
    void it_neither_votes_among_those_that_do_not_count_it_nor_leads_those_that_it_had_before() {
        look();
        actor.run(new LaterMembers(replaced(4, 5, 6)));
        sent();
        actor.run(from.looking(1, 1, Ballots.candidate(2, 10)));
        actor.run(from.looking(3, 1, Ballots.candidate(2, 10)));
        actor.run(from.looking(4, 1, Ballots.candidate(2, 10)));
        actor.run(from.looking(5, 1, Ballots.candidate(2, 10)));
        actor.run(Timer.SETTLE);

        assertThat(outcome.hasMessages()).isFalse();
        assertThat(sent()).allSatisfy(s -> assertThat(s.ballot().voting()).isFalse());
    }

    @Test
    void an_earlier_list_and_one_of_another_ensemble_change_nothing() {
        actor.run(new LaterMembers(new Membership("other", 9, List.of(Ballots.voter(4)), null)));
        actor.run(new LaterMembers(three));
        look();

        assertThat(sent()).extracting(Sent::to).containsExactly(1, 3);
    }

    // ---- what is noted ----

    @Test
    void why_it_looked_and_who_voted_for_whom_is_noted() {
        look();
        actor.run(from.looking(3, 1, Ballots.candidate(3, 11)));
        actor.run(from.looking(1, 1, Ballots.candidate(3, 11)));
        actor.run(new Settle(Role.FOLLOWING, 3, 7, three));

        assertThat(record.latestFirst()).singleElement().satisfies(election -> {
            assertThat(election.cause()).isEqualTo("it starts");
            assertThat(election.votes().stream().map(vote -> vote.voter() + " for " + vote.candidate()))
                    .containsExactly("2 for 2", "3 for 3", "2 for 3", "1 for 3");
            assertThat(election.end())
                    .isNotNull()
                    .satisfies(end -> assertThat(end.leader()).isEqualTo(3));
            assertThat(election.established())
                    .isNotNull()
                    .satisfies(since -> assertThat(since.epoch()).isEqualTo(7));
        });
    }

    @Test
    void the_word_of_a_node_that_has_a_leader_is_noted_as_such() {
        look();
        actor.run(from.leading(3, 7));

        assertThat(record.latestFirst().get(0).votes().get(1)).satisfies(vote -> {
            assertThat(vote.settled()).isTrue();
            assertThat(vote.candidate()).isEqualTo(3);
        });
    }
}
