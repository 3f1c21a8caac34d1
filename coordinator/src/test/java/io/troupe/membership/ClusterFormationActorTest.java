package io.troupe.membership;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.typed.ActorRef;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.WireMessage;
import io.troupe.link.PeerTransport;
import io.troupe.membership.ClusterFormationProtocol.Astray;
import io.troupe.membership.ClusterFormationProtocol.Command;
import io.troupe.membership.ClusterFormationProtocol.JoinMine;
import io.troupe.membership.ClusterFormationProtocol.Report;
import io.troupe.membership.ClusterFormationProtocol.Standing;
import io.troupe.membership.ClusterFormationProtocol.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** How Akka's cluster grows from the quorum outward. Architecture section 6. */
class ClusterFormationActorTest {
    private static final int A_MINUTE = 60;
    private static final Membership THREE = new Membership("e", 0, List.of(voter(1), voter(2), voter(3)), null);

    private record Sent(int to, WireMessage message) {}

    private final List<Sent> sent = new ArrayList<>();
    private final List<String> joins = new ArrayList<>();
    private final List<String> startedAgain = new ArrayList<>();
    private final TreeSet<String> members = new TreeSet<>();
    private final BehaviorTestKit<Command> first =
            BehaviorTestKit.create(ClusterFormationActor.create(new ClusterFormationActor.Surroundings(
                    1, "h1", 25520, new FakeCluster(), new Recorder(), startedAgain::add)));

    private static Member voter(int node) {
        return new Member(node, "h" + node, 25520, "h" + node, 2181, 100L + node);
    }

    private static String address(int node) {
        return "h" + node + ":25520#a" + node;
    }

    /** The cluster as node 1 sees it. */
    private final class FakeCluster implements ClusterMember {
        @Override
        public String address() {
            return ClusterFormationActorTest.address(1);
        }

        @Override
        public Set<String> members() {
            return members;
        }

        @Override
        public int membersUp() {
            return members.size();
        }

        @Override
        public String oldest() {
            return members.first();
        }

        @Override
        public void join(String host, int port) {
            joins.add(host + ":" + port);
        }
    }

    private final class Recorder implements PeerTransport {
        @Override
        public void address(int nodeId, String host, int port) {
            throw new AssertionError("addresses come from the members");
        }

        @Override
        public void receiver(Recipient recipient, ActorRef<? extends Object> ref) {
            throw new AssertionError("the guardian registers receivers");
        }

        @Override
        public void send(int nodeId, Recipient recipient, WireMessage message) {
            assertThat(recipient).isEqualTo(Recipient.CLUSTER);
            sent.add(new Sent(nodeId, message));
        }

        @Override
        public void send(String host, int port, Recipient recipient, WireMessage message) {
            throw new AssertionError("a cluster is formed of members alone");
        }
    }

    private void leads(int syncedFollowers) {
        first.run(new Standing(Role.LEADING, true, 1, syncedFollowers, THREE));
    }

