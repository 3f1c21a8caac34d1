package io.troupe.sim;

import io.troupe.sim.SimNetwork.Cut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Links that are cut in one or both directions, groups that do not hear each other, links that lose and reorder. */
final class NetworkFaults {
    private final FaultPlan plan;
    private final SimEnsemble ensemble;
    private final SimNetwork network;
    private final SimWorld world;
    private final SplittableRandom random;
    private final SimNetwork.Quality normal;

    NetworkFaults(FaultPlan plan, SimEnsemble ensemble, SplittableRandom random) {
        this.plan = plan;
        this.ensemble = ensemble;
        this.network = ensemble.network();
        this.world = ensemble.world();
        this.random = random;
        this.normal = random.nextInt(3) == 0
                ? new SimNetwork.Quality(3, 3, 3, 100, 5_000)
                : new SimNetwork.Quality(0, 0, 0, 100, 2_000);
    }

    void start() {
        network.quality(normal);
    }

    void end() {
        network.healAll();
        network.quality(SimNetwork.Quality.PERFECT);
    }

    /** False when this is no fault of the network. */
    boolean inject(FaultKind kind, SimNode node) {
        SimNode leader = ensemble.leader().orElse(node);
        Cut how = random.nextBoolean() ? Cut.DROP : Cut.HOLD;
        return switch (kind) {
            case CUT_ONE_WAY -> cut(node, other(node), how, false);
            case CUT_BOTH_WAYS -> cut(node, other(node), how, true);
            case ISOLATE -> divide(List.of(node), List.of(), how);
            case ISOLATE_LEADER -> divide(List.of(leader), List.of(), how);
            case SPLIT -> divide(someNodes(), List.of(), how);
            case BRIDGE -> divide(someNodes(), List.of(node), how);
            case FLAPPING_LINK -> flap(node, other(node), how);
            case LATE_DELIVERY_AFTER_RESTART -> deliverLate(node);
            case BAD_NETWORK -> degrade();
            default -> false;
        };
    }

    private SimNode other(SimNode node) {
        int step = 1 + random.nextInt(ensemble.nodes().size() - 1);
        return ensemble.node((node.id() - 1 + step) % ensemble.nodes().size() + 1);
    }

    /** At least one and not all. */
    private List<SimNode> someNodes() {
        List<SimNode> nodes = new ArrayList<>(ensemble.nodes());
        for (int left = 1 + random.nextInt(nodes.size() - 1); nodes.size() > left; ) {
            nodes.remove(random.nextInt(nodes.size()));
        }
        return nodes;
    }

    private boolean cut(SimNode from, SimNode to, Cut how, boolean both) {
        world.trace().event("cut %s %s %s, %s".formatted(from, both ? "<->" : "->", to, how));
        network.cut(from.id(), to.id(), how);
        if (both) {
            network.cut(to.id(), from.id(), how);
        }
        plan.repairLater(plan.span(200, 10_000), () -> heal(from, to));
        return true;
    }

    private void heal(SimNode from, SimNode to) {
        world.trace().event("heal %s <-> %s".formatted(from, to));
        network.heal(from.id(), to.id());
        network.heal(to.id(), from.id());
    }

    /** One group hears nothing of the rest and the other way round; the {@code bridges} hear everybody. */
    private boolean divide(List<SimNode> group, List<SimNode> bridges, Cut how) {
        world.trace().event("cut off %s%s, %s".formatted(group, bridges.isEmpty() ? "" : " but for " + bridges, how));
        List<Runnable> heals = new ArrayList<>();
        for (SimNode inside : group) {
            for (SimNode outside : ensemble.nodes()) {
                if (!group.contains(outside) && !bridges.contains(outside) && !bridges.contains(inside)) {
                    network.cut(inside.id(), outside.id(), how);
                    network.cut(outside.id(), inside.id(), how);
                    heals.add(() -> heal(inside, outside));
                }
            }
        }
        plan.repairLater(plan.span(200, 12_000), () -> heals.forEach(Runnable::run));
        return !heals.isEmpty();
    }

    private boolean flap(SimNode from, SimNode to, Cut how) {
        long at = 0;
        for (int i = 2 + random.nextInt(6); i > 0; i--) {
            world.schedule(null, at, () -> {
                network.cut(from.id(), to.id(), how);
                plan.repairLater(plan.span(20, 600), () -> heal(from, to));
            });
            at += plan.span(100, 1_500).toNanos();
        }
        world.trace().event("the link %s -> %s flaps, %s".formatted(from, to, how));
        return true;
    }

    /** As Artery does: it connects to whoever listens at an address, and delivers what it has queued. */
    private boolean deliverLate(SimNode node) {
        if (!node.up()) {
            return false;
        }
        world.trace().event("what is sent to " + node + " waits for its next process");
        for (SimNode each : ensemble.nodes()) {
            if (each != node) {
                network.cut(each.id(), node.id(), Cut.HOLD);
            }
        }
        Duration held = plan.span(5, 500);
        plan.repairLater(held, () -> {
            node.die(random.nextBoolean() ? SimNode.Death.KILL : SimNode.Death.POWER_LOSS);
            node.start();
            plan.repairLater(
                    plan.span(1, 500),
                    () -> ensemble.nodes().stream().filter(each -> each != node).forEach(each -> heal(each, node)));
        });
        return true;
    }

    private boolean degrade() {
        SimNetwork.Quality bad = new SimNetwork.Quality(
                random.nextInt(60), random.nextInt(30), random.nextInt(30), 100, 1_000 + random.nextInt(60_000));
        world.trace().event("bad network: " + bad);
        network.quality(bad);
        plan.repairLater(plan.span(500, 10_000), () -> {
            world.trace().event("good network");
            network.quality(normal);
        });
        return true;
    }
}
