package io.troupe.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import akka.actor.testkit.typed.CapturedLogEvent;
import akka.actor.testkit.typed.Effect;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.membership.MembershipProtocol.Command;
import io.troupe.membership.MembershipProtocol.Hello;
import io.troupe.membership.MembershipProtocol.MembersChanged;
import io.troupe.membership.MembershipProtocol.Timer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How empty nodes become an ensemble, and how one joins an ensemble that exists. */
class MembershipActorTest extends MembershipTest {
    // ---- empty ----

    @Test
    void an_empty_node_asks_all_its_seeds_and_asks_again() {
        BehaviorTestKit<Command> second = node(2, null);

        assertThat(sent).extracting(Sent::to).containsExactly(1, 3);
        assertThat(sent).allSatisfy(s -> assertThat(s.hello().member()).isNull());
        second.run(Timer.ASK);
        assertThat(sent).hasSize(4);
    }

    @Test
    void the_first_of_the_list_founds_the_ensemble_when_all_have_answered() {
        BehaviorTestKit<Command> first = node(1, null);
        first.run(empty(2));
        assertThat(joined).isEmpty();
        first.run(empty(2));
        assertThat(joined).as("the same node twice is not two nodes").isEmpty();
        first.run(empty(3));

        assertThat(joined).singleElement().satisfies(founded -> {
            assertThat(founded.ensembleId()).isEqualTo("000000000000feed");
            assertThat(founded.version()).isZero();
            assertThat(founded.voters()).containsExactly(voter(1), voter(2), voter(3));
        });
    }

    @Test
    void no_other_node_founds_one_or_there_would_be_two() {
        BehaviorTestKit<Command> second = node(2, null);
        second.run(empty(1));
        second.run(empty(3));

        assertThat(joined).isEmpty();
        second.run(member(1));
        assertThat(joined).containsExactly(EXISTING);
    }

    @Test
    void a_node_with_another_list_does_not_count_and_is_named_once() {
        BehaviorTestKit<Command> first = node(1, null);
        Hello stranger = new Hello(voter(3), List.of("h1:25520", "h3:25520", "h2:25520"), null);
        first.run(empty(2));
        first.run(stranger);
        first.run(stranger);

        assertThat(joined).isEmpty();
        assertThat(first.getAllLogEntries())
                .extracting(CapturedLogEvent::message)
                .singleElement()
                .asString()
                .contains("node 3 at h3:25520", "[h1:25520, h3:25520, h2:25520]", "same list in the same order");
    }

    @Test
    void those_who_have_imported_the_same_found_an_ensemble_whose_id_says_so() {
        imported = new ImportedHistory(Zxid.of(4, 9), 0xabcL);
        BehaviorTestKit<Command> first = node(1, null);

        assertThat(sent).allSatisfy(s -> assertThat(s.hello().imported()).isEqualTo(imported));
        first.run(importing(2, imported));
        first.run(importing(3, imported));

        assertThat(joined).singleElement().satisfies(founded -> {
            assertThat(founded.ensembleId()).isEqualTo("000000000000feed-0000000400000009-0000000000000abc");
            assertThat(ImportedHistory.of(founded.ensembleId())).hasValue(imported);
        });
    }

    @Test
    void nobody_founds_an_ensemble_with_one_who_has_imported_another_or_none() {
        imported = new ImportedHistory(Zxid.of(4, 9), 0xabcL);
        BehaviorTestKit<Command> first = node(1, null);
        first.run(importing(2, new ImportedHistory(Zxid.of(4, 8), 0xabcL)));
        first.run(empty(3));

        assertThat(joined).isEmpty();
        assertThat(first.getAllLogEntries())
                .extracting(CapturedLogEvent::message)
                .satisfiesExactly(
                        other -> assertThat(other).contains("node 2", "0000000400000008", "0000000400000009", "copy"),
                        none -> assertThat(none).contains("node 3", "has imported nothing"));
        first.run(importing(2, imported));
        first.run(importing(3, imported));
        assertThat(joined).hasSize(1);
    }

    @Test
    void one_who_has_imported_joins_the_ensemble_that_exists() {
        imported = new ImportedHistory(Zxid.of(4, 9), 0xabcL);
        node(1, null).run(member(3));

        assertThat(joined).containsExactly(EXISTING);
    }

    private static Hello importing(int node, @Nullable ImportedHistory history) {
        return new Hello(voter(node), SEEDS, null, history);
    }

    @Test
    void an_empty_node_never_founds_a_second_ensemble_beside_one_that_it_hears_of() {
        BehaviorTestKit<Command> first = node(1, null);
        first.run(empty(2));
        first.run(member(3));

        assertThat(joined).containsExactly(EXISTING);
        first.run(empty(3));
        first.run(empty(2));
        assertThat(joined).as("it is told once").hasSize(1);
    }

    // ---- belonging ----

