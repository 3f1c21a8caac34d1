package io.troupe.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import akka.actor.testkit.typed.CapturedLogEvent;
import akka.actor.testkit.typed.Effect;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.typed.ActorRef;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.WireMessage;
import io.troupe.link.PeerTransport;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.membership.MembershipProtocol.AskId;
import io.troupe.membership.MembershipProtocol.Command;
import io.troupe.membership.MembershipProtocol.Hello;
import io.troupe.membership.MembershipProtocol.IdTaken;
import io.troupe.membership.MembershipProtocol.MembersChanged;
import io.troupe.membership.MembershipProtocol.Timer;
import io.troupe.membership.NewcomerProtocol.IdOffered;
import io.troupe.membership.NewcomerProtocol.NoIdLeft;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How empty nodes become an ensemble, and how one joins an ensemble that exists. Architecture section 6. */
class MembershipActorTest {
    private static final List<String> SEEDS = List.of("h1:25520", "h2:25520", "h3:25520");
    private static final Membership EXISTING =
            new Membership("existing", 0, List.of(voter(1), voter(2), voter(3)), null);

    private record Sent(int to, Hello hello) {}

    private record Answer(String place, Recipient recipient, WireMessage message) {}

    private final List<Sent> sent = new ArrayList<>();
    private final List<String> learned = new ArrayList<>();
    private final List<Membership> joined = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final List<AskId> passedOn = new ArrayList<>();
    private final List<String> idTaken = new ArrayList<>();
    private final List<Membership> later = new ArrayList<>();
    private int leader;

    private static Member voter(int node) {
        return new Member(node, "h" + node, 25520, "h" + node, 2181, 100L + node);
    }

    private BehaviorTestKit<Command> node(int id, @Nullable Membership member) {
        BehaviorTestKit<Command> actor = BehaviorTestKit.create(MembershipActor.create(new MembershipActor.Surroundings(
                voter(id),
                SEEDS,
                List.of(1, 2, 3),
                member,
                () -> 0xfeedL,
                new Recorder(),
                joined::add,
                () -> leader,
                later::add,
                idTaken::add)));
        // What it tells itself at its start.
        actor.selfInbox().getAllReceived().forEach(actor::run);
        return actor;
    }

    private final class Recorder implements PeerTransport {
        @Override
        public void address(int nodeId, String host, int port) {
            learned.add(nodeId + " at " + host + ":" + port);
        }

        @Override
        public void receiver(Recipient recipient, ActorRef<? extends Object> ref) {
            throw new AssertionError("the guardian registers receivers");
        }

        @Override
        public void send(int nodeId, Recipient recipient, WireMessage message) {
            assertThat(recipient).isEqualTo(Recipient.MEMBERSHIP);
            if (message instanceof AskId ask) {
                assertThat(nodeId).as("only the leader is asked").isEqualTo(leader);
                passedOn.add(ask);
            } else {
                sent.add(new Sent(nodeId, (Hello) message));
            }
        }

        @Override
        public void send(String host, int port, Recipient recipient, WireMessage message) {
            answers.add(new Answer(host + ":" + port, recipient, message));
        }
    }

    private static Hello empty(int node) {
        return new Hello(voter(node), SEEDS, null);
    }

    private static Hello member(int node) {
        return new Hello(voter(node), SEEDS, EXISTING);
    }

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

    private BehaviorTestKit<Command> observer(int id, @Nullable Membership member) {
        BehaviorTestKit<Command> actor = BehaviorTestKit.create(MembershipActor.create(new MembershipActor.Surroundings(
                voter(id).asObserver(),
                SEEDS,
                List.of(1, 2, 3),
                member,
                () -> 0xfeedL,
                new Recorder(),
                joined::add,
                () -> leader,
                later::add,
                idTaken::add)));
        actor.selfInbox().getAllReceived().forEach(actor::run);
        return actor;
    }

    private static Hello observing(int id) {
        return new Hello(voter(id).asObserver(), SEEDS, null);
    }

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

    // ---- members that have moved ----

    private static Member moved(int node) {
        return voter(node).at(new Member(node, "new" + node, 25520, "new" + node, 2181, 0));
    }

    private static Membership version(long version, Member... members) {
        return new Membership(EXISTING.ensembleId(), version, List.of(members), null);
    }

    private BehaviorTestKit<Command> at(Member self, Membership member, List<String> seeds) {
        BehaviorTestKit<Command> actor = BehaviorTestKit.create(MembershipActor.create(new MembershipActor.Surroundings(
                self,
                seeds,
                List.of(1, 2, 3),
                member,
                () -> 0xfeedL,
                new Recorder(),
                joined::add,
                () -> leader,
                later::add,
                idTaken::add)));
        actor.selfInbox().getAllReceived().forEach(actor::run);
        return actor;
    }

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

    // ---- ids of those that join ----

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
        List<Member> full = IntStream.rangeClosed(1, 254)
                .mapToObj(MembershipActorTest::voter)
                .toList();
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

    @Test
    void of_nodes_whose_numbers_have_gaps_the_lowest_founds() {
        List<String> seeds = List.of("31=h31:25520", "11=h11:25520");
        for (int id : List.of(31, 11)) {
            BehaviorTestKit<Command> node =
                    BehaviorTestKit.create(MembershipActor.create(new MembershipActor.Surroundings(
                            voter(id),
                            seeds,
                            List.of(31, 11),
                            null,
                            () -> 1L,
                            new Recorder(),
                            joined::add,
                            () -> leader,
                            later::add,
                            idTaken::add)));
            node.selfInbox().getAllReceived().forEach(node::run);
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
        BehaviorTestKit<Command> alone = BehaviorTestKit.create(MembershipActor.create(new MembershipActor.Surroundings(
                voter(1),
                List.of("1=h1:25520"),
                List.of(1),
                null,
                () -> 1L,
                new Recorder(),
                joined::add,
                () -> leader,
                later::add,
                idTaken::add)));
        alone.selfInbox().getAllReceived().forEach(alone::run);

        assertThat(joined)
                .singleElement()
                .satisfies(founded -> assertThat(founded.standalone()).isTrue());
        assertThat(sent).isEmpty();
    }
}
