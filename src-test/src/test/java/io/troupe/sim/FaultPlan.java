package io.troupe.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The faults of one run, drawn from its seed: at least ten in a minute, each with its own end. When the plan is over
 * everything is whole again: nodes up, network and disks good.
 */
final class FaultPlan {
    /** How often another kind is drawn when one can do nothing at the moment. */
    private static final int DRAWS = 20;

    private final SimEnsemble ensemble;
    private final SimWorld world;
    private final SplittableRandom random;
    private final List<Runnable> repairs = new ArrayList<>();
    private final Map<FaultKind, Integer> injected = new EnumMap<>(FaultKind.class);
    private final ProcessFaults processes;
    private final NetworkFaults network;
    private final DiskFaults disks;
    private final Clients clients;
    private final int totalWeight;
    private boolean over;

    /** What can go wrong with clients. */
    @FunctionalInterface
    interface Clients {
        /** False when this is no fault of a client, or cannot happen now. */
        boolean inject(FaultKind kind, FaultPlan plan, SplittableRandom random);
    }

    /**
     * Faults for an ensemble and its clients.
     *
     * @param losesDisks whether nodes may lose what their disks hold; not while the voters change, since then a minority of the
     *     nodes may be a quorum's memory
     */
    FaultPlan(SimEnsemble ensemble, Clients clients, boolean losesDisks) {
        this.ensemble = ensemble;
        this.world = ensemble.world();
        this.random = world.random("faults");
        processes = new ProcessFaults(this, ensemble, random);
        network = new NetworkFaults(this, ensemble, random);
        disks = new DiskFaults(this, ensemble, random, losesDisks);
        this.clients = clients;
        int total = 0;
        for (FaultKind kind : FaultKind.values()) {
            total += kind.weight();
        }
        totalWeight = total;
    }

    /** How many faults of each kind have come. */
    Map<FaultKind, Integer> injected() {
        return injected;
    }

    /** Begins: at least ten faults in {@code span}, or several times as many. */
    void start(Duration span, boolean many) {
        network.start();
        int faults = (10 + random.nextInt(15)) * (many ? 4 : 1);
        for (int i = 0; i < faults; i++) {
            world.schedule(null, random.nextLong(span.toNanos()) / 1_000_000 * 1_000_000, this::inject);
        }
    }

    /** Whether every fault has ended. */
    boolean isOver() {
        return over;
    }

    /** Ends every fault; nothing is injected any more. */
    void end() {
        over = true;
        world.trace().event("faults end");
        List.copyOf(repairs).forEach(Runnable::run);
        network.end();
        for (SimNode node : ensemble.nodes()) {
            node.disarm();
            node.disk().disarm();
            node.disk().capacity(Long.MAX_VALUE);
            node.resume();
            node.disk().syncTakes(SimDisk.USUAL_MIN_SYNC_NANOS, SimDisk.USUAL_MAX_SYNC_NANOS);
            node.start();
        }
    }

    private void inject() {
        if (over || world.failure() != null) {
            return;
        }
        for (int draw = 0; draw < DRAWS; draw++) {
            FaultKind kind = draw();
            SimNode node = ensemble.nodes().get(random.nextInt(ensemble.nodes().size()));
            if (inject(kind, node)) {
                injected.merge(kind, 1, Integer::sum);
                return;
            }
        }
    }

    private FaultKind draw() {
        int dice = random.nextInt(totalWeight);
        for (FaultKind kind : FaultKind.values()) {
            dice -= kind.weight();
            if (dice < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("the weights do not add up to " + totalWeight);
    }

    private boolean inject(FaultKind kind, SimNode node) {
        return processes.inject(kind, node)
                || network.inject(kind, node)
                || disks.inject(kind, node)
                || clients.inject(kind, this, random);
    }

    // ---- for the kinds ----

    /** A length of time from {@code minMillis} to {@code maxMillis}. */
    Duration span(int minMillis, int maxMillis) {
        // Short faults are as interesting as long ones: choose the magnitude first.
        double exponent = random.nextDouble(Math.log(minMillis), Math.log(maxMillis));
        return Duration.ofMillis((long) Math.exp(exponent));
    }

    /** Ends a fault after some time, or with all others. */
    void repairLater(Duration span, Runnable repair) {
        Runnable once = new Runnable() {
            @Override
            public void run() {
                if (repairs.remove(this)) {
                    repair.run();
                }
            }
        };
        repairs.add(once);
        // What was asked to stop while there were faults may have taken until now.
        world.schedule(null, over ? 0 : span.toNanos(), once);
    }

    /** The node's process or machine ends, and starts again some time later. */
    boolean die(SimNode node, SimNode.Death how) {
        boolean dies = node.up();
        node.die(how);
        repairLater(span(50, 10_000), node::start);
        return dies;
    }
}
