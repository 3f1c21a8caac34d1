package io.troupe.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.TakeSnapshot;
import io.troupe.contract.Shows;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Result;
import io.troupe.sim.SimNode.Death;
import io.troupe.sim.invariant.DurableState;
import io.troupe.sim.invariant.SegmentRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Ways in which what stood on a disk, in a log or in a snapshot, has made replicas differ; see the other scenarios. */
class StorageScenariosTest {
    private static final Duration LONG = Duration.ofSeconds(3);
    /** Long enough for many batches to gather, and too short for anybody to be suspected. */
    private static final Duration CATCH_UP = Duration.ofMillis(150);

    @Test
    @Shows("S7")
    void S7_a_node_whose_disk_failed_vouches_for_nothing_it_only_remembers() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode leader = scenario.leader();
            SimClient client = scenario.clientOf(leader);
            scenario.mustCreate(client, "/a");
            SimNode failing = scenario.followers().get(0);
            AtomicBoolean failed = new AtomicBoolean();
            AtomicBoolean vouched = new AtomicBoolean();
            int exitsBefore = failing.exits();
            scenario.when(
                    sent -> failed.get()
                            && failing.exits() == exitsBefore
                            && sent.from() == failing.id()
                            && sent.is(Ack.class),
                    sent -> vouched.set(true));
            failing.disk().failNextSync();
            failed.set(true);
            scenario.mustSetOften(client, "/a", 10);
            scenario.run(LONG);
            assertThat(failing.exits()).isEqualTo(exitsBefore + 1);
            assertThat(vouched).isFalse();
            scenario.mustAgree();
            scenario.restartAll();
            scenario.mustAgree();
        }
    }

    @Test
    @Shows("S9")
    void S9_a_snapshot_holds_nothing_that_did_not_commit() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode deposed = scenario.leader();
            SimClient stranded = scenario.clientOf(deposed);
            scenario.mustCreate(stranded, "/a");
            scenario.mustSetOften(stranded, "/a", 280);
            long committed = DurableState.of(deposed.disk().durableFiles()).lastZxid();
            scenario.ensemble().isolate(deposed, SimNetwork.Cut.DROP);
            for (int i = 0; i < 400; i++) {
                scenario.set(stranded, "/a", "never committed " + i);
            }
            scenario.run(LONG);
            stranded.stop();
            assertThat(snapshots(deposed)).allSatisfy(zxid -> assertThat(zxid).isLessThanOrEqualTo(committed));
            deposed.die(Death.KILL);
            scenario.mustSet(scenario.client(), "/a", "committed");
            scenario.ensemble().network().healAll();
            scenario.restart(deposed);
            assertThat(scenario.valueAt(deposed, "/a")).isEqualTo("committed");
            scenario.mustAgree();
        }
    }

    private static void damageSnapshots(Scenario scenario, SimNode node) {
        node.die(Death.KILL);
        for (long zxid : snapshots(node)) {
            scenario.ensemble().flipBit(node, "snapshot-%016x".formatted(zxid), 100, 3);
        }
    }

    /** Caught mutation: RecoveringPhase ends the process where history is missing. */
    @Test
    void S35_a_node_whose_snapshots_are_all_damaged_takes_the_leaders_and_votes_again() {
        try (Scenario scenario = new Scenario(3)) {
            SimClient client = scenario.client();
            scenario.mustCreate(client, "/a");
            scenario.outgrowTheLog(client, "/a");
            SimNode sick = scenario.followers().get(0);
            int exits = sick.exits();
            damageSnapshots(scenario, sick);
            scenario.restart(sick);
            assertThat(sick.exits()).isEqualTo(exits);
            assertThat(sick.disk().names()).anyMatch(name -> name.matches("snapshot-.*[.]damaged"));
            scenario.run(LONG);
            scenario.mustAgree();
            SimNode other = scenario.followers().stream()
                    .filter(node -> node != sick)
                    .findFirst()
                    .orElseThrow();
            other.die(Death.KILL);
            scenario.mustSet(client, "/a", "with its vote");
            assertThat(scenario.valueAt(sick, "/a")).isEqualTo("with its vote");
        }
    }

    /** Caught mutation: a node that gave up its history counts with its old disk. */
    @Test
    void S28_a_majority_that_lost_its_history_waits_and_takes_nobody_elses_away() {
        try (Scenario scenario = new Scenario(3)) {
            SimClient client = scenario.client();
            scenario.mustCreate(client, "/a");
            scenario.outgrowTheLog(client, "/a");
            SimNode whole = scenario.leader();
            List<SimNode> sick = scenario.followers();
            long before = DurableState.of(whole.disk().durableFiles()).lastZxid();
            sick.forEach(node -> damageSnapshots(scenario, node));
            whole.die(Death.KILL);
            scenario.ensemble().startAll();
            scenario.run(Duration.ofMinutes(3));
            assertThat(scenario.ensemble().leader()).isEmpty();
            assertThat(DurableState.of(whole.disk().durableFiles()).lastZxid()).isEqualTo(before);
            assertThat(sick)
                    .allSatisfy(node ->
                            assertThat(node.disk().names()).anyMatch(name -> name.matches("snapshot-.*[.]damaged")));
        }
    }

    /** Caught mutation: nobody looks at the room before a write fails (the process ends with status 7). */
    @Test
    void full_disks_turn_writes_away_in_their_turn_while_reads_go_on_until_there_is_room() {
        try (Scenario scenario = new Scenario(3)) {
            SimClient client = scenario.client();
            scenario.mustCreate(client, "/a");
            scenario.mustSet(client, "/a", "before");
            scenario.ensemble()
                    .nodes()
                    .forEach(node -> node.disk().capacity(node.disk().used() + 140 * 1024));
            scenario.run(LONG);
            for (int i = 0; i < 200; i++) {
                Call refused = scenario.await(scenario.set(client, "/a", "v".repeat(300)));
                assertThat(refused.failedWith(ErrorCode.THROTTLED_OP))
                        .as("%s", refused)
                        .isTrue();
            }
            for (SimNode node : scenario.ensemble().nodes()) {
                assertThat(scenario.valueAt(node, "/a")).isEqualTo("before");
            }
            scenario.ensemble().nodes().forEach(node -> node.disk().capacity(Long.MAX_VALUE));
            scenario.run(LONG);
            scenario.mustSet(client, "/a", "after");
            assertThat(scenario.ensemble().nodes()).allSatisfy(node -> {
                assertThat(node.starts()).isEqualTo(1);
                assertThat(scenario.valueAt(node, "/a")).isEqualTo("after");
            });
        }
    }

    /** Caught mutation: a node whose disk is full stays in the quorum and fails. */
    @Test
    void a_minority_without_room_drops_out_and_comes_back_while_the_others_go_on() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode full = scenario.leader();
            List<SimNode> healthy = scenario.followers();
            SimClient client = scenario.client(healthy, 10_000);
            scenario.mustCreate(client, "/a");
            full.disk().capacity(full.disk().used() + 100 * 1024);
            scenario.outgrowTheLog(client, "/a");
            assertThat(full.status())
                    .satisfiesAnyOf(
                            status -> assertThat(status).isNull(),
                            status -> assertThat(status.serving()).isFalse());
            assertThat(full.exits()).isZero();
            full.disk().capacity(Long.MAX_VALUE);
            scenario.run(LONG);
            assertThat(full.status())
                    .isNotNull()
                    .satisfies(status -> assertThat(status.serving()).isTrue());
            scenario.mustAgree();
        }
    }

    private static List<Long> snapshots(SimNode node) {
        return node.disk().files().keySet().stream()
                .filter(name -> name.matches("snapshot-[0-9a-f]{16}"))
                .map(name -> Long.parseUnsignedLong(name.substring("snapshot-".length()), 16))
                .toList();
    }

    @Test
    @Shows("S10")
    void S10_a_restart_leads_to_the_same_tree_however_the_node_went_down() {
        try (Scenario scenario = new Scenario(3)) {
            SimClient client = scenario.client();
            scenario.mustCreate(client, "/a");
            scenario.mustSetOften(client, "/a", 350);
            TreeDump before = scenario.mustAgree();
            for (SimNode node : scenario.ensemble().nodes()) {
                for (Death how : Death.values()) {
                    node.die(how);
                    scenario.restart(node);
                }
            }
            assertThat(scenario.mustAgree().differenceFrom(before)).isEmpty();
            scenario.restartAll();
            assertThat(scenario.mustAgree().differenceFrom(before)).isEmpty();
        }
    }

    @Test
    @Shows("S11")
    void S11_a_snapshot_that_arrived_in_part_is_never_a_base() {
        for (int n = 1; n <= 40; n++) {
            try (Scenario scenario = new Scenario(3)) {
                SimClient client = scenario.clientOf(scenario.leader());
                scenario.mustCreate(client, "/a");
                SimNode late = scenario.followers().get(0);
                String disk = diskId(late);
                late.die(Death.KILL);
                scenario.outgrowTheLog(client, "/a");
                AtomicBoolean snapshot = new AtomicBoolean();
                scenario.when(sent -> sent.is(TakeSnapshot.class), sent -> snapshot.set(true));
                late.disk().atOperation(n, () -> late.die(Death.POWER_LOSS));
                late.start();
                scenario.run(LONG);
                late.disk().disarm();
                scenario.mustSetOften(client, "/a", 5);
                late.start();
                scenario.run(LONG);
                scenario.mustAgree();
                assertThat(snapshot).isTrue();
                late.die(Death.POWER_LOSS);
                scenario.restart(late);
                scenario.mustAgree();
                assertThat(diskId(late))
                        .as("nothing was lost that it had to take anew")
                        .isEqualTo(disk);
            }
        }
    }

    @Test
    @Shows("S13")
    void S13_a_snapshot_taken_amid_changes_reverts_nothing() {
        try (Scenario scenario = new Scenario(3)) {
            SimClient client = scenario.clientOf(scenario.leader());
            scenario.mustCreate(client, "/q");
            List<Call> created = new ArrayList<>();
            SimNode follower = scenario.followers().get(0);
            for (int i = 0; i < 400; i++) {
                if (i % 50 == 0) {
                    // So that it executes many batches at once, and a snapshot is encoded while more of them follow.
                    follower.pause(CATCH_UP);
                }
                created.add(scenario.create(client, "/q/n-", CreateMode.PERSISTENT_SEQUENTIAL));
                if (i % 3 == 2) {
                    Call oldest = scenario.await(created.get(i - 2));
                    client.write(new Operation.Delete(nameOf(oldest), -1), call -> {});
                }
            }
            created.forEach(scenario::await);
            TreeDump before = scenario.mustAgree();
            scenario.restartAll();
            assertThat(scenario.mustAgree().differenceFrom(before)).isEmpty();
            SimClient next = scenario.client();
            String name = nameOf(scenario.await(scenario.create(next, "/q/n-", CreateMode.PERSISTENT_SEQUENTIAL)));
            assertThat(created).allSatisfy(call -> assertThat(nameOf(call)).isLessThan(name));
        }
    }

    private static String nameOf(Call create) {
        assertThat(create.ok()).as("%s", create).isTrue();
        return create.result() instanceof Result.Created created ? created.path() : "";
    }

    @Test
    @Shows("S18")
    void S18_power_lost_at_any_change_of_an_election_leaves_a_node_that_starts_and_joins() {
        // What a loss of power leaves of what was not synced is a matter of chance.
        for (int n = 1; n <= 48; n++) {
            try (Scenario scenario = new Scenario(3, n)) {
                SimClient client = scenario.client();
                scenario.mustCreate(client, "/a");
                scenario.mustSet(client, "/a", "kept");
                SimNode unlucky = scenario.followers().get(0);
                unlucky.disk().atOperation(1 + n % 16, () -> unlucky.die(Death.POWER_LOSS));
                scenario.leader().die(Death.KILL);
                scenario.run(LONG);
                unlucky.disk().disarm();
                scenario.ensemble().startAll();
                scenario.run(LONG);
                assertThat(scenario.valueAt(unlucky, "/a")).isEqualTo("kept");
                DurableState state = DurableState.of(unlucky.disk().durableFiles());
                assertThat(state.acceptedEpoch()).isGreaterThanOrEqualTo(state.currentEpoch());
                scenario.mustAgree();
            }
        }
    }

    /** Runs writes of a follower's clients until its power fails at the n-th change of its disk, then lets it come back. */
    private static void losePowerAt(int n, long seed, int writesBefore, int writesAround) {
        try (Scenario scenario = new Scenario(3, seed)) {
            SimClient client = scenario.clientOf(scenario.leader());
            scenario.mustCreate(client, "/a");
            scenario.mustSetOften(client, "/a", writesBefore, "v".repeat(300));
            SimNode unlucky = scenario.followers().get(0);
            String disk = diskId(unlucky);
            unlucky.disk().atOperation(n, () -> unlucky.die(Death.POWER_LOSS));
            scenario.mustSetOften(client, "/a", writesAround, "w".repeat(300));
            scenario.run(Duration.ofMillis(200));
            unlucky.disk().disarm();
            unlucky.die(Death.POWER_LOSS);
            scenario.restart(unlucky);
            assertThat(diskId(unlucky)).as("nothing it had vouched for is lost").isEqualTo(disk);
            scenario.mustAgree();
            scenario.restartAll();
            scenario.mustAgree();
        }
    }

    @Test
    @Shows("S22")
    void S22_the_position_of_a_snapshot_and_its_state_become_visible_together() {
        // The second snapshot lets the log be purged up to the first.
        for (int n = 1; n <= 16; n++) {
            losePowerAt(n, 1, 590, 20);
        }
    }

    @Test
    @Shows("S23")
    void S23_a_lone_server_answers_only_what_a_loss_of_power_cannot_take() {
        try (Scenario scenario = new Scenario(1)) {
            SimNode alone = scenario.leader();
            scenario.mustCreate(scenario.client(), "/a");
            for (int i = 0; i < 20; i++) {
                // One that does not think itself connected still.
                SimClient client = scenario.client();
                alone.disk().syncTakes(1_000_000, 20_000_000);
                scenario.mustSet(client, "/a", "answered " + i);
                client.stop();
                alone.die(Death.POWER_LOSS);
                scenario.restart(alone);
                assertThat(scenario.valueAt(alone, "/a")).isEqualTo("answered " + i);
            }
        }
    }

    @Test
    @Shows("S24")
    void S24_power_lost_while_the_log_is_purged_loses_and_repeats_nothing() {
        // The third snapshot lets what lies between the first two be purged; what of that survives is a matter of
        // chance.
        for (int n = 11; n <= 17; n++) {
            for (long seed = 1; seed <= 4; seed++) {
                losePowerAt(n, seed, 890, 20);
            }
        }
    }

    @Test
    @Shows("S35")
    void S35_damage_in_the_middle_of_a_log_costs_the_node_its_vote_until_peers_have_repaired_it() {
        try (Scenario scenario = new Scenario(3)) {
            SimClient client = scenario.clientOf(scenario.leader());
            scenario.mustCreate(client, "/a");
            SimNode damaged = scenario.followers().get(0);
            SimNode other = scenario.followers().get(1);
            scenario.mustSetOften(client, "/a", 100);
            String disk = diskId(damaged);
            damaged.die(Death.KILL);
            scenario.ensemble().flipBit(damaged, "log-0000000000000000", SegmentRecords.HEADER + 600, 3);
            client.stop();
            other.die(Death.KILL);
            SimNode leader = scenario.ensemble().nodes().stream()
                    .filter(SimNode::up)
                    .findFirst()
                    .orElseThrow();
            leader.die(Death.KILL);
            damaged.start();
            other.start();
            scenario.run(LONG);
            assertThat(scenario.ensemble().leader())
                    .as("of a whole and a damaged one")
                    .isEmpty();
            scenario.restart(leader);
            scenario.run(LONG);
            assertThat(diskId(damaged)).isNotEqualTo(disk);
            scenario.mustAgree();
        }
    }

    private static String diskId(SimNode node) {
        byte[] meta = node.disk().durableFile("node.meta");
        return DurableState.promises(Objects.requireNonNull(meta))
                .lines()
                .filter(line -> line.startsWith("disk="))
                .findFirst()
                .orElseThrow();
    }
}
