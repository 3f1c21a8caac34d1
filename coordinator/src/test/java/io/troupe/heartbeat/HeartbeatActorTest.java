package io.troupe.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import akka.actor.typed.ActorRef;
import io.troupe.contract.Covers;
import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.WireMessage;
import io.troupe.env.Clock;
import io.troupe.heartbeat.HeartbeatProtocol.AskPulse;
import io.troupe.heartbeat.HeartbeatProtocol.Beat;
import io.troupe.heartbeat.HeartbeatProtocol.Command;
import io.troupe.heartbeat.HeartbeatProtocol.Finding;
import io.troupe.heartbeat.HeartbeatProtocol.Following;
import io.troupe.heartbeat.HeartbeatProtocol.Internal;
import io.troupe.heartbeat.HeartbeatProtocol.Leading;
import io.troupe.heartbeat.HeartbeatProtocol.Leases;
import io.troupe.heartbeat.HeartbeatProtocol.LocalTouches;
import io.troupe.heartbeat.HeartbeatProtocol.Looking;
import io.troupe.heartbeat.HeartbeatProtocol.PeerLost;
import io.troupe.heartbeat.HeartbeatProtocol.PeerPosition;
import io.troupe.heartbeat.HeartbeatProtocol.Position;
import io.troupe.heartbeat.HeartbeatProtocol.Pulse;
import io.troupe.heartbeat.HeartbeatProtocol.QuorumLost;
import io.troupe.heartbeat.HeartbeatProtocol.Reachability;
import io.troupe.heartbeat.HeartbeatProtocol.Reapable;
import io.troupe.heartbeat.HeartbeatProtocol.Timer;
import io.troupe.heartbeat.HeartbeatProtocol.Touches;
import io.troupe.link.ConnectionId;
import io.troupe.link.PeerTransport;
import io.troupe.metrics.Metrics;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.DataTreeProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The heartbeat actor of node 1 in an ensemble of three, state by state; its timers go off when the test says so. */
class HeartbeatActorTest {
    private static final long EPOCH = 5;
    private static final Duration BEAT = Duration.ofMillis(50);
    private static final HeartbeatSettings SETTINGS = new HeartbeatSettings(
            BEAT,
            Duration.ofMillis(400),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            new HeartbeatSettings.Reaping(Duration.ofSeconds(60), 1_200, Duration.ofMinutes(5)));
    private static final Membership THREE = new Membership(
            "e",
            0,
            IntStream.rangeClosed(1, 3).mapToObj(HeartbeatActorTest::voter).toList(),
            null);
    private static final ConnectionId CONNECTION = new ConnectionId(2, 7, 1);

    private record Sent(int to, WireMessage message) {}

    private final List<Sent> sent = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final TestInbox<DataTreeProtocol.Command> tree = TestInbox.create();
    private final TestInbox<ElectionProtocol.Command> election = TestInbox.create();
    private final Metrics metrics = new Metrics();
    private long nowMillis = 1_000;
    private final BehaviorTestKit<Command> actor =
            BehaviorTestKit.create(HeartbeatActor.create(new HeartbeatActor.Surroundings(
                    1,
                    7,
                    SETTINGS,
                    new HandClock(),
                    new Recorder(),
                    findings::add,
                    tree.getRef(),
                    election.getRef(),
                    metrics)));

    private static Member voter(int node) {
        return new Member(node, "h" + node, 25520, "h" + node, 2181, 100L + node);
    }

    private final class HandClock implements Clock {
        @Override
        public long monotonicNanos() {
            return nowMillis * 1_000_000;
        }

        @Override
        public long wallMillis() {
            return 1_700_000_000_000L + nowMillis;
        }

        @Override
        public void alarm(long nanos, Runnable task) {
            throw new AssertionError("beats need no such precision");
        }
    }

    private final class Recorder implements PeerTransport {
        @Override
        public void address(int nodeId, String host, int port) {
            throw new AssertionError("heartbeat knows no addresses");
        }

        @Override
        public void receiver(Recipient recipient, ActorRef<? extends Object> ref) {
            throw new AssertionError("heartbeat does not register itself");
        }

