package io.troupe.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.WireMessage;
import io.troupe.env.HandClock;
import io.troupe.heartbeat.HeartbeatProtocol.Beat;
import io.troupe.heartbeat.HeartbeatProtocol.Command;
import io.troupe.heartbeat.HeartbeatProtocol.Finding;
import io.troupe.heartbeat.HeartbeatProtocol.Following;
import io.troupe.heartbeat.HeartbeatProtocol.Internal;
import io.troupe.heartbeat.HeartbeatProtocol.Leading;
import io.troupe.heartbeat.HeartbeatProtocol.Leases;
import io.troupe.heartbeat.HeartbeatProtocol.LocalTouches;
import io.troupe.heartbeat.HeartbeatProtocol.Position;
import io.troupe.heartbeat.HeartbeatProtocol.Pulse;
import io.troupe.heartbeat.HeartbeatProtocol.Timer;
import io.troupe.link.ConnectionId;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.link.SendOnlyTransport;
import io.troupe.metrics.Metrics;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.DataTreeProtocol;
import io.troupe.tree.state.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;

/** The heartbeat actor of node 1 in an ensemble of three; its timers go off when the test says so. */
abstract class HeartbeatRig {
    static final long EPOCH = 5;
    static final Duration BEAT = Duration.ofMillis(50);
    static final HeartbeatSettings SETTINGS = new HeartbeatSettings(
            BEAT,
            Duration.ofMillis(400),
            Duration.ofSeconds(2),
            Duration.ZERO,
            Duration.ofSeconds(2),
            new HeartbeatSettings.Reaping(Duration.ofSeconds(60), 1_200, Duration.ofMinutes(5)));
    static final Membership THREE = new Membership(
            "e", 0, IntStream.rangeClosed(1, 3).mapToObj(HeartbeatRig::voter).toList(), null);
    static final ConnectionId CONNECTION = new ConnectionId(2, 7, 1);

    record Sent(int to, WireMessage message) {}

    final List<Sent> sent = new ArrayList<>();
    final List<Finding> findings = new ArrayList<>();
    final TestInbox<DataTreeProtocol.Command> tree = TestInbox.create();
    final TestInbox<ElectionProtocol.Command> election = TestInbox.create();
    final Metrics metrics = new Metrics();
    final HandClock clock = new HandClock();
    final BehaviorTestKit<Command> actor = BehaviorTestKit.create(HeartbeatActor.create(new HeartbeatActor.Surroundings(
            1,
            7,
            SETTINGS,
            clock,
            new SendOnlyTransport(Recipient.HEARTBEAT, (to, message) -> sent.add(new Sent(to, message))),
            findings::add,
            tree.getRef(),
            election.getRef(),
            metrics)));

    static Member voter(int node) {
        return new Member(node, "h" + node, 25520, "h" + node, 2181, 100L + node);
    }

    void following(int leader) {
        actor.run(new Following(EPOCH, leader));
        clear();
    }

    void leading() {
        actor.run(new Leading(EPOCH, THREE, true));
        clear();
    }

    void clear() {
        sent.clear();
        findings.clear();
        tree.getAllReceived();
        election.getAllReceived();
    }

    /** Time passes, with this node's own timer going off in time; nobody else says anything. */
    void passes(long millis) {
        for (long end = clock.monotonicMillis() + millis; clock.monotonicMillis() < end; ) {
            clock.pass(BEAT.toMillis());
            actor.run(Timer.BEAT);
        }
    }

    void hear(int from, Role role, int leader) {
        actor.run(new Beat(from, 9, role, leader, EPOCH, null, 0));
    }

    /** As {@link #passes}, with a beat of each of these followers every time. */
    void passesHearing(long millis, int... followers) {
        for (long end = clock.monotonicMillis() + millis; clock.monotonicMillis() < end; ) {
            for (int follower : followers) {
                hear(follower, Role.FOLLOWING, 1);
            }
            passes(BEAT.toMillis());
        }
    }

    void pulse(Role role, int leader, boolean well) {
        actor.run(new Pulse(well, role, leader, EPOCH, List.of(new Position(2, CONNECTION, 12))));
    }

    <T extends Finding> List<T> found(Class<T> kind) {
        return findings.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    void opened(long session, int timeout) {
        actor.run(new Leases(
                new DataTreeProtocol.SessionsChanged(false, List.of(new Session(session, timeout, 77)), List.of())));
    }

    void touched(Long... sessions) {
        actor.run(new LocalTouches(new DataTreeProtocol.Touched(List.of(sessions))));
    }

    List<Operation> proposed() {
        return found(Internal.class).stream()
                .flatMap(i -> i.requests().stream())
                .map(Request::operation)
                .toList();
    }

    Optional<SortedMap<Long, List<Long>>> expiries() {
        List<Optional<SortedMap<Long, List<Long>>>> answers = new ArrayList<>();
        actor.run(new HeartbeatProtocol.ReportExpiries(known -> answers.add(Optional.ofNullable(known))));
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }
}
