package io.troupe.sim;

import io.troupe.broadcast.BroadcastProtocol.Frame;
import io.troupe.broadcast.PeerMessage;
import io.troupe.sim.SimNode.Death;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Processes that are killed or stand still, machines that lose power, clocks that jump. */
final class ProcessFaults {
    /** Steps of the protocol at which implementations have lost data (contract 9.6). */
    private static final List<Class<? extends PeerMessage>> MOMENTS = List.of(
            PeerMessage.NewEpoch.class,
            PeerMessage.AckEpoch.class,
            PeerMessage.CutBack.class,
            PeerMessage.TakeSnapshot.class,
            PeerMessage.NewLeader.class,
            PeerMessage.AckNewLeader.class,
            PeerMessage.UpToDate.class,
            PeerMessage.Propose.class,
            PeerMessage.Ack.class,
            PeerMessage.Commit.class,
            PeerMessage.Forward.class);

    private final FaultPlan plan;
    private final SimEnsemble ensemble;
    private final SimWorld world;
    private final SplittableRandom random;

    ProcessFaults(FaultPlan plan, SimEnsemble ensemble, SplittableRandom random) {
        this.plan = plan;
        this.ensemble = ensemble;
        this.world = ensemble.world();
        this.random = random;
    }

    /** False when this is no fault of a process, or the node has no process that could have it. */
    boolean inject(FaultKind kind, SimNode node) {
        SimNode leader = ensemble.leader().orElse(node);
        return switch (kind) {
            case KILL -> plan.die(node, Death.KILL);
            case KILL_LEADER -> plan.die(leader, Death.KILL);
            case KILL_ALL -> allDie(Death.KILL);
            case ROLLING_RESTART -> rollingRestart();
            case STOP_LEADER -> stop(leader);
            case PAUSE -> pause(node);
            case PAUSE_LEADER -> pause(leader);
            case POWER_LOSS -> plan.die(node, Death.POWER_LOSS);
            case POWER_LOSS_WHILE_WRITING -> powerLossWhileWriting(node);
            case CRASH_AT_STEP -> crashAtStep(node);
            case CRASH_WHILE_SENDING -> crashWhileSending(random.nextBoolean() ? node : leader);
            case POWER_LOSS_OF_ALL -> allDie(Death.POWER_LOSS);
            case CLOCK_JUMP -> jump(node);
            default -> false;
        };
    }

    private boolean allDie(Death how) {
        ensemble.nodes().forEach(node -> plan.die(node, how));
        return true;
    }

    private boolean rollingRestart() {
        long delay = 0;
        for (SimNode node : ensemble.nodes()) {
            world.schedule(null, delay, () -> {
                // It may take longer than there are to be faults.
                if (!plan.isOver()) {
                    node.stop(() -> plan.repairLater(Duration.ofMillis(300), node::start));
                }
            });
            delay += plan.span(200, 3_000).toNanos();
        }
        return true;
    }

    private boolean stop(SimNode node) {
        boolean stops = node.up();
        node.stop(() -> plan.repairLater(plan.span(50, 10_000), node::start));
        return stops;
    }

    private boolean pause(SimNode node) {
        boolean runs = node.running();
        node.pause(plan.span(100, 8_000));
        return runs;
    }

    private boolean powerLossWhileWriting(SimNode node) {
        node.disk().atOperation(1 + random.nextInt(12), () -> plan.die(node, Death.POWER_LOSS));
        return node.up();
    }

    private Death anyDeath() {
        return random.nextBoolean() ? Death.KILL : Death.POWER_LOSS;
    }

    private boolean crashAtStep(SimNode node) {
        Death how = anyDeath();
        node.afterSteps(1 + random.nextInt(500), () -> plan.die(node, how));
        return node.up();
    }

    private boolean crashWhileSending(SimNode node) {
        Class<? extends PeerMessage> moment = MOMENTS.get(random.nextInt(MOMENTS.size()));
        Death how = anyDeath();
        world.trace().event("%s will crash while it sends %s".formatted(node, moment.getSimpleName()));
        node.whenSending(
                message -> message instanceof Frame frame && moment.isInstance(frame.message()),
                () -> plan.die(node, how));
        return node.up();
    }

    private boolean jump(SimNode node) {
        node.jumpWallClock(random.nextLong(-3_600_000, 3_600_000));
        return true;
    }
}
