package io.troupe.sim;

import io.troupe.env.SpareFiles;
import io.troupe.sim.SimNode.Death;
import java.util.List;
import java.util.SplittableRandom;

/** Disks that are slow or full, fail, forget, or turn bits. */
final class DiskFaults {
    private static final int SECTOR = 512;

    private final FaultPlan plan;
    private final SimEnsemble ensemble;
    private final SimWorld world;
    private final SplittableRandom random;
    private final boolean losesDisks;
    /** Voters' disks that may yet lose what they hold: a quorum's memory must stay whole. */
    private int disksToLose;

    DiskFaults(FaultPlan plan, SimEnsemble ensemble, SplittableRandom random, boolean losesDisks) {
        this.plan = plan;
        this.ensemble = ensemble;
        this.world = ensemble.world();
        this.random = random;
        this.losesDisks = losesDisks;
        this.disksToLose = (ensemble.voters() - 1) / 2;
    }

    /** False when this is no fault of a disk, or this disk may not have it. */
    boolean inject(FaultKind kind, SimNode node) {
        return switch (kind) {
            case SLOW_DISK -> slow(node);
            case FAIL_SYNC -> failSync(node);
            case FULL_DISK -> fill(node);
            case LOST_DISK -> lose(node);
            case BIT_FLIP_IN_LOG -> damage(node, "log-", 1);
            case BIT_FLIP_IN_SNAPSHOT -> damage(node, "snapshot-", 1);
            case ZEROED_SECTOR -> damage(node, random.nextBoolean() ? "log-" : "snapshot-", SECTOR);
            default -> false;
        };
    }

    private boolean slow(SimNode node) {
        long max = plan.span(20, 3_000).toNanos();
        world.trace().event(node + "'s disk becomes slow: up to " + max / 1_000_000 + " ms");
        node.disk().syncTakes(max / 4, max);
        plan.repairLater(
                plan.span(500, 8_000),
                () -> node.disk().syncTakes(SimDisk.USUAL_MIN_SYNC_NANOS, SimDisk.USUAL_MAX_SYNC_NANOS));
        return true;
    }

    private boolean failSync(SimNode node) {
        world.trace().event(node + "'s next sync fails");
        node.disk().failNextSync();
        return true;
    }

    private boolean fill(SimNode node) {
        world.trace().event(node + "'s disk is nearly full");
        node.disk().capacity(node.disk().used() + random.nextInt(random.nextBoolean() ? 20_000 : 300_000));
        plan.repairLater(plan.span(200, 5_000), () -> node.disk().capacity(Long.MAX_VALUE));
        return true;
    }

    /** Whether one more disk may lose something; if so this one does. An observer's never matters. */
    private boolean mayLose(SimNode node) {
        if (!losesDisks) {
            return false;
        }
        return node.id() > ensemble.voters() || disksToLose-- > 0;
    }

    private boolean lose(SimNode node) {
        if (!mayLose(node)) {
            return false;
        }
        plan.die(node, Death.KILL);
        ensemble.wipe(node);
        return true;
    }

    /** Part of a file turns, while the node is down. */
    private boolean damage(SimNode node, String prefix, int length) {
        List<String> files = node.disk().names().stream()
                .filter(name -> name.startsWith(prefix)
                        && !SpareFiles.isSpare(name)
                        && node.disk().size(name) > 0)
                .toList();
        if (files.isEmpty() || !mayLose(node)) {
            return false;
        }
        plan.die(node, Death.KILL);
        String file = files.get(random.nextInt(files.size()));
        int position = random.nextInt(node.disk().size(file));
        if (length == 1) {
            ensemble.flipBit(node, file, position, random.nextInt(8));
        } else {
            ensemble.zero(node, file, position / SECTOR * SECTOR, length);
        }
        return true;
    }
}