    private void follows(int leader) {
        first.run(new Standing(Role.FOLLOWING, true, leader, 0, THREE));
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            first.run(Timer.LOOK);
        }
    }

    private static Report outside(int node) {
        return new Report(node, address(node), "");
    }

    private static Report in(String cluster, int node) {
        return new Report(node, address(node), cluster);
    }

    // ---- forming ----

    @Test
    void nobody_joins_by_itself() {
        look(A_MINUTE);
        first.run(new Standing(Role.LOOKING, false, 0, 0, THREE));
        look(A_MINUTE);
        first.run(new Standing(Role.LEADING, false, 1, 0, THREE));
        look(A_MINUTE);
        follows(2);
        look(A_MINUTE);

        assertThat(joins).isEmpty();
    }

    @Test
    void a_leader_forms_the_cluster_once_all_voters_have_said_that_they_are_in_none() {
        leads(2);
        first.run(outside(2));
        look(1);
        assertThat(joins).isEmpty();
        first.run(outside(3));
        look(1);

        assertThat(joins).containsExactly("h1:25520");
        look(5);
        assertThat(joins).as("Akka repeats it by itself").hasSize(1);
    }

    @Test
    void a_leader_waits_a_little_for_a_voter_that_is_away_but_never_acts_without_a_quorum() {
        leads(1);
        look(A_MINUTE);
        assertThat(joins).isEmpty();
        first.run(outside(2));
        look(1);

        assertThat(joins).containsExactly("h1:25520");
    }

    @Test
    void a_leader_joins_the_cluster_that_most_of_its_followers_are_in() {
        leads(2);
        first.run(in(address(2), 2));
        first.run(in("elsewhere:1#1", 3));
        first.run(in("elsewhere:1#1", 4));
        look(1);

        assertThat(joins).containsExactly("h3:25520");
    }

    @Test
    void what_was_reported_to_an_earlier_leadership_is_void() {
        leads(2);
        first.run(outside(2));
        first.run(outside(3));
        follows(2);
        leads(2);
        look(A_MINUTE);

        assertThat(joins).isEmpty();
    }

    // ---- joining ----

    @Test
    void a_follower_reports_at_once_and_until_it_is_with_its_leader_often() {
        follows(2);
        assertThat(sent).containsExactly(new Sent(2, outside(1)));
        look(20);
        assertThat(sent).hasSize(11);
        sent.clear();
        members.addAll(List.of(address(1), address(2)));
        look(20);

        assertThat(sent).containsExactly(new Sent(2, in(address(1), 1)), new Sent(2, in(address(1), 1)));
    }

    @Test
    void a_leader_in_a_cluster_calls_in_who_is_in_none() {
        members.add(address(1));
        leads(2);
        first.run(outside(3));

        assertThat(sent).containsExactly(new Sent(3, new JoinMine(1, "h1", 25520)));
    }

    @Test
    void a_follower_joins_where_its_leader_says_and_nowhere_else() {
        follows(2);
        first.run(new JoinMine(3, "h3", 25520));
        assertThat(joins).isEmpty();
        first.run(new JoinMine(2, "h2", 25520));
        first.run(new JoinMine(2, "h2", 25520));
        assertThat(joins).containsExactly("h2:25520");
        follows(3);
        first.run(new JoinMine(3, "h3", 25520));

        assertThat(joins).as("another leader before Akka succeeded").containsExactly("h2:25520", "h3:25520");
    }

    @Test
    void who_is_in_a_cluster_joins_no_other() {
        members.add(address(1));
        follows(2);
        first.run(new JoinMine(2, "h2", 25520));

        assertThat(joins).isEmpty();
    }

    // ---- two clusters side by side ----

    private List<Sent> toldToStartAgain() {
        return sent.stream().filter(s -> s.message() instanceof Astray).toList();
    }

    private void lookWhileReporting(int times, Report... reports) {
        for (int i = 0; i < times; i++) {
            for (Report report : reports) {
                first.run(report);
            }
            look(1);
        }
    }

    @Test
    void a_node_in_another_cluster_is_told_to_start_again_once_gossip_had_its_time() {
        members.add(address(1));
        leads(2);
        lookWhileReporting(15, in(address(3), 3));
        assertThat(toldToStartAgain()).isEmpty();
        lookWhileReporting(10, in(address(3), 3));

        assertThat(toldToStartAgain()).containsExactly(new Sent(3, new Astray(1, address(3), address(1))));
    }

    @Test
    void a_node_that_gossip_tells_of_in_time_is_left_alone() {
        members.add(address(1));
        leads(2);
        lookWhileReporting(15, in(address(3), 3));
        members.add(address(3));
        lookWhileReporting(A_MINUTE, in(address(1), 3));

        assertThat(toldToStartAgain()).isEmpty();
    }

    @Test
    void one_starts_again_after_the_other() {
        members.add(address(1));
        leads(2);
        lookWhileReporting(A_MINUTE, in(address(2), 2), in(address(2), 3));
        assertThat(toldToStartAgain()).extracting(Sent::to).containsExactly(2);
        members.add("h2:25520#b");
        lookWhileReporting(2, new Report(2, "h2:25520#b", address(1)), in(address(2), 3));

        assertThat(toldToStartAgain()).extracting(Sent::to).containsExactly(2, 3);
    }

    @Test
    void no_voter_is_told_without_which_no_quorum_would_serve() {
        members.add(address(1));
        leads(1);
        lookWhileReporting(A_MINUTE, in(address(3), 3));
        assertThat(toldToStartAgain()).isEmpty();
        lookWhileReporting(A_MINUTE, in(address(4), 4));

        assertThat(toldToStartAgain())
                .as("an observer is none of the quorum")
                .extracting(Sent::to)
                .containsExactly(4);
    }

    @Test
    void a_node_starts_again_only_when_its_leader_means_its_present_actor_system() {
        members.add(address(1));
        follows(2);
        first.run(new Astray(3, address(1), address(3)));
        first.run(new Astray(2, "h1:25520#before", address(2)));
        assertThat(startedAgain).isEmpty();
        first.run(new Astray(2, address(1), address(2)));
        assertThat(startedAgain).hasSize(1);
    }

    @Test
    void a_node_that_sees_the_leader_in_its_cluster_and_a_leader_never_start_again() {
        members.addAll(List.of(address(1), address(2)));
        follows(2);
        first.run(new Astray(2, address(1), address(2)));
        members.remove(address(2));
        leads(2);
        first.run(new Astray(2, address(1), address(2)));

        assertThat(startedAgain).isEmpty();
    }
}
