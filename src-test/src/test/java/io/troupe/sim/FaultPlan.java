package io.troupe.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The faults of one run, drawn from its seed: at least ten in a minute, each with its own end. When the plan is over
 * everything is whole again: nodes up, network and disks good.
 */
final class FaultPlan {
    private enum Kind {
        KILL(14),
        KILL_LEADER(8),
        POWER_LOSS(7),
        POWER_LOSS_WHILE_WRITING(8),
        POWER_LOSS_OF_ALL(3),
        PAUSE(8),
        PAUSE_LEADER(4),
        CUT_ONE_WAY(8),
        CUT_BOTH_WAYS(6),
        ISOLATE(8),
        ISOLATE_LEADER(6),
        BAD_NETWORK(8),
        SLOW_DISK(6),
        FAIL_SYNC(3),
        FULL_DISK(3),
        LOST_DISK(3),
        DAMAGED_DISK(3),
        CLOCK_JUMP(3),
        SILENT_CLIENT(6),
        CUT_CLIENT(6);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }
    }

    private final SimEnsemble ensemble;
    private final List<Workload> clients;
    private final SimWorld world;
    private final SplittableRandom random;
    private final List<Runnable> repairs = new ArrayList<>();
    private final SimNetwork.Quality normal;
    /** Disks that may yet lose what they hold: a quorum's memory must stay whole. */
    private int disksToLose;

    private final boolean losesDisks;
    private boolean over;
    private int injected;

    /**
     * @param losesDisks whether nodes may lose what their disks hold; not while the voters change, since then a minority of the
     *     nodes may be a quorum's memory
     */
    FaultPlan(SimEnsemble ensemble, List<Workload> clients, boolean losesDisks) {
        this.losesDisks = losesDisks;
        this.ensemble = ensemble;
        this.clients = clients;
        this.world = ensemble.world();
        this.random = world.random("faults");
        this.normal = random.nextInt(3) == 0
                ? new SimNetwork.Quality(3, 3, 3, 100, 5_000)
                : new SimNetwork.Quality(0, 0, 0, 100, 2_000);
    }

    int injected() {
        return injected;
    }

    /** Begins: at least ten faults in {@code span}, or several times as many. */
    void start(Duration span, boolean many) {
        ensemble.network().quality(normal);
        disksToLose = losesDisks ? (ensemble.nodes().size() - 1) / 2 : 0;
        int faults = (10 + random.nextInt(15)) * (many ? 4 : 1);
        for (int i = 0; i < faults; i++) {
            world.schedule(null, random.nextLong(span.toNanos()) / 1_000_000 * 1_000_000, this::inject);
        }
    }

    /** Ends every fault; nothing is injected any more. */
    void end() {
        over = true;
        world.trace().event("faults end");
        List.copyOf(repairs).forEach(Runnable::run);
        ensemble.network().healAll();
        ensemble.network().quality(SimNetwork.Quality.PERFECT);
        for (SimNode node : ensemble.nodes()) {
            node.disk().disarm();
            node.disk().capacity(Long.MAX_VALUE);
            node.resume();
            node.disk().syncTakes(200_000, 2_000_000);
            node.start();
        }
    }

    private void inject() {
        if (over || world.failure() != null) {
            return;
        }
        injected++;
        int total = 0;
        for (Kind kind : Kind.values()) {
            total += kind.weight;
        }
        int dice = random.nextInt(total);
        for (Kind kind : Kind.values()) {
            dice -= kind.weight;
            if (dice < 0) {
                inject(kind);
                return;
            }
        }
    }

    private void inject(Kind kind) {
        SimNode node = ensemble.nodes().get(random.nextInt(ensemble.nodes().size()));
        SimNode leader = ensemble.leader().orElse(node);
        SimNetwork.Cut how = random.nextBoolean() ? SimNetwork.Cut.DROP : SimNetwork.Cut.HOLD;
        switch (kind) {
            case KILL -> die(node, SimNode.Death.KILL);
            case KILL_LEADER -> die(leader, SimNode.Death.KILL);
            case POWER_LOSS -> die(node, SimNode.Death.POWER_LOSS);
            case POWER_LOSS_WHILE_WRITING -> powerLossWhileWriting(node);
            case POWER_LOSS_OF_ALL -> ensemble.nodes().forEach(each -> die(each, SimNode.Death.POWER_LOSS));
            case PAUSE -> node.pause(span(100, 8_000));
            case PAUSE_LEADER -> leader.pause(span(100, 8_000));
            case CUT_ONE_WAY -> cut(node, other(node), how, false);
            case CUT_BOTH_WAYS -> cut(node, other(node), how, true);
            case ISOLATE -> isolate(node, how);
            case ISOLATE_LEADER -> isolate(leader, how);
            case BAD_NETWORK -> badNetwork();
            case SLOW_DISK -> slowDisk(node);
            case FAIL_SYNC -> failSync(node);
            case FULL_DISK -> fullDisk(node);
            case LOST_DISK -> loseDisk(node);
            case DAMAGED_DISK -> damageDisk(node);
            case CLOCK_JUMP -> node.jumpWallClock(random.nextLong(-3_600_000, 3_600_000));
            case SILENT_CLIENT -> client().fallSilent(span(500, 15_000));
            case CUT_CLIENT -> client().cutConnection();
            default -> throw new IllegalStateException("no such fault: " + kind);
        }
    }

    private Duration span(int minMillis, int maxMillis) {
        // Short faults are as interesting as long ones: choose the magnitude first.
        double exponent = random.nextDouble(Math.log(minMillis), Math.log(maxMillis));
        return Duration.ofMillis((long) Math.exp(exponent));
    }

    private SimNode other(SimNode node) {
        int step = 1 + random.nextInt(ensemble.nodes().size() - 1);
        return ensemble.node((node.id() - 1 + step) % ensemble.nodes().size() + 1);
    }

    private SimClient client() {
        return clients.get(random.nextInt(clients.size())).client();
    }

    private void repairLater(Duration span, Runnable repair) {
        Runnable once = new Runnable() {
            @Override
            public void run() {
                if (repairs.remove(this)) {
                    repair.run();
                }
            }
        };
        repairs.add(once);
        world.schedule(null, span.toNanos(), once);
    }

    private void die(SimNode node, SimNode.Death how) {
        node.die(how);
        repairLater(span(50, 10_000), node::start);
    }

    /** Between two changes to the disk that one step of an actor makes. */
    private void powerLossWhileWriting(SimNode node) {
        node.disk().atOperation(1 + random.nextInt(12), () -> die(node, SimNode.Death.POWER_LOSS));
    }

    private void cut(SimNode from, SimNode to, SimNetwork.Cut how, boolean both) {
        world.trace().event("cut %s %s %s, %s".formatted(from, both ? "<->" : "->", to, how));
        ensemble.network().cut(from.id(), to.id(), how);
        if (both) {
            ensemble.network().cut(to.id(), from.id(), how);
        }
        repairLater(span(200, 10_000), () -> {
            world.trace().event("heal %s %s %s".formatted(from, both ? "<->" : "->", to));
            ensemble.network().heal(from.id(), to.id());
            ensemble.network().heal(to.id(), from.id());
        });
    }

    private void isolate(SimNode node, SimNetwork.Cut how) {
        world.trace().event("isolate " + node + ", " + how);
        ensemble.isolate(node, how);
        repairLater(span(200, 12_000), () -> {
            world.trace().event("reconnect " + node);
            for (SimNode each : ensemble.nodes()) {
                ensemble.network().heal(node.id(), each.id());
                ensemble.network().heal(each.id(), node.id());
            }
        });
    }

    private void badNetwork() {
        SimNetwork.Quality bad = new SimNetwork.Quality(
                random.nextInt(60), random.nextInt(30), random.nextInt(30), 100, 1_000 + random.nextInt(60_000));
        world.trace().event("bad network: " + bad);
        ensemble.network().quality(bad);
        repairLater(span(500, 10_000), () -> {
            world.trace().event("good network");
            ensemble.network().quality(normal);
        });
    }

    private void slowDisk(SimNode node) {
        long max = span(20, 3_000).toNanos();
        world.trace().event(node + "'s disk becomes slow: up to " + max / 1_000_000 + " ms");
        node.disk().syncTakes(max / 4, max);
        repairLater(span(500, 8_000), () -> node.disk().syncTakes(200_000, 2_000_000));
    }

    private void failSync(SimNode node) {
        world.trace().event(node + "'s next sync fails");
        node.disk().failNextSync();
    }

    private void fullDisk(SimNode node) {
        world.trace().event(node + "'s disk is nearly full");
        node.disk().capacity(node.disk().used() + random.nextInt(20_000));
        repairLater(span(200, 5_000), () -> node.disk().capacity(Long.MAX_VALUE));
    }

    private void loseDisk(SimNode node) {
        if (disksToLose > 0) {
            disksToLose--;
            die(node, SimNode.Death.KILL);
            ensemble.wipe(node);
        }
    }

    /** One byte of a log or a snapshot turns, while the node is down. */
    private void damageDisk(SimNode node) {
        List<Map.Entry<String, byte[]>> files = node.disk().files().entrySet().stream()
                .filter(file -> file.getValue().length > 0)
                .filter(file ->
                        file.getKey().startsWith("log-") || file.getKey().startsWith("snapshot-"))
                .toList();
        if (disksToLose > 0 && !files.isEmpty()) {
            disksToLose--;
            die(node, SimNode.Death.KILL);
            Map.Entry<String, byte[]> file = files.get(random.nextInt(files.size()));
            ensemble.damage(node, file.getKey(), random.nextInt(file.getValue().length));
        }
    }
}