    @Test
    void a_member_tells_an_empty_node_where_it_belongs() {
        BehaviorTestKit<Command> third = node(3, EXISTING);
        assertThat(sent).as("a member asks nobody").isEmpty();
        third.run(empty(1));

        assertThat(sent).containsExactly(new Sent(1, new Hello(voter(3), SEEDS, EXISTING)));
    }

    @Test
    void members_do_not_answer_each_other_for_ever() {
        node(3, EXISTING).run(member(1));

        assertThat(sent).isEmpty();
        assertThat(joined).isEmpty();
    }

    @Test
    void a_node_that_has_joined_stops_asking_and_begins_to_answer() {
        BehaviorTestKit<Command> second = node(2, null);
        second.run(member(1));
        sent.clear();
        second.run(Timer.ASK);
        assertThat(sent).isEmpty();
        second.run(empty(3));

        assertThat(sent).extracting(Sent::to, s -> s.hello().member()).containsExactly(tuple(3, EXISTING));
    }

    // ---- joining ----

    @Test
    void a_node_that_is_not_on_the_list_neither_founds_nor_counts() {
        observer(4, null).run(empty(1));
        BehaviorTestKit<Command> first = node(1, null);
        first.run(empty(2));
        first.run(observing(3));

        assertThat(joined).isEmpty();
    }

    @Test
    void a_node_that_joins_says_where_it_is_until_it_is_listed() {
        BehaviorTestKit<Command> fourth = observer(4, null);
        sent.clear();
        fourth.run(member(2));
        fourth.selfInbox().getAllReceived().forEach(fourth::run);
        assertThat(joined).containsExactly(EXISTING);
        assertThat(sent)
                .extracting(Sent::to, s -> s.hello().member())
                .containsExactly(tuple(1, EXISTING), tuple(2, EXISTING), tuple(3, EXISTING));
        fourth.run(Timer.ANNOUNCE);
        assertThat(sent).hasSize(6);

        List<Member> members = new ArrayList<>(EXISTING.members());
        members.add(voter(4).asObserver());
        fourth.run(new MembersChanged(new Membership(EXISTING.ensembleId(), 9, members, null)));

        assertThat(fourth.getAllEffects()).contains(new Effect.TimerCancelled(Timer.ANNOUNCE));
    }

    @Test
    void a_member_learns_where_a_node_is_that_is_not_listed_and_answers_with_the_latest_list() {
        BehaviorTestKit<Command> third = node(3, EXISTING);
        Membership latest = new Membership(EXISTING.ensembleId(), 9, EXISTING.members(), null);
        third.run(new MembersChanged(latest));
        third.run(observing(4));

        assertThat(learned).containsExactly("4 at h4:25520");
        assertThat(sent).extracting(Sent::to, s -> s.hello().member()).containsExactly(tuple(4, latest));
    }

    @Test
    void a_founder_that_missed_the_news_begins_with_the_first_list() {
        BehaviorTestKit<Command> third = node(3, EXISTING);
        third.run(new MembersChanged(new Membership(EXISTING.ensembleId(), 9, EXISTING.members(), null)));
        third.run(empty(1));

        assertThat(sent).extracting(Sent::to, s -> s.hello().member()).containsExactly(tuple(1, EXISTING));
    }

    @Test
    void a_node_under_the_id_of_another_is_not_answered_and_named_once() {
        BehaviorTestKit<Command> third = node(3, EXISTING);
        Member impostor = new Member(1, "elsewhere", 25520, "elsewhere", 2181, 7).asObserver();
        third.run(new Hello(impostor, SEEDS, null));
        third.run(new Hello(impostor, SEEDS, null));

        assertThat(sent).isEmpty();
        assertThat(learned).isEmpty();
        assertThat(third.getAllLogEntries())
                .extracting(CapturedLogEvent::message)
                .singleElement()
                .asString()
                .contains("node id 1 is that of h1:25520", "elsewhere:25520");
    }

    @Test
    void of_nodes_whose_numbers_have_gaps_the_lowest_founds() {
        List<String> seeds = List.of("31=h31:25520", "11=h11:25520");
        for (int id : List.of(31, 11)) {
            BehaviorTestKit<Command> node = started(voter(id), null, seeds, List.of(31, 11));
            node.run(new Hello(voter(12), seeds, null));
            assertThat(joined).isEmpty();
            node.run(new Hello(voter(42 - id), seeds, null));
        }

        assertThat(sent).extracting(Sent::to).containsExactly(11, 31);
        assertThat(joined)
                .singleElement()
                .satisfies(founded -> assertThat(founded.voters()).containsExactly(voter(11), voter(31)));
    }

    @Test
    void a_lone_seed_is_an_ensemble_at_once() {
        started(voter(1), null, List.of("1=h1:25520"), List.of(1));

        assertThat(joined)
                .singleElement()
                .satisfies(founded -> assertThat(founded.standalone()).isTrue());
        assertThat(sent).isEmpty();
    }
}
