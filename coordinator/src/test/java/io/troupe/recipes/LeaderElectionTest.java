package io.troupe.recipes;

import static io.troupe.recipes.Rig.get;
import static io.troupe.recipes.Rig.names;
import static io.troupe.recipes.Rig.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import akka.stream.javadsl.Sink;
import io.troupe.client.Session;
import io.troupe.recipes.Rig.Party;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Elections with real nodes that die, and sessions that expire. */
class LeaderElectionTest {
    @TempDir
    Path directory;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(directory);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void whoStandsLongestLeadsAndTheNextFollows() {
        Party watching = rig.party();
        LeaderElection first = rig.party().recipes().leaderElection("/election", "ada");
        Lease lead = get(first.awaitLead());
        LeaderElection second = watching.recipes().leaderElection("/election", "bob");
        LeaderElection third = rig.party().recipes().leaderElection("/election", "eve");
        CompletionStage<List<Standing>> seen = second.changes().runWith(Sink.seq(), watching.system());
        patiently().until(() -> get(first.candidates()).size() == 3);
        // As far as the node of each knows.
        patiently()
                .until(() ->
                        get(second.leader()).isPresent() && get(third.leader()).isPresent());
        assertThat(get(second.leader()).orElseThrow().id()).isEqualTo("ada");
        assertThat(get(third.leader()).orElseThrow().token()).isEqualTo(lead.token());

        get(first.resign());

        patiently().until(() -> get(third.candidates()).size() == 2);
        List<LeaderElection.Candidate> left = get(third.candidates());
        assertThat(left).hasSize(2);
        LeaderElection next = left.get(0).id().equals("bob") ? second : third;
        LeaderElection last = next == second ? third : second;
        Lease nextLead = get(next.awaitLead());
        assertThat(nextLead.token()).isGreaterThan(lead.token());
        assertThat(first.isLeader()).isFalse();
        assertThat(last.isLeader()).isFalse();
        get(next.resign());
        assertThat(get(last.awaitLead()).token()).isGreaterThan(nextLead.token());
        get(last.resign());
        assertThat(get(seen))
                .satisfiesExactly(
                        granted -> assertThat(granted).isInstanceOf(Standing.Granted.class),
                        lost -> assertThat(lost).isEqualTo(new Standing.Lost(Loss.RELEASED)),
                        ended -> assertThat(ended).isEqualTo(new Standing.Ended(null)));
    }

    @Test
    void aLeaderWhoseSessionExpiresIsToldBeforeTheNextLeads() {
        Party doomed = rig.party(Duration.ofSeconds(2));
        List<String> order = new CopyOnWriteArrayList<>();
        LeaderElection leader = doomed.recipes().leaderElection("/election", "doomed");
        long token = get(leader.awaitLead()).token();
        leader.onChange(standing -> order.add("old " + standing.getClass().getSimpleName()));
        LeaderElection heir = rig.party().recipes().leaderElection("/election", "heir");
        heir.onChange(standing -> order.add("new " + standing.getClass().getSimpleName()));

        rig.expire(doomed);

        assertThat(get(heir.awaitLead()).token()).isGreaterThan(token);
        patiently().until(() -> order.contains("old Ended"));
        assertThat(order.indexOf("old Lost")).isBetween(0, order.indexOf("new Granted"));
        assertThat(leader.isLeader()).isFalse();
    }

    @Test
    void leadersAgreeThroughTheDeathOfEachNode() throws Exception {
        List<LeaderElection> candidates = new ArrayList<>();
        List<Party> parties = new ArrayList<>();
        List<Long> tokens = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 3; i++) {
            Party party = rig.party(Duration.ofSeconds(10));
            parties.add(party);
            LeaderElection candidate = party.recipes().leaderElection("/election", "candidate-" + i);
            candidates.add(candidate);
            get(party.session().exists("/"));
            candidate.onChange(standing -> {
                if (standing instanceof Standing.Granted granted) {
                    tokens.add(granted.lease().token());
                }
            });
        }
        Session witness = rig.party().session();
        patiently().until(() -> leading(candidates) == 1);

        for (int i = 0; i < 3; i++) {
            rig.ensemble().stopNode(i);
            patiently()
                    .until(() -> parties.stream()
                                    .allMatch(party -> party.session().state().isConnected())
                            && leading(candidates) == 1);
            rig.ensemble().startNode(i);
            rig.ensemble().awaitServing(i);
        }

        assertThat(names(witness, "/election")).hasSize(3);
        assertThat(tokens).isSorted();
        for (LeaderElection candidate : candidates) {
            get(candidate.resign());
        }
        assertThat(names(witness, "/election")).isEmpty();
    }

    private static long leading(List<LeaderElection> candidates) {
        return candidates.stream().filter(LeaderElection::isLeader).count();
    }

    @Test
    void aCandidateMayBeAnActor() {
        Party party = rig.party();
        TestProbe<Standing> probe = TestProbe.create(party.system());
        ActorRef<Release> candidate = party.system()
                .systemActorOf(
                        party.recipes().candidate("/election", "actor", probe.ref()), "candidate", Props.empty());

        Lease lead = ((Standing.Granted) probe.receiveMessage(Duration.ofMinutes(1))).lease();
        get(rig.party().session().delete(lead.path()));

        assertThat(probe.receiveMessage(Duration.ofMinutes(1))).isEqualTo(new Standing.Lost(Loss.REMOVED));
        Lease again = ((Standing.Granted) probe.receiveMessage(Duration.ofMinutes(1))).lease();
        assertThat(again.token()).isGreaterThan(lead.token());
        candidate.tell(new Release());
        assertThat(probe.receiveMessage(Duration.ofMinutes(1))).isEqualTo(new Standing.Lost(Loss.RELEASED));
        assertThat(probe.receiveMessage(Duration.ofMinutes(1))).isEqualTo(new Standing.Ended(null));
    }
}