        @Override
        public void send(int nodeId, Recipient recipient, WireMessage message) {
            assertThat(recipient).isEqualTo(Recipient.HEARTBEAT);
            sent.add(new Sent(nodeId, message));
        }
    }

    // ---- what the test does ----

    private void following(int leader) {
        actor.run(new Following(EPOCH, leader));
        clear();
    }

    private void leading() {
        actor.run(new Leading(EPOCH, THREE, true));
        clear();
    }

    private void clear() {
        sent.clear();
        findings.clear();
        tree.getAllReceived();
        election.getAllReceived();
    }

    /** Time passes, with this node's own timer going off in time; nobody else says anything. */
    private void passes(long millis) {
        for (long end = nowMillis + millis; nowMillis < end; ) {
            nowMillis += BEAT.toMillis();
            actor.run(Timer.BEAT);
        }
    }

    private void hear(int from, Role role, int leader) {
        actor.run(new Beat(from, 9, role, leader, EPOCH, null, 0));
    }

    /** As {@link #passes}, with a beat of each of these followers every time. */
    private void passesHearing(long millis, int... followers) {
        for (long end = nowMillis + millis; nowMillis < end; ) {
            for (int follower : followers) {
                hear(follower, Role.FOLLOWING, 1);
            }
            passes(BEAT.toMillis());
        }
    }

    private void pulse(Role role, int leader, boolean well) {
        actor.run(new Pulse(well, role, leader, EPOCH, List.of(new Position(2, CONNECTION, 12))));
    }

