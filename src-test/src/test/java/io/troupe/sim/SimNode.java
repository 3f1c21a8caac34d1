package io.troupe.sim;

import akka.actor.typed.ActorRef;
import io.troupe.actorport.ActorPortSettings;
import io.troupe.actorport.Admission;
import io.troupe.actorport.Identification;
import io.troupe.edge.Audit;
import io.troupe.edge.Frontend;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.WireMessage;
import io.troupe.env.Disk;
import io.troupe.link.PeerTransport;
import io.troupe.node.ExitReason;
import io.troupe.node.NodeEnvironment;
import io.troupe.node.NodeGuardian;
import io.troupe.node.NodeSettings;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One node: its disk, and the process that runs on it, which comes and goes. */
final class SimNode {
    /** How a process or its machine ends. */
    enum Death {
        /** The process is killed; what it wrote stays in the operating system's cache. */
        KILL,
        /** The machine loses power; what was not synced may be gone. Its clients hear nothing. */
        POWER_LOSS
    }

    /** By how much a clock may run too fast or too slow. */
    static final int MAX_SKEW_PER_MILLE = 20;

    /** How long a supervisor waits before it starts an ended process again. */
    private static final long RESTART_NANOS = 500_000_000L;

    /** How long a process that is told to stop waits for others to take the lead. */
    private static final long HAND_OVER_NANOS = 1_000_000_000L;

    private static final Duration LEAST_SESSION = Duration.ofSeconds(1);
    private static final Duration MOST_SESSION = Duration.ofSeconds(40);
    private static final int MOST_REQUEST_BYTES = 1 << 20;

    private final SimWorld world;
    private final SimActors actors;
    private final SimNetwork network;
    private final @Nullable SimProbes probes;
    private final boolean applications;
    private final NodeStarter starter;
    private final NodeSettings settings;
    private final SimDisk disk;
    private final int skewPerMille;
    private final Set<SimConnection> connections = new LinkedHashSet<>();
    private @Nullable SimProcess process;
    private @Nullable ActorRef<?> top;
    private @Nullable Frontend frontend;
    private @Nullable SimClock clock;
    private SimWorld.@Nullable Timer wakeUp;
    private long wallOffsetMillis;
    private long leastIncarnation;
    private @Nullable LongConsumer onAnswer;
    private String lastWords = "";
    private int starts;
    private @Nullable Runnable operator;
    private int stepsLeft;
    private @Nullable Runnable afterSteps;
    private Predicate<WireMessage> sendingMoment = message -> false;
    private @Nullable Runnable whenSending;
    private int exits;

    SimNode(SimMachinery machinery, NodeStarter starter, NodeSettings settings) {
        this.world = machinery.world();
        this.actors = machinery.actors();
        this.network = machinery.network();
        this.probes = machinery.probes();
        this.applications = machinery.applications();
        this.starter = starter;
        this.settings = settings;
        this.disk = new SimDisk(world, "n" + settings.nodeId());
        this.skewPerMille = machinery.skewedClocks()
                ? world.random("skew of " + settings.nodeId()).nextInt(-MAX_SKEW_PER_MILLE, MAX_SKEW_PER_MILLE + 1)
                : 0;
        network.place(settings.nodeId(), settings.host(), settings.peerPort());
    }

    int id() {
        return settings.nodeId();
    }

    SimDisk disk() {
        return disk;
    }

    boolean up() {
        return process != null && !process.dead();
    }

    boolean running() {
        return process != null && process.running();
    }

    /** How often the node's process has ended by its own decision. */
    int exits() {
        return exits;
    }

    /** How often a process was started on this node. */
    int starts() {
        return starts;
    }

    /** What clients connect to; null while there is nothing to connect to. */
    @Nullable
    Frontend frontend() {
        return up() ? frontend : null;
    }

    /** What the node says of itself; null while it says nothing. */
    @Nullable
    NodeStatus status() {
        Frontend open = frontend();
        return open == null ? null : open.status();
    }

    @Nullable
    SimProcess process() {
        return process;
    }

    // ---- life ----

    void start() {
        if (up()) {
            return;
        }
        starts++;
        SimProcess started = world.process("n" + id() + "-" + starts, id());
        process = started;
        frontend = null;
        top = null;
        world.trace().event(started + " starts");
        var random = world.random(started.name());
        SimClock ticking = new SimClock(world, started, random.nextLong(1L << 50), wallOffsetMillis, skewPerMille);
        clock = ticking;
        SimEntropy entropy = new SimEntropy(random);
        Disk mount = disk.mount(started);
        PeerTransport transport = network.transport(id(), started);
        NodeEnvironment environment = probes == null
                ? new NodeEnvironment(ticking, entropy, mount, transport, leastIncarnation)
                : new NodeEnvironment(ticking, entropy, mount, transport, probes.of(started), leastIncarnation);
        leastIncarnation = 0;
        actors.spawn(
                starter.start(settings, applications ? open(environment) : environment, listener(started)),
                started.name(),
                ref -> top = ref,
                () -> exited(started));
        reachable(true);
    }

    private static NodeEnvironment open(NodeEnvironment closed) {
        return new NodeEnvironment(
                closed.clock(),
                closed.entropy(),
                closed.disk(),
                closed.transport(),
                closed.probe(),
                closed.leastIncarnation(),
                closed.metrics(),
                closed.overview(),
                closed.cluster(),
                Optional.of(new ActorPortSettings(
                        Identification.none(),
                        Admission.UNLIMITED,
                        LEAST_SESSION,
                        MOST_SESSION,
                        false,
                        false,
                        false,
                        MOST_REQUEST_BYTES,
                        Audit.NONE)),
                closed.preloaded(),
                Audit.NONE);
    }

