package io.troupe.sim;

import static org.assertj.core.api.Assertions.assertThat;

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

    /** Caught mutation: a snapshot copies the session table at its end instead of as of its zxid (ZOOKEEPER-3144). */
    @Test
    void S14_no_snapshot_separates_a_session_from_its_ephemerals() {
        try (Scenario scenario = new Scenario(3)) {
            SimClient client = scenario.client();
            scenario.mustCreate(client, "/e");
            for (int i = 0; i < 150; i++) {
                SimClient brief = scenario.clientOf(scenario.node(1 + i % 3));
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

    /** Caught mutation: a snapshot leaves out the table of access control lists, or counts its uses wrongly (3306, 4846). */
    @Test
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
            scenario.outgrowTheLog(client, "/a");
            scenario.restart(late);
            SimClient reader = scenario.clientOf(late);
            for (int i = 0; i < 20; i++) {
                Call read = scenario.await(reader.read(new ReadOperation.GetAcl("/a/" + i), call -> {}));
                assertThat(read.result() instanceof Result.AclFound found ? found.acl() : List.of())
                        .isEqualTo(lists.get(i));
            }
        }
    }

    /** Caught mutation: a learner that missed a closeSession is served from behind it (ZOOKEEPER-2355). */
    @Test
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

    /** Caught mutation: expiry is decided by each node for itself, or is not replicated (ZOOKEEPER-1367, 1319). */
    @Test
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
}
