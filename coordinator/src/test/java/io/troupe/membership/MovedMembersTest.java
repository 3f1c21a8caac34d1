package io.troupe.membership;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import io.troupe.ensemble.Membership;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.membership.MembershipProtocol.Command;
import io.troupe.membership.MembershipProtocol.Hello;
import io.troupe.membership.MembershipProtocol.IdTaken;
import io.troupe.membership.MembershipProtocol.Timer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How members find each other that have moved, or that missed the latest list. */
class MovedMembersTest extends MembershipTest {
    @Test
    void a_member_that_has_moved_announces_itself_and_is_known_by_its_disk() {
        at(moved(2), EXISTING, SEEDS);
        assertThat(sent).extracting(Sent::to).containsExactly(1, 2, 3);
        BehaviorTestKit<Command> third = node(3, EXISTING);
        third.run(sent.get(2).hello());

        assertThat(learned).containsExactly("2 at new2:25520");
        assertThat(answers).isEmpty();
    }

    @Test
    void a_member_that_speaks_from_where_it_is_listed_is_known_there_whatever_late_mail_said() {
        BehaviorTestKit<Command> third = node(3, EXISTING);
        third.run(new Hello(moved(2), SEEDS, EXISTING));
        third.run(member(2));

        assertThat(learned).containsExactly("2 at new2:25520", "2 at h2:25520");
    }

    @Test
    void a_founder_that_moved_before_it_heard_of_the_founding_is_answered_there() {
        BehaviorTestKit<Command> third = node(3, EXISTING);
        third.run(new Hello(moved(2), SEEDS, null));

        assertThat(learned).containsExactly("2 at new2:25520");
        assertThat(sent).containsExactly(new Sent(2, new Hello(voter(3), SEEDS, EXISTING)));
    }

    @Test
    void an_empty_node_under_the_id_of_another_hears_of_it() {
        BehaviorTestKit<Command> empty = observer(4, null);
        empty.run(new IdTaken(5, "not its id"));
        empty.run(new IdTaken(4, "its id"));
        empty.run(new IdTaken(4, "its id"));

        assertThat(idTaken).containsExactly("its id");
    }

    @Test
    void another_disk_at_another_place_is_another_node_whatever_it_knows() {
        BehaviorTestKit<Command> third = node(3, EXISTING);
        third.run(new Hello(moved(2).withDisk(7), SEEDS, EXISTING));

        assertThat(learned).isEmpty();
        assertThat(answers).extracting(Answer::place).containsExactly("new2:25520");
    }

    @Test
    void without_a_leader_a_node_asks_the_members_and_at_the_places_of_its_seed_list_that_nobody_is_listed_at() {
        List<String> seeds = List.of("1=new1:25520", "2=h2:25520", "3=h3:25520");
        BehaviorTestKit<Command> second = at(voter(2), EXISTING, seeds);
        second.run(Timer.LOST_CHECK);
        assertThat(answers).extracting(Answer::place).containsExactly("h1:25520", "h3:25520", "new1:25520");
        assertThat(answers).extracting(Answer::message).containsOnly(new Hello(voter(2), seeds, EXISTING));
        leader = 3;
        second.run(Timer.LOST_CHECK);

        assertThat(answers).hasSize(3);
    }

    @Test
    void a_node_that_was_taken_off_the_list_while_it_was_away_says_where_it_is_to_members_it_has_never_heard_of() {
        Membership latest = version(9, voter(3), voter(4), voter(5));
        Hello news = new Hello(voter(3), SEEDS, latest);
        BehaviorTestKit<Command> second = node(2, EXISTING);
        second.run(news);
        assertThat(answers).extracting(Answer::place).containsExactly("h3:25520", "h4:25520", "h5:25520");
        assertThat(answers).extracting(Answer::message).containsOnly(new Hello(voter(2), SEEDS, latest));
        second.run(news);
        assertThat(answers).as("once for each list").hasSize(3);
        second.run(Timer.LOST_CHECK);

        assertThat(answers.subList(3, answers.size()))
                .as("and again while it has no leader, also where a member was that is listed no more")
                .extracting(Answer::place)
                .containsExactly("h3:25520", "h4:25520", "h5:25520", "h1:25520");
        assertThat(later).containsOnly(latest);
        assertThat(joined).isEmpty();
    }

    @Test
    void a_node_with_an_outdated_list_is_told_the_latest_and_looks_there_unless_it_has_a_leader() {
        Membership latest = version(9, voter(3), voter(4));
        Hello outdated = new Hello(voter(2), SEEDS, EXISTING);
        at(voter(4), latest, SEEDS).run(outdated);
        Hello answer = (Hello) answers.get(0).message();
        assertThat(answers).containsExactly(new Answer("h2:25520", Recipient.MEMBERSHIP, answer));
        assertThat(answer.member()).isEqualTo(latest);
        BehaviorTestKit<Command> second = node(2, EXISTING);
        second.run(answer);
        leader = 1;
        second.run(answer);

        assertThat(later).containsExactly(latest);
        assertThat(answers)
                .as("it asks the members it has heard of, once, and does not answer in turn")
                .extracting(Answer::place)
                .containsExactly("h2:25520", "h3:25520", "h4:25520");
    }
}