    private void reachable(boolean now) {
        if (probes != null) {
            probes.reachable(settings.host(), settings.peerPort(), now);
        }
    }

    private NodeGuardian.Listener listener(SimProcess by) {
        return new NodeGuardian.Listener() {
            @Override
            public void onFrontend(Frontend ready) {
                if (by == process) {
                    frontend = ready;
                }
            }

            @Override
            public void onExit(ExitReason reason) {
                world.trace().event(by + " gives up: " + reason);
                if (by == process) {
                    lastWords = reason.toString();
                    // At once: the order in which Akka stops an actor's many children is not the same in every run.
                    exited(by);
                }
            }

            @Override
            public void onStartAgain(String cause, long least) {
                startsAgain(by, cause, least);
            }
        };
    }

    /** A new actor system in the same process: nothing is lost but what was in memory. */
    private void startsAgain(SimProcess by, String cause, long least) {
        if (by == process && up()) {
            world.trace().event(by + " starts again: " + cause);
            end(Death.KILL);
            leastIncarnation = least;
            world.schedule(null, RESTART_NANOS, this::start);
        }
    }

    private void exited(SimProcess by) {
        if (by == process && up()) {
            world.trace().event(by + " exits");
            exits++;
            boolean refusesDamage = disk.damaged() && !disk.failed() && operator != null;
            if (!disk.failed() && !refusesDamage) {
                world.fail(by + " gave up although nothing is wrong with its disk: " + lastWords);
            }
            // After a failed sync the operating system's cache shows what the disk never got; a sane operator reboots.
            end(Death.POWER_LOSS);
            if (refusesDamage) {
                Objects.requireNonNull(operator).run();
            }
            world.schedule(null, RESTART_NANOS, this::start);
        }
    }

    /** Who is called when the node refuses to start with damaged files. */
    void operator(Runnable called) {
        operator = called;
    }

    void die(Death how) {
        if (up()) {
            world.trace().event(process + " dies: " + how);
            end(how);
        }
    }

    /** The process is asked to stop: whoever leads hands over first, if others can take it. */
    void stop(Runnable stopped) {
        SimProcess asked = process;
        ActorRef<?> asks = top;
        if (asked == null || !up()) {
            return;
        }
        world.trace().event(asked + " is asked to stop");
        Runnable end = () -> {
            if (asked == process && up()) {
                die(Death.KILL);
                stopped.run();
            }
        };
        if (asks != null) {
            starter.handOver(asks, () -> world.schedule(null, 0, end));
        }
        world.schedule(null, HAND_OVER_NANOS, end);
    }

    private void end(Death how) {
        if (process != null) {
            process.die();
        }
        frontend = null;
        cancelWakeUp();
        network.detach(id());
        if (how == Death.POWER_LOSS) {
            disk.powerLoss();
        } else {
            disk.fence();
            reachable(false);
        }
        connections.forEach(connection -> connection.nodeDied(how));
        connections.clear();
    }

    /** The process stands still, as under SIGSTOP or in a long garbage collection. */
    void pause(Duration span) {
        SimProcess paused = process;
        if (paused == null || !paused.running()) {
            return;
        }
        world.trace().event(paused + " stands still for " + span.toMillis() + " ms");
        paused.pause();
        wakeUp = world.schedule(null, span.toNanos(), this::resume);
    }

    void resume() {
        cancelWakeUp();
        if (process != null && up() && !process.running()) {
            world.trace().event(process + " goes on");
            world.resume(process);
        }
    }

    private void cancelWakeUp() {
        if (wakeUp != null) {
            wakeUp.cancel();
            wakeUp = null;
        }
    }

    /** The wall clock jumps, now and for later processes. */
    void jumpWallClock(long millis) {
        world.trace().event("n" + id() + "'s wall clock jumps by " + millis + " ms");
        wallOffsetMillis += millis;
        if (clock != null) {
            clock.jump(millis);
        }
    }

    // ---- moments ----

    /** Does something after so many more steps of the node's process. */
    void afterSteps(int steps, Runnable action) {
        stepsLeft = steps;
        afterSteps = action;
    }

    /** Does something when the node is about to send such a message to another. */
    void whenSending(Predicate<WireMessage> moment, Runnable action) {
        sendingMoment = moment;
        whenSending = action;
    }

    /** Takes {@link #afterSteps} and {@link #whenSending} back, if they have not happened yet. */
    void disarm() {
        afterSteps = null;
        whenSending = null;
    }

    void stepped() {
        Runnable action = afterSteps;
        if (action != null && --stepsLeft <= 0) {
            afterSteps = null;
            action.run();
        }
    }

    void sends(WireMessage message) {
        Runnable action = whenSending;
        if (action != null && sendingMoment.test(message)) {
            whenSending = null;
            action.run();
        }
    }

    // ---- clients ----

    /** A client has got an answer from here that reflects everything up to {@code zxid}. */
    void answered(long zxid) {
        if (onAnswer != null) {
            onAnswer.accept(zxid);
        }
    }

    /** Told of every answer that reaches a client. */
    void onAnswer(LongConsumer listener) {
        onAnswer = listener;
    }

    void opened(SimConnection connection) {
        connections.add(connection);
    }

    void closed(SimConnection connection) {
        connections.remove(connection);
    }

    @Override
    public String toString() {
        return "n" + id();
    }
}
