package io.troupe.heartbeat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.ReceiveBuilder;
import akka.actor.typed.javadsl.TimerScheduler;
import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.env.Clock;
import io.troupe.heartbeat.HeartbeatProtocol.Beat;
import io.troupe.heartbeat.HeartbeatProtocol.Command;
import io.troupe.heartbeat.HeartbeatProtocol.Finding;
import io.troupe.heartbeat.HeartbeatProtocol.Following;
import io.troupe.heartbeat.HeartbeatProtocol.Leading;
import io.troupe.heartbeat.HeartbeatProtocol.Leases;
import io.troupe.heartbeat.HeartbeatProtocol.LocalTouches;
import io.troupe.heartbeat.HeartbeatProtocol.Looking;
import io.troupe.heartbeat.HeartbeatProtocol.Position;
import io.troupe.heartbeat.HeartbeatProtocol.Pulse;
import io.troupe.heartbeat.HeartbeatProtocol.Reachability;
import io.troupe.heartbeat.HeartbeatProtocol.Reapable;
import io.troupe.heartbeat.HeartbeatProtocol.ReportExpiries;
import io.troupe.heartbeat.HeartbeatProtocol.Timer;
import io.troupe.heartbeat.HeartbeatProtocol.Touches;
import io.troupe.link.PeerTransport;
import io.troupe.link.PeerTransport.Recipient;
import io.troupe.metrics.Metrics;
import io.troupe.metrics.Summary;
import io.troupe.request.Request;
import io.troupe.tree.DataTreeProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notices who falls silent: peers, by beats sent both ways between a leader and its learners, and sessions, by touches that
 * every node passes on to the leader, which alone expires them. States: <i>suspended</i> while this node looks,
 * <i>following</i>, <i>leading</i>.
 */
public final class HeartbeatActor extends AbstractBehavior<Command> {
    /** A peer silent for this long gets few beats, so that no stale backlog builds up on the way to it. */
    private static final long QUIET_AFTER_MILLIS = 3_000;

    private static final int QUIET_BEATS = 16;
    /** A learner that is not listed and silent for this long has gone. */
    private static final long FORGET_AFTER_MILLIS = 60_000;
    /** Touches travel this often, or four times a tick if that is more. */
    private static final Duration RELAY = Duration.ofMillis(100);

    /** Our own timer this late means that we stood still. */
    private static final long PAUSE_MILLIS = 150;

    private final Surroundings around;
    private final SessionExpiry sessions;
    private final Reaper reaper;
    private final Summary pauses;
    private final long startedAt;
    private final Map<Integer, Suspicion> watched = new TreeMap<>();
    /** What each peer's beats have been like, whoever led. */
    private final Map<Integer, Suspicion> known = new HashMap<>();

    private final Set<Integer> down = new HashSet<>();
    private List<Long> touchedBefore = List.of();
    private Role role = Role.LOOKING;
    private boolean established;
    private int leaderId;
    private long epoch;
    private @Nullable Membership membership;
    private long lastBeat;
    private long beats;

    /**
     * Everything around this actor.
     *
     * @param incarnation of this start of the node
     */
    public record Surroundings(
            int nodeId,
            long incarnation,
            HeartbeatSettings settings,
            Clock clock,
            PeerTransport transport,
            Consumer<Finding> broadcast,
            ActorRef<DataTreeProtocol.Command> tree,
            ActorRef<ElectionProtocol.Command> election,
            Metrics metrics) {}

