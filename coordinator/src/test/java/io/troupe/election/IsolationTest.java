package io.troupe.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.election.ElectionProtocol.Ballot;
import io.troupe.election.ElectionProtocol.Look;
import io.troupe.election.ElectionProtocol.Outdated;
import io.troupe.election.ElectionProtocol.Reachability;
import io.troupe.election.ElectionProtocol.Settle;
import io.troupe.election.ElectionProtocol.Timer;
import io.troupe.ensemble.Role;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that hears of nobody, or of a later life of its own. */
class IsolationTest extends ElectionRig {
    @Test
    void the_first_ballot_that_arrives_is_told_once() {
        look();
        assertThat(heard).isZero();
        actor.run(from.looking(1, 1, Ballots.candidate(1, 5)));
        actor.run(from.looking(3, 1, Ballots.candidate(1, 5)));

        assertThat(heard).isEqualTo(1);
    }

    @Test
    void a_node_that_hears_of_nobody_asks_which_processes_are_there() {
        look();
        assertThat(started(Timer.ISOLATED, Duration.ofSeconds(20))).isTrue();
        actor.run(Timer.ISOLATED);

        assertThat(notices).containsExactly("isolated");
    }

    @Test
    void it_is_cut_off_when_a_process_is_there_of_which_nothing_arrives() {
        look();
        actor.run(Timer.ISOLATED);
        actor.run(new Reachability(3, true));
        assertThat(notices).containsExactly("isolated");
        actor.run(new Reachability(1, false));

        assertThat(notices).containsExactly("isolated", "cut off");
    }

    @Test
    void it_is_not_cut_off_once_a_ballot_arrives() {
        look();
        actor.run(Timer.ISOLATED);
        actor.run(from.looking(1, 1, Ballots.candidate(1, 5)));
        actor.run(new Reachability(1, false));

        assertThat(notices).containsExactly("isolated");
    }

    @Test
    void every_ballot_begins_the_wait_anew() {
        look();
        actor.getAllEffects();
        actor.run(from.looking(1, 1, Ballots.candidate(1, 5)));

        assertThat(started(Timer.ISOLATED, Duration.ofSeconds(20))).isTrue();
    }

    private void lookAmongFive() {
        actor.run(new Look(
                Ballots.voters(5), Ballots.candidate(2, 10), true, List.of(1, 3, 4, 5), "it starts", outcome.getRef()));
    }

    /** Two that only hear each other, while the others have a leader, would wait for ever (nemesis, five servers). */
    @Test
    void ballots_of_fewer_than_a_quorum_do_not_begin_the_wait_anew() {
        lookAmongFive();
        actor.getAllEffects();
        actor.run(from.looking(1, 1, Ballots.candidate(1, 5)));
        actor.run(from.looking(1, 1, Ballots.candidate(1, 5)));
        assertThat(started(Timer.ISOLATED, Duration.ofSeconds(20))).isFalse();

        actor.run(from.looking(3, 1, Ballots.candidate(1, 5)));

        assertThat(started(Timer.ISOLATED, Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void it_is_cut_off_when_a_process_is_there_of_which_nothing_arrives_although_others_are_heard() {
        lookAmongFive();
        actor.run(from.looking(1, 1, Ballots.candidate(1, 5)));
        actor.run(Timer.ISOLATED);
        actor.run(from.looking(1, 1, Ballots.candidate(1, 5)));
        actor.run(new Reachability(1, false));
        assertThat(notices).containsExactly("isolated");
        actor.run(new Reachability(4, false));

        assertThat(notices).containsExactly("isolated", "cut off");
    }

    @Test
    void a_settled_node_is_never_isolated() {
        look();
        actor.run(new Settle(Role.FOLLOWING, 3, 7, three));
        actor.run(Timer.ISOLATED);
        actor.run(new Reachability(1, false));

        assertThat(notices).isEmpty();
    }

    @Test
    void a_ballot_of_an_earlier_life_is_void_and_its_sender_is_told_of_the_later_one() {
        look();
        Ballot ballot = from.looking(1, 1, Ballots.candidate(1, 5));
        actor.run(ballot);
        sent();
        actor.run(ofIncarnation(ballot, ballot.incarnation() - 1));

        assertThat(sent()).isEmpty();
        assertThat(told).containsExactly(new Outdated(2, ballot.incarnation()));
    }

    private static Ballot ofIncarnation(Ballot b, long incarnation) {
        return new Ballot(
                b.from(),
                b.diskId(),
                b.ensembleId(),
                incarnation,
                b.sequence() + 1,
                b.role(),
                b.round(),
                b.vote(),
                b.leaderEpoch(),
                b.voting(),
                b.elected());
    }

    @Test
    void a_node_that_is_told_of_a_later_life_of_its_own_must_start_again_whatever_it_does() {
        actor.run(new Outdated(1, 8));
        look();
        actor.run(new Outdated(1, 9));
        actor.run(Timer.ISOLATED);
        actor.run(new Outdated(1, 10));

        assertThat(notices).containsExactly("outdated by 8", "outdated by 9", "isolated", "outdated by 10");
    }

    @Test
    void late_mail_about_an_earlier_life_means_nothing() {
        actor.run(new Outdated(1, 6));
        actor.run(new Outdated(1, 7));

        assertThat(notices).isEmpty();
    }
}
