package io.troupe.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.LeaderConfirmed;
import io.troupe.broadcast.PeerMessage.TakeSnapshot;
import io.troupe.contract.Shows;
import io.troupe.edge.NodeStatus;
import io.troupe.edge.ReadOperation;
import io.troupe.request.Result;
import io.troupe.sim.SimNode.Death;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Ways in which a leader that should not lead, or a voter that should not vote, has done harm; see the other scenarios. */
class LeadershipScenariosTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(3);

    /** A sync with a read behind it. */
    private static Call syncedRead(SimClient client, String path) {
        client.read(new ReadOperation.Sync(path), call -> {});
        return client.read(new ReadOperation.GetData(path, false), call -> {});
    }

    private static String valueOf(Call read) {
        return read.result() instanceof Result.Data found && found.data() != null
                ? new String(found.data(), UTF_8)
                : "(none)";
    }

    private static void mustNotBeStale(List<Call> reads) {
        assertThat(reads)
                .filteredOn(Call::ok)
                .allSatisfy(read -> assertThat(valueOf(read)).isEqualTo("new"));
    }

    @Test
    @Shows("S20")
    void S20_a_deposed_leader_answers_no_synced_read_out_of_the_past() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode deposed = scenario.leader();
            List<SimNode> others = scenario.followers();
            SimClient stranded = scenario.clientOf(deposed);
            scenario.mustCreate(stranded, "/a");
            scenario.mustSet(stranded, "/a", "old");
            SimClient client = scenario.client(others, 10_000);
            scenario.await(syncedRead(client, "/a"));
            // The others hear nothing more of it and elect one of them; it still hears them for a moment.
            others.forEach(node -> scenario.ensemble().network().cut(deposed.id(), node.id(), SimNetwork.Cut.DROP));
            Call write = scenario.set(client, "/a", "new");
            scenario.world().runUntil(write::done, LONG);
            assertThat(write.ok()).as("%s", write).isTrue();
            List<Call> reads = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                reads.add(syncedRead(stranded, "/a"));
                scenario.run(Duration.ofMillis(5));
            }
            scenario.ensemble().network().healAll();
            scenario.run(LONG);
            mustNotBeStale(reads);
            assertThat(scenario.valueAt(deposed, "/a")).isEqualTo("new");
        }
    }

    @Test
    @Shows("S21")
    void S21_a_leader_that_stood_still_takes_no_confirmation_from_before_for_one_of_now() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode deposed = scenario.leader();
            SimNode late = scenario.followers().get(1);
            SimClient stranded = scenario.clientOf(deposed);
            scenario.mustCreate(stranded, "/a");
            scenario.mustSet(stranded, "/a", "old");
            SimClient client = scenario.client(scenario.followers(), 10_000);
            scenario.await(syncedRead(client, "/a"));
            scenario.ensemble().network().cut(late.id(), deposed.id(), SimNetwork.Cut.HOLD);
            scenario.when(
                    sent -> sent.from() == late.id() && sent.is(LeaderConfirmed.class),
                    sent -> deposed.pause(Duration.ofSeconds(20)));
            syncedRead(stranded, "/a");
            // Written only now: what the deposed leader had proposed would be in its own history.
            boolean replaced = scenario.world()
                    .runUntil(
                            () -> !deposed.running()
                                    && scenario.ensemble()
                                            .leader()
                                            .filter(node -> node != deposed)
                                            .isPresent(),
                            LONG);
            assertThat(replaced).isTrue();
            scenario.mustSet(client, "/a", "new");
            deposed.resume();
            Call read = syncedRead(stranded, "/a");
            scenario.run(Duration.ofMillis(20));
            scenario.ensemble().network().healAll();
            scenario.run(LONG);
            mustNotBeStale(List.of(read));
            assertThat(scenario.valueAt(deposed, "/a")).isEqualTo("new");
        }
    }

    @Test
    @Shows("S28")
    void S28_a_voter_that_comes_back_with_an_empty_disk_cannot_win_nor_help_another_to() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode leader = scenario.leader();
            SimNode absent = scenario.followers().get(0);
            SimNode wiped = scenario.followers().get(1);
            SimClient client = scenario.clientOf(leader);
            scenario.mustCreate(client, "/a");
            absent.die(Death.KILL);
            scenario.mustSet(client, "/a", "held by two");
            client.stop();
            leader.die(Death.KILL);
            wiped.die(Death.KILL);
            scenario.ensemble().wipe(wiped);
            absent.start();
            wiped.start();
            scenario.run(Duration.ofSeconds(10));
            assertThat(scenario.ensemble().leader()).isEmpty();
            scenario.restart(leader);
            assertThat(scenario.valueAt(scenario.leader(), "/a")).isEqualTo("held by two");
            scenario.run(LONG);
            scenario.mustAgree();
        }
    }

    @Test
    @Shows("S32")
    void S32_a_snapshot_replaces_what_a_deposed_leader_had_proposed() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode deposed = scenario.leader();
            SimClient stranded = scenario.clientOf(deposed);
            SimClient client = scenario.client(scenario.followers(), 10_000);
            scenario.mustCreate(client, "/a");
            scenario.ensemble().isolate(deposed, SimNetwork.Cut.DROP);
            for (int i = 0; i < 30; i++) {
                scenario.set(stranded, "/a", "stranded " + i);
            }
            scenario.run(LONG);
            stranded.stop();
            scenario.outgrowTheLog(client, "/a");
            AtomicBoolean snapshot = new AtomicBoolean();
            scenario.when(sent -> sent.is(TakeSnapshot.class), sent -> snapshot.set(true));
            scenario.ensemble().network().healAll();
            scenario.mustSetOften(client, "/a", 30);
            scenario.run(LONG);
            assertThat(snapshot).isTrue();
            scenario.mustAgree();
            deposed.die(Death.POWER_LOSS);
            scenario.restart(deposed);
            scenario.mustAgree();
        }
    }

    @Test
    @Shows("S33")
    void S33_a_leader_whose_disk_fails_is_replaced_in_one_election() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode failing = scenario.leader();
            SimClient client = scenario.client(scenario.followers(), 10_000);
            scenario.mustCreate(client, "/a");
            long epoch = epochOf(failing);
            int exits = failing.exits();
            failing.disk().failNextSync();
            scenario.mustSet(client, "/a", "while it failed");
            scenario.run(Duration.ofSeconds(2));
            assertThat(failing.exits()).isEqualTo(exits + 1);
            assertThat(scenario.leader()).isNotEqualTo(failing);
            assertThat(epochOf(scenario.leader())).isEqualTo(epoch + 1);
            scenario.mustSet(client, "/a", "afterwards");
            scenario.run(LONG);
            assertThat(scenario.valueAt(failing, "/a")).isEqualTo("afterwards");
            scenario.mustAgree();
        }
    }

    private static long epochOf(SimNode node) {
        NodeStatus status = node.status();
        return status == null ? 0 : status.epoch();
    }

    @Test
    @Shows("S34")
    void S34_a_learner_that_takes_nothing_delays_nobody_else() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode leader = scenario.leader();
            SimNode stalled = scenario.followers().get(0);
            SimClient client =
                    scenario.client(List.of(leader, scenario.followers().get(1)), 10_000);
            scenario.mustCreate(client, "/a");
            scenario.ensemble().network().cut(leader.id(), stalled.id(), SimNetwork.Cut.HOLD);
            for (int i = 0; i < 400; i++) {
                long before = scenario.world().nowMillis();
                scenario.mustSet(client, "/a", "x".repeat(1_000) + i);
                assertThat(scenario.world().nowMillis() - before)
                        .as("milliseconds for write %d", i)
                        .isLessThan(100);
            }
            scenario.ensemble().network().healAll();
            scenario.run(LONG);
            scenario.mustAgree();
        }
    }

    @Test
    @Shows("S40")
    void S40_a_change_of_members_outlives_log_and_restart() {
        try (Scenario scenario = new Scenario(3)) {
            SimClient client = scenario.client();
            scenario.mustCreate(client, "/a");
            SimNode wiped = scenario.followers().get(0);
            wiped.die(Death.KILL);
            scenario.ensemble().wipe(wiped);
            scenario.restart(wiped);
            scenario.run(SHORT);
            scenario.outgrowTheLog(client, "/a");
            client.stop();
            scenario.ensemble().nodes().forEach(node -> node.die(Death.POWER_LOSS));
            SimNode absent = scenario.ensemble().nodes().stream()
                    .filter(node -> node != wiped)
                    .findFirst()
                    .orElseThrow();
            // Its disk must count without having been listed anew.
            scenario.ensemble().nodes().stream().filter(node -> node != absent).forEach(SimNode::start);
            assertThat(scenario.leader()).isNotEqualTo(absent);
            scenario.restart(absent);
            scenario.mustAgree();
        }
    }
}
