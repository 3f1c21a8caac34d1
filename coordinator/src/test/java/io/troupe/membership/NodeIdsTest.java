package io.troupe.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.membership.MembershipProtocol.AskId;
import io.troupe.membership.MembershipProtocol.Command;
import io.troupe.membership.MembershipProtocol.IdTaken;
import io.troupe.membership.MembershipProtocol.MembersChanged;
import io.troupe.membership.NewcomerProtocol.IdOffered;
import io.troupe.membership.NewcomerProtocol.NoIdLeft;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who has which id: what the leader offers to those that join, and what becomes of a node under the id of another. */
class NodeIdsTest extends MembershipTest {
    private static AskId asking(String host) {
        return new AskId(host, 25520, List.of(1, 2, 3), false);
    }

    @Test
    void the_leader_offers_ids_that_nobody_has() {
        leader = 3;
        BehaviorTestKit<Command> third = node(3, EXISTING);
        third.run(asking("new"));
        third.run(asking("newer"));
        third.run(asking("new"));

        assertThat(answers)
                .containsExactly(
                        new Answer("new:25520", Recipient.NEWCOMER, new IdOffered(4)),
                        new Answer("newer:25520", Recipient.NEWCOMER, new IdOffered(5)),
                        new Answer("new:25520", Recipient.NEWCOMER, new IdOffered(4)));
    }

    @Test
    void whoever_does_not_lead_passes_the_question_on_once() {
        BehaviorTestKit<Command> third = node(3, EXISTING);
        third.run(asking("new"));
        assertThat(passedOn).as("nobody leads").isEmpty();
        leader = 2;
        third.run(asking("new"));
        assertThat(passedOn).containsExactly(new AskId("new", 25520, List.of(1, 2, 3), true));
        third.run(passedOn.get(0));

        assertThat(passedOn).as("not round and round").hasSize(1);
        assertThat(answers).isEmpty();
    }

    @Test
    void when_no_id_is_left_the_newcomer_is_told() {
        leader = 1;
        List<Member> full =
                IntStream.rangeClosed(1, 254).mapToObj(MembershipTest::voter).toList();
        node(1, new Membership("existing", 0, full, null)).run(asking("new"));

        assertThat(answers)
                .singleElement()
                .extracting(Answer::message)
                .asInstanceOf(type(NoIdLeft.class))
                .satisfies(answer -> assertThat(answer.reason()).contains("1 to 254", "take members off the list"));
    }

    private static MembersChanged listing(Member fourth) {
        List<Member> members = new ArrayList<>(EXISTING.members());
        members.add(fourth);
        return new MembersChanged(new Membership(EXISTING.ensembleId(), 9, members, null));
    }

    private static Member elsewhere(int node, long disk) {
        return new Member(node, "elsewhere", 25520, "elsewhere", 2181, disk).asObserver();
    }

    @Test
    void a_node_whose_id_was_listed_for_another_says_so() {
        BehaviorTestKit<Command> fourth = observer(4, EXISTING);
        fourth.run(listing(voter(4).asObserver()));
        assertThat(idTaken).isEmpty();
        fourth.run(listing(elsewhere(4, 7)));

        assertThat(idTaken)
                .singleElement()
                .asString()
                .contains("node id 4 is that of elsewhere:25520, not of h4:25520");
    }

    @Test
    void a_node_that_calls_itself_by_the_id_of_another_is_told_and_believes_it_unless_it_is_listed_itself() {
        BehaviorTestKit<Command> third = node(3, EXISTING);
        third.run(listing(elsewhere(4, 7)));
        third.run(observing(4));
        assertThat(answers).singleElement().satisfies(answer -> {
            assertThat(answer.place()).isEqualTo("h4:25520");
            assertThat(answer.recipient()).isEqualTo(Recipient.MEMBERSHIP);
        });
        IdTaken told = (IdTaken) answers.get(0).message();
        BehaviorTestKit<Command> fourth = observer(4, EXISTING);
        fourth.run(told);
        assertThat(idTaken).containsExactly(told.cause());
        BehaviorTestKit<Command> listed = observer(4, EXISTING);
        listed.run(listing(voter(4).asObserver()));
        listed.run(told);

        assertThat(idTaken).hasSize(1);
    }
}