    private <T extends Finding> List<T> found(Class<T> kind) {
        return findings.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private void opened(long session, int timeout) {
        actor.run(new Leases(new DataTreeProtocol.SessionsChanged(
                false, List.of(new DataTreeProtocol.Lease(session, 77, timeout)), List.of())));
    }

    private void touched(Long... sessions) {
        actor.run(new LocalTouches(new DataTreeProtocol.Touched(List.of(sessions))));
    }

    private List<Operation> proposed() {
        return found(Internal.class).stream()
                .flatMap(i -> i.requests().stream())
                .map(Request::operation)
                .toList();
    }

    private Optional<SortedMap<Long, List<Long>>> expiries() {
        List<Optional<SortedMap<Long, List<Long>>>> answers = new ArrayList<>();
        actor.run(new HeartbeatProtocol.ReportExpiries(known -> answers.add(Optional.ofNullable(known))));
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    // ---- suspended ----

    @Test
    void suspended_it_neither_beats_nor_suspects() {
        passes(5_000);
        pulse(Role.LOOKING, 0, true);

        assertThat(sent).isEmpty();
        assertThat(findings).isEmpty();
    }

    @Test
    void it_learns_of_sessions_from_its_first_moment() {
        assertThat(tree.getAllReceived()).hasOnlyElementsOfType(DataTreeProtocol.SubscribeSessions.class);
    }

    @Test
    void looking_again_it_forgets_whom_it_watched() {
        following(2);
        actor.run(new Looking());
        clear();
        passes(5_000);

        assertThat(findings).isEmpty();
    }

    // ---- following ----

    @Test
    void following_it_asks_for_a_pulse_and_beats_to_the_leader_alone() {
        following(2);
        actor.run(Timer.BEAT);
        assertThat(found(AskPulse.class)).hasSize(1);
        assertThat(sent).as("no beat without a pulse").isEmpty();
        pulse(Role.FOLLOWING, 2, true);

        assertThat(sent).containsExactly(new Sent(2, new Beat(1, 7, Role.FOLLOWING, 2, EPOCH, CONNECTION, 12)));
    }

    @Test
    void a_leader_that_falls_silent_is_lost() {
        following(2);
        hear(2, Role.LEADING, 2);
        passes(400);
        assertThat(found(PeerLost.class)).isEmpty();
        passes(50);

        assertThat(found(PeerLost.class)).extracting(PeerLost::nodeId).containsExactly(2);
        assertThat(election.getAllReceived()).contains(new ElectionProtocol.Reachability(2, true));
    }

    @Test
    void a_leader_that_beats_is_never_lost() {
        following(2);
        for (int i = 0; i < 200; i++) {
            hear(2, Role.LEADING, 2);
            passes(50);
        }

        assertThat(found(PeerLost.class)).isEmpty();
    }

    @Test
    void beats_of_others_and_of_a_leader_that_has_stepped_down_are_no_sign_of_life_of_the_leader() {
        following(2);
        for (int i = 0; i < 10; i++) {
            hear(3, Role.LEADING, 3);
            hear(2, Role.LOOKING, 0);
            passes(50);
        }

        assertThat(found(PeerLost.class)).extracting(PeerLost::nodeId).contains(2);
    }

    @Test
    void a_new_leader_gets_its_time_anew() {
        following(2);
        passes(350);
        following(3);
        passes(350);

        assertThat(found(PeerLost.class)).isEmpty();
    }

    @Test
    void the_leader_is_not_blamed_when_this_node_itself_stood_still() {
        following(2);
        hear(2, Role.LEADING, 2);
        nowMillis += 10_000;
        actor.run(Timer.BEAT);

        assertThat(found(PeerLost.class)).isEmpty();
    }

    @Test
    void what_a_beat_says_of_the_connection_is_passed_on() {
        following(2);
        actor.run(new Beat(2, 9, Role.LEADING, 2, EPOCH, CONNECTION, 33));
        actor.run(new Beat(2, 9, Role.LEADING, 2, EPOCH, null, 0));

        assertThat(found(PeerPosition.class))
                .containsExactly(new PeerPosition(2, CONNECTION, 33), new PeerPosition(2, null, 0));
    }

    @Test
    void following_it_passes_touches_on_to_the_leader_each_twice() {
        following(2);
        touched(10L, 11L);
        touched(12L);
        touched();
        touched();

        assertThat(sent)
                .containsExactly(
                        new Sent(2, new Touches(1, EPOCH, List.of(10L, 11L))),
                        new Sent(2, new Touches(1, EPOCH, List.of(10L, 11L, 12L))),
                        new Sent(2, new Touches(1, EPOCH, List.of(12L))));
    }

    @Test
    void what_was_heard_while_there_was_no_leader_is_passed_on_at_once() {
        tree.getAllReceived();
        actor.run(new Following(EPOCH, 2));

        assertThat(tree.getAllReceived()).hasOnlyElementsOfType(DataTreeProtocol.CollectTouched.class);
    }

    @Test
    @Covers("1.6.4")
    void following_it_expires_nobody() {
        following(2);
        opened(10, 1_000);
        nowMillis += 60_000;
        touched();

        assertThat(proposed()).isEmpty();
    }

    // ---- leading ----

    @Test
    void leading_it_beats_to_every_voter_with_what_it_has_sent_to_each() {
        leading();
        pulse(Role.LEADING, 1, true);

        assertThat(sent)
                .containsExactly(
                        new Sent(2, new Beat(1, 7, Role.LEADING, 1, EPOCH, CONNECTION, 12)),
                        new Sent(3, new Beat(1, 7, Role.LEADING, 1, EPOCH, null, 0)));
    }

    @Test
    void a_leader_that_is_not_well_or_no_longer_leads_does_not_claim_to() {
        leading();
        pulse(Role.LEADING, 1, false);
        pulse(Role.LOOKING, 0, true);

        assertThat(sent).isEmpty();
    }

    @Test
    void a_leader_that_hears_of_a_quorum_leads_on() {
        leading();
        passesHearing(5_000, 3);

        assertThat(found(QuorumLost.class)).isEmpty();
    }

    @Test
    void a_leader_that_hears_of_no_quorum_must_step_down() {
        leading();
        passes(400);
        assertThat(found(QuorumLost.class)).isEmpty();
        passes(50);

        assertThat(found(QuorumLost.class)).isNotEmpty();
    }

    @Test
    void beats_of_a_node_that_follows_somebody_else_are_no_support() {
        leading();
        for (int i = 0; i < 10; i++) {
            hear(2, Role.FOLLOWING, 3);
            passes(50);
        }

        assertThat(found(QuorumLost.class)).isNotEmpty();
    }

    @Test
    void while_voters_change_a_quorum_of_both_configurations_must_be_heard() {
        actor.run(new Leading(EPOCH, THREE.proposing(List.of(voter(1), voter(4), voter(5))), true));
        clear();
        passesHearing(1_000, 2, 3);
        assertThat(found(QuorumLost.class)).isNotEmpty();
        clear();
        passesHearing(1_000, 2, 3, 4);

        assertThat(found(QuorumLost.class).stream().skip(1)).isEmpty();
    }

    @Test
    void a_process_that_refuses_connections_is_lost_at_once() {
        leading();
        passesHearing(500, 2, 3);
        actor.run(new Reachability(2, false));

        assertThat(found(PeerLost.class)).extracting(PeerLost::nodeId).containsExactly(2);
        assertThat(election.getAllReceived()).contains(new ElectionProtocol.Reachability(2, true));
        assertThat(found(QuorumLost.class)).as("node 3 is there").isEmpty();
        actor.run(new Reachability(3, false));
        assertThat(found(QuorumLost.class)).isNotEmpty();
    }

    @Test
    void a_beat_refutes_the_rumour_that_a_process_is_gone() {
        leading();
        passesHearing(500, 2, 3);
        actor.run(new Reachability(2, false));
        hear(2, Role.FOLLOWING, 1);
        actor.run(new Reachability(3, false));

        assertThat(found(QuorumLost.class)).isEmpty();
    }

    @Test
    void a_peer_that_is_long_silent_gets_few_beats() {
        leading();
        int before = 0;
        for (int i = 0; i < 160; i++) {
            hear(3, Role.FOLLOWING, 1);
            passes(50);
            pulse(Role.LEADING, 1, true);
            if (i == 79) {
                before = beatsTo(2);
            }
        }

        assertThat(beatsTo(3)).isEqualTo(160);
        assertThat(beatsTo(2) - before).isEqualTo(5);
    }

    private int beatsTo(int node) {
        return (int) sent.stream().filter(s -> s.to() == node).count();
    }

    // ---- sessions, at the leader ----

    @Test
    void leading_it_tells_when_sessions_expire() {
        opened(1, 10_000);
        opened(2, 20_000);
        opened(3, 20_000);
        leading();

        SortedMap<Long, List<Long>> expiries = expiries().orElseThrow();
        assertThat(expiries.values()).containsExactly(List.of(1L), List.of(2L, 3L));
        long now = 1_700_000_000_000L + nowMillis;
        long tick = SETTINGS.tick().toMillis();
        assertThat(expiries.firstKey()).isBetween(now + 10_000, now + 10_000 + tick);
        assertThat(expiries.lastKey()).isBetween(now + 20_000, now + 20_000 + tick);
    }

    @Test
    void only_a_leader_knows_when_sessions_expire() {
        opened(1, 10_000);
        assertThat(expiries()).isEmpty();
        following(2);
        assertThat(expiries()).isEmpty();
    }

    @Test
    void a_session_that_nobody_hears_of_is_closed_as_of_its_latest_attachment() {
        leading();
        opened(10, 4_000);
        nowMillis += 4_000;
        touched();
        assertThat(proposed()).isEmpty();
        nowMillis += 2_000;
        touched();

        assertThat(proposed()).containsExactly(new Operation.CloseSession(77, EPOCH));
        assertThat(metrics.counter("stale_sessions_expired").value()).isEqualTo(1);
    }

    @Test
    void a_session_heard_of_here_or_at_another_node_lives() {
        leading();
        opened(10, 4_000);
        opened(11, 4_000);
        for (int i = 0; i < 10; i++) {
            nowMillis += 3_000;
            actor.run(new Touches(2, EPOCH, List.of(10L)));
            touched(11L);
        }

        assertThat(proposed()).isEmpty();
    }

    @Test
    @Covers("1.6.7")
    void a_new_leader_expires_nobody_before_a_full_timeout_has_passed() {
        opened(10, 4_000);
        nowMillis += 60_000;
        actor.run(new Leading(EPOCH, THREE, true));
        nowMillis += 3_999;
        touched();
        assertThat(proposed()).isEmpty();
        nowMillis += 2_001;
        touched();

        assertThat(proposed()).hasSize(1);
    }

    @Test
    void a_leader_whose_epoch_is_not_established_expires_nobody() {
        actor.run(new Leading(EPOCH, THREE, false));
        opened(10, 4_000);
        nowMillis += 60_000;
        touched();

        assertThat(proposed()).isEmpty();
    }

    @Test
    void a_leader_that_stood_still_gives_every_session_its_time_again() {
        leading();
        opened(10, 4_000);
        actor.run(Timer.BEAT);
        nowMillis += 30_000;
        actor.run(Timer.BEAT);
        touched();

        assertThat(proposed()).isEmpty();
    }

    @Test
    void a_closed_session_is_not_closed_again_and_a_full_list_replaces_all() {
        leading();
        opened(10, 4_000);
        opened(11, 4_000);
        actor.run(new Leases(new DataTreeProtocol.SessionsChanged(false, List.of(), List.of(10L))));
        actor.run(new Leases(new DataTreeProtocol.SessionsChanged(
                true, List.of(new DataTreeProtocol.Lease(12, 78, 4_000)), List.of())));
        nowMillis += 60_000;
        touched();

        assertThat(proposed()).containsExactly(new Operation.CloseSession(78, EPOCH));
    }

    // ---- reaping ----

    @Test
    void only_an_established_leader_looks_for_abandoned_containers() {
        following(2);
        actor.run(Timer.REAP);
        assertThat(tree.hasMessages()).isFalse();
        leading();
        actor.run(Timer.REAP);

        assertThat(tree.getAllReceived()).hasOnlyElementsOfType(DataTreeProtocol.FindReapable.class);
    }

    @Test
    @Covers("2.11.1")
    void abandoned_containers_are_removed_by_requests_like_any_other() {
        leading();
        actor.run(new Reapable(new DataTreeProtocol.Reapable(List.of("/a", "/b"))));
        actor.run(new Reapable(new DataTreeProtocol.Reapable(List.of())));

        assertThat(proposed()).containsExactly(reap("/a"), reap("/b"));
    }

    private static Operation reap(String path) {
        return new Operation.Reap(path, EPOCH, 300_000);
    }

    private static List<String> paths(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "/c" + i).toList();
    }

    @Test
    void reaping_is_spread_over_the_minute_and_goes_on_while_there_is_more() {
        leading();
        tree.getAllReceived();
        actor.run(new Reapable(new DataTreeProtocol.Reapable(paths(0, 1_000))));
        assertThat(proposed()).containsExactly(reap("/c0"), reap("/c1"));
        findings.clear();
        actor.run(Timer.REAP);
        for (int i = 1; i < 500; i++) {
            actor.run(Timer.REAP_SOME);
        }
        assertThat(proposed()).hasSize(998).endsWith(reap("/c999"));
        assertThat(tree.hasMessages()).isFalse();
        actor.run(Timer.REAP_SOME);

        assertThat(tree.getAllReceived())
                .singleElement()
                .isInstanceOfSatisfying(
                        DataTreeProtocol.FindReapable.class,
                        find -> assertThat(find.neverUsedMillis()).isEqualTo(300_000));
        actor.run(new Reapable(new DataTreeProtocol.Reapable(paths(0, 1))));
        actor.run(Timer.REAP_SOME);
        actor.run(Timer.REAP_SOME);
        assertThat(tree.hasMessages()).isFalse();
    }

    @Test
    void who_no_longer_leads_reaps_nothing() {
        leading();
        actor.run(new Reapable(new DataTreeProtocol.Reapable(paths(0, 10))));
        following(2);
        leading();
        findings.clear();
        actor.run(Timer.REAP_SOME);

        assertThat(proposed()).isEmpty();
    }
}
