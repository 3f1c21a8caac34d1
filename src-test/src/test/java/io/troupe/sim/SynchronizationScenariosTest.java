package io.troupe.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.AckNewLeader;
import io.troupe.broadcast.PeerMessage.CutBack;
import io.troupe.broadcast.PeerMessage.NewLeader;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.broadcast.PeerMessage.TakeSnapshot;
import io.troupe.broadcast.PeerMessage.UpToDate;
import io.troupe.contract.Shows;
import io.troupe.sim.SimNode.Death;
import io.troupe.sim.invariant.DurableState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Ways in which coordinators have lost or doubled history while a learner was brought up to date, one test for each. The
 * numbers are those of the project's list of correctness scenarios, the issue numbers ZooKeeper's.
 */
class SynchronizationScenariosTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(3);

    /**
     * Leaves one node with a write that only its own disk holds, and everything down.
     *
     * @return that node
     */
    private static SimNode onlyOneDiskHolds(Scenario scenario, String path, String value) {
        SimClient any = scenario.client();
        scenario.mustCreate(any, path);
        scenario.mustSet(any, path, "old");
        SimNode leader = scenario.leader();
        SimClient client = scenario.clientOf(leader);
        scenario.mustSet(client, path, "old too");
        scenario.followers().forEach(node -> node.die(Death.POWER_LOSS));
        Call write = scenario.set(client, path, value);
        scenario.run(Duration.ofMillis(100));
        assertThat(write.done()).isFalse();
        leader.die(Death.POWER_LOSS);
        any.stop();
        client.stop();
        return leader;
    }

    private static SimNode another(Scenario scenario, SimNode... not) {
        return scenario.ensemble().nodes().stream()
                .filter(node -> !List.of(not).contains(node))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Shows("S1")
    void S1_what_a_leader_counts_as_held_by_a_quorum_survives_the_loss_of_power_at_that_moment() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode first = onlyOneDiskHolds(scenario, "/a", "only here");
            SimNode second = another(scenario, first);
            SimNode third = another(scenario, first, second);
            second.disk().syncTakes(30_000_000, 60_000_000);
            AtomicBoolean established = new AtomicBoolean();
            scenario.when(sent -> sent.from() == first.id() && sent.is(UpToDate.class), sent -> {
                established.set(true);
                first.die(Death.POWER_LOSS);
                second.die(Death.POWER_LOSS);
            });
            first.start();
            second.start();
            scenario.world().runUntil(established::get, Duration.ofSeconds(20));
            scenario.healthy();
            assertThat(established).isTrue();
            second.start();
            third.start();
            assertThat(scenario.valueAt(scenario.leader(), "/a")).isEqualTo("only here");
        }
    }

    @Test
    @Shows("S2")
    void S2_an_epoch_is_never_on_disk_before_its_history() {
        // From the first change of a start to the last of synchronization.
        for (int n = 1; n <= 36; n++) {
            try (Scenario scenario = new Scenario(3)) {
                SimNode first = onlyOneDiskHolds(scenario, "/a", "only here");
                SimNode second = another(scenario, first);
                long history = DurableState.of(first.disk().durableFiles()).lastZxid();
                long oldEpoch = DurableState.of(second.disk().durableFiles()).currentEpoch();
                second.disk().atOperation(n, () -> second.die(Death.POWER_LOSS));
                first.start();
                second.start();
                scenario.run(LONG);
                second.disk().disarm();
                DurableState left = DurableState.of(second.disk().durableFiles());
                assertThat(left.currentEpoch() == oldEpoch || left.lastZxid() >= history)
                        .as("power lost at change %d left %s", n, left)
                        .isTrue();
                another(scenario, first, second).start();
                second.start();
                scenario.leader();
                scenario.mustAgree();
            }
        }
    }

    @Test
    @Shows("S3")
    void S3_proposals_and_commits_between_newleader_and_uptodate_are_applied_once() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode leader = scenario.leader();
            SimClient client = scenario.clientOf(leader);
            scenario.mustCreate(client, "/a");
            SimNode late = scenario.followers().get(0);
            late.die(Death.KILL);
            scenario.mustSetOften(client, "/a", 20);
            late.disk().syncTakes(20_000_000, 40_000_000);
            AtomicInteger between = new AtomicInteger();
            AtomicBoolean told = new AtomicBoolean();
            AtomicBoolean done = new AtomicBoolean();
            scenario.ensemble().network().observe((from, to, recipient, message) -> {
                Scenario.Sent sent = new Scenario.Sent(from, to, message);
                if (to == late.id() && !done.get()) {
                    told.compareAndSet(false, sent.is(NewLeader.class));
                    done.set(sent.is(UpToDate.class));
                    if (told.get() && sent.is(Propose.class)) {
                        between.incrementAndGet();
                    }
                }
            });
            late.start();
            for (int i = 0; !done.get(); i++) {
                assertThat(i).as("writes until it is up to date").isLessThan(5_000);
                scenario.mustSet(client, "/a", "during " + i);
            }
            assertThat(between.get()).isPositive();
            scenario.mustAgree();
            assertThat(late.exits()).isZero();
        }
    }

    @Test
    @Shows("S4")
    void S4_a_follower_that_dies_right_after_uptodate_misses_nothing_later() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode leader = scenario.leader();
            SimClient client = scenario.clientOf(leader);
            scenario.mustCreate(client, "/a");
            SimNode bounced = scenario.followers().get(0);
            bounced.die(Death.KILL);
            scenario.mustSetOften(client, "/a", 10);
            scenario.when(
                    sent -> sent.to() == bounced.id() && sent.is(UpToDate.class),
                    sent -> scenario.world().schedule(null, 700_000, () -> bounced.die(Death.POWER_LOSS)));
            bounced.start();
            List<Call> calls = new ArrayList<>();
            while (bounced.up()) {
                calls.add(scenario.set(client, "/a", "v" + calls.size()));
                scenario.run(Duration.ofMillis(1));
            }
            calls.forEach(call -> assertThat(scenario.await(call).ok()).isTrue());
            scenario.restart(bounced);
            scenario.mustAgree();
            scenario.restartAll();
            scenario.mustAgree();
        }
    }

    @Test
    @Shows("S5")
    void S5_history_never_has_a_hole_whoever_serves_it() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode leader = scenario.leader();
            SimClient client = scenario.clientOf(leader);
            scenario.mustCreate(client, "/a");
            SimNode follower = scenario.followers().get(0);
            SimNode absent = scenario.followers().get(1);
            scenario.ensemble()
                    .network()
                    .loseOne((from, to, message) ->
                            to == follower.id() && new Scenario.Sent(from, to, message).is(Propose.class));
            // One at a time, so that proposals follow the lost one before any beat can tell of it.
            for (int i = 0; i < 20; i++) {
                scenario.mustSet(client, "/a", "one of " + i);
            }
            scenario.run(SHORT);
            absent.die(Death.KILL);
            scenario.mustSetOften(client, "/a", 50);
            follower.die(Death.KILL);
            scenario.run(SHORT);
            scenario.restart(follower);
            scenario.mustSet(client, "/a", "last");
            client.stop();
            leader.die(Death.KILL);
            absent.start();
            assertThat(scenario.leader()).isEqualTo(follower);
            assertThat(scenario.valueAt(absent, "/a")).isEqualTo("last");
            scenario.mustAgree();
        }
    }

    @Test
    @Shows("S6")
    void S6_nothing_of_an_old_term_reaches_log_or_tree_in_a_new_one() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode deposed = scenario.leader();
            SimClient stranded = scenario.clientOf(deposed);
            SimClient client = scenario.client(scenario.followers(), 10_000);
            scenario.mustCreate(client, "/a");
            // Slow enough that the old term's writes and truncations are still under way in the new one.
            deposed.disk().syncTakes(400_000_000, 900_000_000);
            scenario.ensemble().isolate(deposed, SimNetwork.Cut.HOLD);
            for (int i = 0; i < 30; i++) {
                scenario.set(stranded, "/a", "stranded " + i);
            }
            scenario.run(LONG);
            assertThat(scenario.leader()).isNotEqualTo(deposed);
            scenario.mustSet(client, "/a", "new");
            scenario.ensemble().network().healAll();
            scenario.mustSetOften(client, "/a", 30);
            deposed.disk().syncTakes(200_000, 2_000_000);
            scenario.run(LONG);
            scenario.mustAgree();
            scenario.restartAll();
            scenario.mustAgree();
        }
    }

    @Test
    @Shows("S6")
    void S6_what_an_earlier_connection_asked_of_the_disk_acknowledges_nothing_of_the_present_one() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode leader = scenario.leader();
            SimClient client = scenario.clientOf(leader);
            scenario.mustCreate(client, "/a");
            SimNode late = scenario.followers().get(0);
            late.die(Death.KILL);
            scenario.mustSetOften(client, "/a", 20);
            // So slow that the connection breaks, and another brings more history, while the first history is synced.
            late.disk().syncTakes(200_000_000, 300_000_000);
            AtomicInteger told = new AtomicInteger();
            scenario.ensemble().network().observe((from, to, recipient, message) -> {
                if (to == late.id() && new Scenario.Sent(from, to, message).is(NewLeader.class)) {
                    told.incrementAndGet();
                }
            });
            late.start();
            scenario.world().runUntil(() -> told.get() == 1, LONG);
            scenario.ensemble()
                    .network()
                    .loseOne((from, to, message) ->
                            to == late.id() && new Scenario.Sent(from, to, message).is(Propose.class));
            for (int i = 0; told.get() < 2; i++) {
                assertThat(i).as("writes until it was told again").isLessThan(500);
                scenario.mustSet(client, "/a", "meanwhile " + i);
            }
            scenario.mustSetOften(client, "/a", 20);
            scenario.run(LONG);
            scenario.mustAgree();
        }
    }

    @Test
    @Shows("S8")
    void S8_what_never_committed_is_removed_on_disk_and_in_memory() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode deposed = scenario.leader();
            SimClient stranded = scenario.clientOf(deposed);
            SimClient client = scenario.client(scenario.followers(), 10_000);
            scenario.mustCreate(client, "/a");
            scenario.ensemble().isolate(deposed, SimNetwork.Cut.DROP);
            Call lost = scenario.set(stranded, "/a", "never committed");
            scenario.run(LONG);
            assertThat(lost.ok()).isFalse();
            stranded.stop();
            deposed.die(Death.POWER_LOSS);
            scenario.mustSet(client, "/a", "committed");
            scenario.ensemble().network().healAll();
            scenario.restart(deposed);
            assertThat(scenario.valueAt(deposed, "/a")).isEqualTo("committed");
            scenario.mustAgree();
            deposed.die(Death.POWER_LOSS);
            scenario.restart(deposed);
            assertThat(scenario.valueAt(deposed, "/a")).isEqualTo("committed");
            scenario.mustAgree();
        }
    }

    @Test
    @Shows("S8")
    void S8_a_history_that_was_cut_back_is_cut_back_on_disk_before_anybody_hears_so() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode deposed = scenario.leader();
            SimClient stranded = scenario.clientOf(deposed);
            SimClient client = scenario.client(scenario.followers(), 10_000);
            scenario.mustCreate(client, "/a");
            long agreed = DurableState.of(deposed.disk().durableFiles()).lastZxid();
            scenario.ensemble().isolate(deposed, SimNetwork.Cut.DROP);
            scenario.set(stranded, "/a", "never committed");
            scenario.run(LONG);
            stranded.stop();
            scenario.mustSet(client, "/a", "committed");
            assertThat(DurableState.of(deposed.disk().durableFiles()).lastZxid())
                    .isGreaterThan(agreed);
            AtomicBoolean told = new AtomicBoolean();
            scenario.ensemble().network().observe((from, to, recipient, message) -> {
                Scenario.Sent sent = new Scenario.Sent(from, to, message);
                told.compareAndSet(false, to == deposed.id() && sent.is(CutBack.class));
                if (told.get() && from == deposed.id() && sent.is(AckEpoch.class)) {
                    deposed.die(Death.POWER_LOSS);
                }
            });
            scenario.ensemble().network().healAll();
            scenario.world().runUntil(() -> !deposed.up(), LONG);
            assertThat(deposed.up())
                    .as("still up, was told to cut back: %s", told)
                    .isFalse();
            assertThat(DurableState.of(deposed.disk().durableFiles()).lastZxid())
                    .isEqualTo(agreed);
        }
    }

    @Test
    @Shows("S12")
    void S12_a_snapshot_and_the_stream_behind_it_cover_every_request_once() {
        try (Scenario scenario = new Scenario(3)) {
            SimNode leader = scenario.leader();
            SimClient client = scenario.clientOf(leader);
            scenario.mustCreate(client, "/a");
            SimNode late = scenario.followers().get(0);
            late.die(Death.KILL);
            scenario.outgrowTheLog(client, "/a");
            AtomicBoolean snapshot = new AtomicBoolean();
            AtomicBoolean done = new AtomicBoolean();
            scenario.when(sent -> sent.is(TakeSnapshot.class), sent -> snapshot.set(true));
            scenario.when(sent -> sent.from() == late.id() && sent.is(AckNewLeader.class), sent -> done.set(true));
            late.start();
            for (int i = 0; !done.get(); i++) {
                assertThat(i).as("writes until it has acknowledged").isLessThan(5_000);
                scenario.mustSet(client, "/a", "during " + i);
            }
            assertThat(snapshot).isTrue();
            scenario.mustAgree();
        }
    }
}
