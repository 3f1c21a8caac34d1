package io.troupe.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Shows;
import io.troupe.edge.ReadOperation;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.sim.SimNode.Death;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ways in which sessions, their ephemerals and access control have come apart; see the other scenarios. */
class SessionScenariosTest {
    private static final Duration LONG = Duration.ofSeconds(3);

    private static void mustHaveNoEphemerals(Scenario scenario) {
        TreeDump dump = scenario.mustAgree();
        assertThat(dump.znodes().values())
                .allSatisfy(znode -> assertThat(znode.stat().ephemeralOwner()).isZero());
    }

    @Test
    @Shows("S14")
    void S14_no_snapshot_separates_a_session_from_its_ephemerals() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode leader = scenario.leader();
            SimNode follower = scenario.followers().get(0);
            SimClient client = scenario.clientOf(leader);
            scenario.mustCreate(client, "/e");
            for (int i = 0; i < 150; i++) {
                if (i % 15 == 0) {
                    // So that it executes many batches at once, and a snapshot is encoded while more of them follow.
                    follower.pause(Duration.ofMillis(150));
                }
                SimClient brief = scenario.clientOf(leader);
                scenario.create(brief, "/e/" + i, CreateMode.EPHEMERAL);
                Call close = brief.write(new Operation.CloseSession(0, 0), call -> {});
                scenario.await(close);
                brief.stop();
            }
            client.stop();
            mustHaveNoEphemerals(scenario);
            scenario.restartAll();
            mustHaveNoEphemerals(scenario);
        }
    }

    @Test
    @Shows("S15")
    void S15_access_control_lists_survive_a_state_transfer() {
        try (Scenario scenario = new Scenario(3)) {
            SimClient client = scenario.clientOf(scenario.leader());
            SimNode late = scenario.followers().get(0);
            late.die(Death.KILL);
            scenario.mustCreate(client, "/a");
            List<List<Acl>> lists = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                List<Acl> list = List.of(
                        new Acl(Acl.ALL, Identity.ANYONE), new Acl(Acl.READ, new Identity("ip", "10.0.0." + i)));
                lists.add(list);
                Call create = client.write(
                        new Operation.Create("/a/" + i, new byte[0], list, CreateMode.PERSISTENT, true, -1),
                        call -> {});
                assertThat(scenario.await(create).ok()).isTrue();
            }
            Call twin = client.write(
                    new Operation.Create("/a/twin", new byte[0], lists.get(0), CreateMode.PERSISTENT, true, -1),
                    call -> {});
            assertThat(scenario.await(twin).ok()).isTrue();
            scenario.outgrowTheLog(client, "/a");
            scenario.restart(late);
            assertThat(scenario.await(client.write(new Operation.Delete("/a/twin", -1), call -> {}))
                            .ok())
                    .isTrue();
            scenario.run(LONG);
            SimClient reader = scenario.clientOf(late);
            for (int i = 0; i < 20; i++) {
                Call read = scenario.await(reader.read(new ReadOperation.GetAcl("/a/" + i), call -> {}));
                assertThat(read.result() instanceof Result.AclFound found ? found.acl() : List.of())
                        .isEqualTo(lists.get(i));
            }
        }
    }

    @Test
    @Shows("S16")
    void S16_a_follower_that_misses_the_close_of_a_session_does_not_keep_its_ephemerals() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode leader = scenario.leader();
            SimClient client = scenario.clientOf(leader);
            scenario.mustCreate(client, "/e");
            assertThat(scenario.await(scenario.create(client, "/e/1", CreateMode.EPHEMERAL))
                            .ok())
                    .isTrue();
            SimNode unlucky = scenario.followers().get(0);
            scenario.when(
                    sent -> sent.to() == unlucky.id() && sent.proposes(Operation.CloseSession.class),
                    sent -> unlucky.die(Death.POWER_LOSS));
            scenario.await(client.write(new Operation.CloseSession(0, 0), call -> {}));
            client.stop();
            scenario.run(LONG);
            assertThat(unlucky.up()).isFalse();
            scenario.restart(unlucky);
            mustHaveNoEphemerals(scenario);
        }
    }

    @Test
    @Shows("S17")
    void S17_an_expired_session_stays_expired_after_a_restart_with_a_node_that_missed_it() {
        try (Scenario scenario = new Scenario(3)) {
            SimClient client = scenario.client(List.of(scenario.leader()), 4_000);
            scenario.mustCreate(client, "/e");
            assertThat(scenario.await(scenario.create(client, "/e/1", CreateMode.EPHEMERAL))
                            .ok())
                    .isTrue();
            SimNode absent = scenario.followers().get(0);
            absent.die(Death.KILL);
            client.fallSilent(Duration.ofSeconds(60));
            scenario.run(Duration.ofSeconds(12));
            mustHaveNoEphemerals(scenario);
            absent.start();
            scenario.restartAll();
            mustHaveNoEphemerals(scenario);
            int before = client.expirations();
            scenario.run(Duration.ofSeconds(60));
            assertThat(client.expirations()).isEqualTo(before + 1);
            mustHaveNoEphemerals(scenario);
        }
    }

    @Test
    @Shows("S27")
    void S27_a_lock_passes_on_when_its_holder_has_ended_and_what_it_sent_before_is_refused() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode cutOff = scenario.followers().get(0);
            List<SimNode> others = scenario.ensemble().nodes().stream()
                    .filter(node -> node != cutOff)
                    .toList();
            SimClient holder = scenario.client(List.of(cutOff), 4_000);
            SimClient next = scenario.client(others, 10_000);
            scenario.mustCreate(next, "/guarded");
            Call first = scenario.await(scenario.create(holder, "/lock", CreateMode.EPHEMERAL));
            assertThat(first.ok()).isTrue();
            scenario.ensemble().isolate(cutOff, SimNetwork.Cut.HOLD);
            scenario.set(holder, "/guarded", "of the former holder");
            Call second = scenario.await(scenario.create(next, "/lock", CreateMode.EPHEMERAL));
            assertThat(second.ok()).as("while the first holds it").isFalse();
            for (int i = 0; i < 100 && !second.ok(); i++) {
                scenario.run(Duration.ofMillis(100));
                second = scenario.await(scenario.create(next, "/lock", CreateMode.EPHEMERAL));
            }
            assertThat(second.ok()).as("once its session has expired").isTrue();
            assertThat(second.zxid()).as("the fencing token").isGreaterThan(first.zxid());
            scenario.mustSet(next, "/guarded", "of the present holder");
            scenario.ensemble().network().healAll();
            scenario.run(LONG);
            assertThat(scenario.valueAt(scenario.leader(), "/guarded")).isEqualTo("of the present holder");
            scenario.mustAgree();
        }
    }

    @Test
    @Shows("S29")
    void S29_a_client_whose_session_has_expired_hears_so() {
        try (Scenario scenario = new Scenario(3)) {
            SimClient client = scenario.client(scenario.ensemble().nodes(), 4_000);
            scenario.mustCreate(client, "/a");
            long session = client.sessionId();
            client.fallSilent(Duration.ofSeconds(15));
            scenario.run(Duration.ofSeconds(20));
            assertThat(client.expirations()).isEqualTo(1);
            assertThat(client.sessionId()).isNotEqualTo(session);
        }
    }

    @Test
    @Shows("S36")
    void S36_what_a_client_left_behind_at_one_server_is_refused_once_it_is_at_another() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode left = scenario.followers().get(0);
            SimNode reached = scenario.followers().get(1);
            SimClient client = scenario.client(scenario.ensemble().nodes(), 10_000);
            client.pin(left);
            scenario.mustCreate(client, "/a");
            scenario.world().runUntil(() -> client.connected() && client.at() == left, LONG);
            scenario.ensemble().network().cut(left.id(), scenario.leader().id(), SimNetwork.Cut.HOLD);
            scenario.set(client, "/a", "left behind");
            scenario.run(Duration.ofMillis(20));
            client.pin(reached);
            scenario.mustSet(client, "/a", "sent later");
            scenario.ensemble().network().healAll();
            scenario.run(LONG);
            assertThat(scenario.valueAt(scenario.leader(), "/a")).isEqualTo("sent later");
            scenario.mustAgree();
        }
    }
}