    private HeartbeatActor(ActorContext<Command> context, TimerScheduler<Command> timers, Surroundings around) {
        super(context);
        context.setLoggerName(HeartbeatActor.class);
        this.around = around;
        this.sessions = new SessionExpiry(around.settings(), around.clock(), around.metrics());
        this.reaper =
                new Reaper(around, timers, context.messageAdapter(DataTreeProtocol.Reapable.class, Reapable::new));
        this.pauses = around.metrics().distribution("jvm_pause_time_ms");
        this.startedAt = now();
        this.lastBeat = startedAt;
        timers.startTimerWithFixedDelay(
                Timer.BEAT, Timer.BEAT, around.settings().beat());
        Duration quarter = around.settings().tick().dividedBy(4);
        timers.startTimerWithFixedDelay(Timer.TOUCH, Timer.TOUCH, quarter.compareTo(RELAY) < 0 ? quarter : RELAY);
        timers.startTimerWithFixedDelay(
                Timer.REAP, Timer.REAP, around.settings().reaping().every());
        around.tree()
                .tell(new DataTreeProtocol.SubscribeSessions(
                        context.messageAdapter(DataTreeProtocol.SessionsChanged.class, Leases::new)));
    }

    public static Behavior<Command> create(Surroundings around) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new HeartbeatActor(context, timers, around)));
    }

    /** Suspended. */
    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Looking.class, message -> Behaviors.same())
                .onMessage(Leading.class, this::onLeading)
                .onMessage(Following.class, this::onFollowing)
                .onMessage(Leases.class, this::onLeases)
                .onMessage(Reachability.class, this::onReachability)
                .onMessage(ReportExpiries.class, this::onReportExpiriesWhileNotLeading)
                .onMessageEquals(Timer.BEAT, this::onBeatWhileSuspended)
                .onMessage(Command.class, message -> Behaviors.same())
                .build();
    }

    private Receive<Command> following() {
        return watching()
                .onMessage(Beat.class, this::onBeatFromLeader)
                .onMessage(LocalTouches.class, this::onLocalTouchesWhileFollowing)
                .onMessage(ReportExpiries.class, this::onReportExpiriesWhileNotLeading)
                .onMessage(Command.class, message -> Behaviors.same())
                .build();
    }

    private Receive<Command> leading() {
        return watching()
                .onMessage(Beat.class, this::onBeatFromLearner)
                .onMessage(Touches.class, this::onTouches)
                .onMessage(LocalTouches.class, this::onLocalTouchesWhileLeading)
                .onMessage(ReportExpiries.class, this::onReportExpiriesWhileLeading)
                .onMessage(Reapable.class, this::onReapable)
                .onMessageEquals(Timer.REAP, this::onReapTimer)
                .onMessageEquals(Timer.REAP_SOME, this::onReapSome)
                .build();
    }

    /** What is dealt with alike whenever there are peers to watch; what comes with every beat first. */
    private ReceiveBuilder<Command> watching() {
        return newReceiveBuilder()
                .onMessageEquals(Timer.BEAT, this::onBeatTimer)
                .onMessage(Pulse.class, this::onPulse)
                .onMessage(Looking.class, this::onLooking)
                .onMessage(Leading.class, this::onLeading)
                .onMessage(Following.class, this::onFollowing)
                .onMessage(Leases.class, this::onLeases)
                .onMessage(Reachability.class, this::onReachability)
                .onMessageEquals(Timer.TOUCH, this::onTouchTimer);
    }

    private long now() {
        return around.clock().monotonicMillis();
    }

    // ---- roles ----

    private Behavior<Command> onLooking(Looking message) {
        role = Role.LOOKING;
        established = false;
        leaderId = 0;
        watched.clear();
        sessions.end();
        reaper.stop();
        return createReceive();
    }

    private Behavior<Command> onFollowing(Following message) {
        if (role != Role.FOLLOWING || leaderId != message.leaderId()) {
            watched.clear();
            watched.put(message.leaderId(), watch(message.leaderId()));
        }
        role = Role.FOLLOWING;
        established = false;
        sessions.end();
        reaper.stop();
        leaderId = message.leaderId();
        epoch = message.epoch();
        // The way to the leader may close again soon: what was heard while it was closed must not wait.
        onTouchTimer();
        return following();
    }

    private Behavior<Command> onLeading(Leading message) {
        if (message.established() && !established) {
            sessions.begin();
        } else if (established && !message.established()) {
            sessions.rest();
        }
        Map<Integer, Suspicion> before = role == Role.LEADING ? Map.copyOf(watched) : Map.of();
        watched.clear();
        for (Member member : message.membership().allMembers()) {
            if (member.nodeId() != around.nodeId()) {
                Suspicion watchedBefore = before.get(member.nodeId());
                watched.put(member.nodeId(), watchedBefore == null ? watch(member.nodeId()) : watchedBefore);
            }
        }
        // Learners that are not listed, yet or any more, follow this leader all the same.
        before.forEach(watched::putIfAbsent);
        role = Role.LEADING;
        established = message.established();
        leaderId = around.nodeId();
        epoch = message.epoch();
        membership = message.membership();
        return leading();
    }

    private Suspicion watch(int peer) {
        Suspicion suspicion = known.computeIfAbsent(peer, node -> new Suspicion(now(), coldFor(), around.settings()));
        suspicion.resume(now());
        return suspicion;
    }

    private long coldFor() {
        return Math.max(0, startedAt + around.settings().warmUp().toMillis() - now());
    }

    // ---- beats ----

    private Behavior<Command> onBeatWhileSuspended() {
        lastBeat = now();
        return Behaviors.same();
    }

    private Behavior<Command> onBeatTimer() {
        long now = now();
        noticePause(now);
        lastBeat = now;
        beats++;
        around.broadcast().accept(new HeartbeatProtocol.AskPulse());
        lookWhoIsSilent(now);
        return Behaviors.same();
    }

    private void noticePause(long now) {
        long late = now - lastBeat - around.settings().beat().toMillis();
        if (late > PAUSE_MILLIS) {
            lastBeat = now;
            pauses.add(late);
            watched.values().forEach(suspicion -> suspicion.discount(late, now));
            sessions.discount(late);
        }
    }

    private void lookWhoIsSilent(long now) {
        if (role == Role.FOLLOWING) {
            Suspicion leader = watched.get(leaderId);
            if (leader != null && leader.suspicious(now)) {
                leader.giveUp(now);
                lost(leaderId, "silent for " + leader.silence(now) + " ms");
            }
        } else if (role == Role.LEADING && membership != null) {
            Membership listed = membership;
            watched.entrySet()
                    .removeIf(w -> w.getValue().silence(now) > FORGET_AFTER_MILLIS
                            && listed.member(w.getKey()).isEmpty());
            Map<Integer, Long> heard = new HashMap<>();
            for (Member voter : membership.allVoters()) {
                Suspicion suspicion = watched.get(voter.nodeId());
                if (suspicion == null || (!suspicion.suspicious(now) && !down.contains(voter.nodeId()))) {
                    heard.put(voter.nodeId(), voter.diskId());
                }
            }
            if (!membership.isQuorum(heard)) {
                watched.values().stream().filter(s -> s.suspicious(now)).forEach(s -> s.giveUp(now));
                around.broadcast().accept(new HeartbeatProtocol.QuorumLost("heard only of nodes " + heard.keySet()));
            }
        }
    }

    private void lost(int nodeId, String reason) {
        // To election first: it need not wait for the vote of a node that does not answer.
        around.election().tell(new ElectionProtocol.Reachability(nodeId, true));
        around.broadcast().accept(new HeartbeatProtocol.PeerLost(nodeId, reason));
    }

    private Behavior<Command> onPulse(Pulse pulse) {
        if (!pulse.well() || pulse.role() == Role.LOOKING) {
            return Behaviors.same();
        }
        Map<Integer, Position> positions = new HashMap<>();
        pulse.positions().forEach(p -> positions.put(p.peer(), p));
        long now = now();
        watched.forEach((peer, suspicion) -> {
            if (suspicion.silence(now) < QUIET_AFTER_MILLIS || beats % QUIET_BEATS == 0) {
                Position position = positions.get(peer);
                around.transport()
                        .send(
                                peer,
                                Recipient.HEARTBEAT,
                                new Beat(
                                        around.nodeId(),
                                        around.incarnation(),
                                        pulse.role(),
                                        pulse.leaderId(),
                                        pulse.epoch(),
                                        position == null ? null : position.connection(),
                                        position == null ? 0 : position.lastSent()));
            }
        });
        return Behaviors.same();
    }

    private Behavior<Command> onBeatFromLeader(Beat beat) {
        if (beat.from() == leaderId && beat.role() == Role.LEADING) {
            heard(beat);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onBeatFromLearner(Beat beat) {
        if (beat.leaderId() == around.nodeId()) {
            // Also of a learner that is not listed: it needs our beats as we need its.
            watched.computeIfAbsent(beat.from(), this::watch);
            heard(beat);
        }
        return Behaviors.same();
    }

    private void heard(Beat beat) {
        Suspicion suspicion = watched.get(beat.from());
        if (suspicion != null) {
            long now = now();
            // Of what waited while we stood still, the beat timer may not have told yet.
            noticePause(now);
            suspicion.heard(now, beat.incarnation());
            down.remove(beat.from());
        }
        around.broadcast().accept(new HeartbeatProtocol.PeerPosition(beat.from(), beat.connection(), beat.lastSent()));
    }

    private Behavior<Command> onReachability(Reachability message) {
        around.election().tell(new ElectionProtocol.Reachability(message.nodeId(), !message.up()));
        if (message.up()) {
            down.remove(message.nodeId());
        } else {
            down.add(message.nodeId());
            if (watched.containsKey(message.nodeId())) {
                around.broadcast()
                        .accept(new HeartbeatProtocol.PeerLost(message.nodeId(), "its process refuses connections"));
                lookWhoIsSilent(now());
            }
        }
        return Behaviors.same();
    }

    // ---- sessions ----

    private Behavior<Command> onLeases(Leases message) {
        sessions.changed(message.changes());
        return Behaviors.same();
    }

    private Behavior<Command> onTouchTimer() {
        around.tree()
                .tell(new DataTreeProtocol.CollectTouched(
                        getContext().messageAdapter(DataTreeProtocol.Touched.class, LocalTouches::new)));
        return Behaviors.same();
    }

    private Behavior<Command> onLocalTouchesWhileFollowing(LocalTouches message) {
        List<Long> touched = message.touched().sessionIds();
        List<Long> both = new ArrayList<>(touchedBefore);
        both.addAll(touched);
        touchedBefore = touched;
        if (!both.isEmpty()) {
            around.transport().send(leaderId, Recipient.HEARTBEAT, new Touches(around.nodeId(), epoch, both));
        }
        return Behaviors.same();
    }

    private Behavior<Command> onTouches(Touches message) {
        sessions.touched(message.sessionIds());
        return Behaviors.same();
    }

    private Behavior<Command> onLocalTouchesWhileLeading(LocalTouches message) {
        sessions.touched(message.touched().sessionIds());
        if (established) {
            // Should we have stood still, the beat timer may not have said so yet.
            noticePause(now());
            List<Request> closes = sessions.closes(epoch);
            if (!closes.isEmpty()) {
                getContext().getLog().info("Expiring {} session(s) not heard of in time", closes.size());
                around.broadcast().accept(new HeartbeatProtocol.Internal(closes));
            }
        }
        return Behaviors.same();
    }

    private Behavior<Command> onReportExpiriesWhileNotLeading(ReportExpiries message) {
        message.answer().accept(null);
        return Behaviors.same();
    }

    private Behavior<Command> onReportExpiriesWhileLeading(ReportExpiries message) {
        message.answer().accept(sessions.expiries());
        return Behaviors.same();
    }

    // ---- reaping ----

    private Behavior<Command> onReapTimer() {
        if (established) {
            reaper.look();
        }
        return Behaviors.same();
    }

    private Behavior<Command> onReapable(Reapable message) {
        if (established) {
            reaper.found(message.found().paths(), epoch);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onReapSome() {
        reaper.reapSome(epoch);
        return Behaviors.same();
    }
}
