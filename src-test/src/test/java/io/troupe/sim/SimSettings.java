package io.troupe.sim;

import io.troupe.broadcast.BroadcastSettings;
import io.troupe.election.ElectionSettings;
import io.troupe.heartbeat.HeartbeatSettings;
import io.troupe.log.LogSettings;
import io.troupe.node.NodeSettings;
import io.troupe.snapshot.SnapshotSettings;
import io.troupe.tree.TreeSettings;
import io.troupe.tree.local.TreeLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The settings of a run's nodes: those of production, but with snapshots and segments so small that a minute sees several
 * of them; or odd ones, so that every limit is met.
 */
final class SimSettings {
    private final BroadcastSettings broadcast;
    private final HeartbeatSettings heartbeat;
    private final TreeSettings tree;
    private final LogSettings log;
    private final SnapshotSettings snapshot;

    /**
     * Settings for one run.
     *
     * @param odd whether every limit is so small that it is met
     * @param productionBeats whether nodes beat as often as in production
     */
    SimSettings(SplittableRandom random, boolean odd, boolean productionBeats) {
        BroadcastSettings usual = BroadcastSettings.DEFAULT;
        broadcast = odd
                ? new BroadcastSettings(
                        usual.discoveryDeadline(),
                        usual.syncDeadline(),
                        usual.proposalDeadline(),
                        Duration.ofMillis(random.nextInt(1, 20)),
                        random.nextInt(100, 2_000),
                        Duration.ofMillis(random.nextInt(0, 8)),
                        random.nextInt(1, 4),
                        random.nextInt(500, 8_000),
                        random.nextInt(60, 800))
                : usual;
        HeartbeatSettings beats = HeartbeatSettings.DEFAULT;
        heartbeat = new HeartbeatSettings(
                productionBeats ? beats.beat() : beats.beat().multipliedBy(4),
                productionBeats ? beats.suspectAfter() : beats.suspectAfter().multipliedBy(2),
                beats.suspectAtMost(),
                Duration.ZERO,
                odd ? Duration.ofMillis(random.nextInt(200, 2_000)) : beats.tick(),
                beats.reaping());
        tree = new TreeSettings(
                odd ? random.nextInt(20, 500) : 300,
                Duration.ofMillis(2),
                Duration.ofMillis(6),
                true,
                false,
                Optional.empty(),
                64 << 10,
                TreeLimits.NONE);
        log = odd ? log(random.nextInt(500, 64 * 1024), random.nextInt(100, 32 * 1024)) : log(32 * 1024, 16 * 1024);
        snapshot = new SnapshotSettings(2, odd ? random.nextInt(100, 8 * 1024) : 4 * 1024, 2);
    }

    private static LogSettings log(int segmentBytes, int preallocateBytes) {
        return new LogSettings(segmentBytes, preallocateBytes, 2 * preallocateBytes);
    }

    /** Of one node. */
    NodeSettings of(int id, List<NodeSettings.Seed> seeds) {
        return new NodeSettings(
                id,
                seeds,
                "n" + id,
                "n" + id,
                "n" + id,
                "n" + id,
                25520,
                2181,
                0,
                "n" + id,
                25521,
                "simulated",
                0,
                List.of(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                true,
                2 << 20,
                ElectionSettings.DEFAULT,
                heartbeat,
                broadcast,
                tree,
                log,
                snapshot);
    }
}
