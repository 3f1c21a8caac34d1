package io.troupe.sim;

import io.troupe.broadcast.BroadcastSettings;
import io.troupe.edge.NodeStatus;
import io.troupe.election.ElectionSettings;
import io.troupe.ensemble.Role;
import io.troupe.heartbeat.HeartbeatSettings;
import io.troupe.log.LogSettings;
import io.troupe.node.NodeSettings;
import io.troupe.sim.invariant.CommitsAreHeldByQuorum;
import io.troupe.sim.invariant.DigestsAgree;
import io.troupe.sim.invariant.DurableState;
import io.troupe.sim.invariant.EpochsNeverRegress;
import io.troupe.sim.invariant.Invariant;
import io.troupe.sim.invariant.NothingGoesBack;
import io.troupe.sim.invariant.OneHistory;
import io.troupe.sim.invariant.OneLeaderPerEpoch;
import io.troupe.sim.invariant.PromisesAreDurable;
import io.troupe.snapshot.SnapshotSettings;
import io.troupe.tree.TreeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A whole ensemble in one world, with its invariants checked after every step. */
final class SimEnsemble implements AutoCloseable {
    private final SimWorld world;
    private final SimNetwork network;
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<Invariant> invariants = new ArrayList<>();
    private final EpochsNeverRegress epochs = new EpochsNeverRegress();
    private final Map<String, NodeStatus> lastStatus = new HashMap<>();

    SimEnsemble(SimOptions options, NodeStarter starter) {
        world = new SimWorld(options.seed(), options.explore(), options.trace());
        SimActors actors = new SimActors(world, options.timerLateness());
        network = new SimNetwork(world, options.serialize() ? actors.serialization() : null);
        SimMachinery machinery =
                new SimMachinery(world, actors, network, options.probes() ? new SimProbes(world) : null);
        List<NodeSettings.Seed> seeds = new ArrayList<>();
        for (int id = 1; id <= options.nodes(); id++) {
            seeds.add(new NodeSettings.Seed("n" + id, 25520));
        }
        for (int id = 1; id <= options.nodes(); id++) {
            nodes.add(new SimNode(machinery, starter, settings(id, seeds)));
        }
        invariants.addAll(
                List.of(new OneLeaderPerEpoch(), new DigestsAgree(), new NothingGoesBack(), new OneHistory(), epochs));
        if (options.readDisks()) {
            invariants.add(new PromisesAreDurable(this::durable));
            invariants.add(new CommitsAreHeldByQuorum(options.nodes(), this::durable));
        }
        world.afterStep(this::observe);
        network.observe((from, to, recipient, message) -> invariants.forEach(
                invariant -> invariant.onSent(from, to, message).ifPresent(world::fail)));
        nodes.forEach(node -> node.disk().onDurable(() -> promises(node)));
    }

    private DurableState durable(int nodeId) {
        return DurableState.of(node(nodeId).disk().durableFiles());
    }

    private void promises(SimNode node) {
        byte[] meta = node.disk().durableFile("node.meta");
        if (meta != null) {
            invariants.forEach(invariant ->
                    invariant.onDurable(node.id(), Map.of("node.meta", meta)).ifPresent(world::fail));
        }
    }

    private static NodeSettings settings(int id, List<NodeSettings.Seed> seeds) {
        return new NodeSettings(
                id,
                seeds,
                "n" + id,
                "n" + id,
                25520,
                2181,
                "simulated",
                0,
                List.of(),
                Duration.ofMillis(1000),
                Duration.ofSeconds(60),
                ElectionSettings.DEFAULT,
                HeartbeatSettings.DEFAULT,
                BroadcastSettings.DEFAULT,
                // Small, so that a minute has several snapshots and segments in it.
                new TreeSettings(300, Duration.ofMillis(2)),
                new LogSettings(32 * 1024, 16 * 1024),
                new SnapshotSettings(2, 4 * 1024, 2));
    }

    SimWorld world() {
        return world;
    }

    SimNetwork network() {
        return network;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    /** Numbered from 1, as nodes are. */
    SimNode node(int id) {
        return nodes.get(id - 1);
    }

    /** Another property to hold this run to. */
    void demand(Invariant invariant) {
        invariants.add(invariant);
    }

    void startAll() {
        nodes.forEach(SimNode::start);
    }

    /** A node gets an empty disk; it must be down. */
    void wipe(SimNode node) {
        world.trace().event(node + " gets an empty disk");
        node.disk().wipe();
        epochs.forget(node.id());
    }

    /** The node that says it leads and serves, in the latest epoch that any node says so of. */
    Optional<SimNode> leader() {
        SimNode found = null;
        long epoch = -1;
        for (SimNode node : nodes) {
            NodeStatus status = node.status();
            if (status != null && status.role() == Role.LEADING && status.serving() && status.epoch() > epoch) {
                found = node;
                epoch = status.epoch();
            }
        }
        return Optional.ofNullable(found);
    }

    /** Runs until a leader serves; false when that takes longer. */
    boolean awaitLeader(Duration atMost) {
        return world.runUntil(() -> leader().isPresent(), atMost);
    }

    /** Cuts a node off from all others. */
    void isolate(SimNode node, SimNetwork.Cut how) {
        for (SimNode other : nodes) {
            if (other != node) {
                network.cut(node.id(), other.id(), how);
                network.cut(other.id(), node.id(), how);
            }
        }
    }

    private void observe() {
        for (SimNode node : nodes) {
            NodeStatus status = node.status();
            SimProcess process = node.process();
            if (status == null || process == null) {
                continue;
            }
            NodeStatus before = lastStatus.get(process.name());
            if (status.equals(before)) {
                continue;
            }
            lastStatus.put(process.name(), status);
            if (before == null || before.role() != status.role() || before.serving() != status.serving()) {
                world.trace()
                        .event("%s is %s%s, epoch %d, leader %d, executed %x"
                                .formatted(
                                        process,
                                        status.role(),
                                        status.serving() ? "" : " (not serving)",
                                        status.epoch(),
                                        status.leaderId(),
                                        status.executedZxid()));
            }
            for (Invariant invariant : invariants) {
                invariant.onStatus(process.name(), status).ifPresent(world::fail);
            }
        }
    }

    @Override
    public void close() {
        world.close();
    }
}
