package io.troupe.sim;

import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Role;
import io.troupe.node.NodeSettings;
import io.troupe.sim.SimOptions.Mode;
import io.troupe.sim.invariant.CommitsAreHeldByQuorum;
import io.troupe.sim.invariant.DigestsAgree;
import io.troupe.sim.invariant.DurableState;
import io.troupe.sim.invariant.EpochsNeverRegress;
import io.troupe.sim.invariant.Invariant;
import io.troupe.sim.invariant.LeadersHoldWhatClientsSaw;
import io.troupe.sim.invariant.LocalPrimaryOrder;
import io.troupe.sim.invariant.NothingGoesBack;
import io.troupe.sim.invariant.OneHistory;
import io.troupe.sim.invariant.OneLeaderPerEpoch;
import io.troupe.sim.invariant.PromisesAreDurable;
import io.troupe.sim.invariant.TotalOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A whole ensemble in one world, with its invariants checked after every step. */
final class SimEnsemble implements AutoCloseable {
    /** The file with the epochs a node has promised and entered. */
    private static final String PROMISES = "node.meta";

    private final SimWorld world;
    private final int voters;
    private final SimActors actors;
    private final SimNetwork network;
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<Invariant> invariants = new ArrayList<>();
    private final EpochsNeverRegress epochs = new EpochsNeverRegress();
    private final Map<Integer, Long> lost = new HashMap<>();
    private final Map<SimProcess, NodeStatus> lastStatus = new HashMap<>();
    private Runnable afterApplicationStep = () -> {};

    SimEnsemble(SimOptions options, NodeStarter starter) {
        this(options, starter, false);
    }

    /**
     * An ensemble that has yet to be founded.
     *
     * @param applications whether nodes have actor systems for clients
     */
    SimEnsemble(SimOptions options, NodeStarter starter, boolean applications) {
        voters = options.voters();
        world = new SimWorld(options.seed(), options.has(Mode.EXPLORE), options.trace());
        actors = new SimActors(world, options.timerLateness());
        network = new SimNetwork(world, options.has(Mode.SERIALIZE) ? actors.serialization() : null);
        SimMachinery machinery = new SimMachinery(
                world,
                actors,
                network,
                options.has(Mode.PROBES) ? new SimProbes(world) : null,
                options.has(Mode.SKEWED_CLOCKS),
                applications);
        SimSettings settings = new SimSettings(
                world.random("settings"), options.has(Mode.ODD_SETTINGS), options.has(Mode.PRODUCTION_BEATS));
        List<NodeSettings.Seed> seeds = new ArrayList<>();
        for (int id = 1; id <= options.voters(); id++) {
            seeds.add(new NodeSettings.Seed(id, "n" + id, 25520));
        }
        for (int id = 1; id <= options.nodes(); id++) {
            nodes.add(new SimNode(machinery, starter, settings.of(id, seeds)));
        }
        invariants.addAll(List.of(
                new OneLeaderPerEpoch(),
                new DigestsAgree(),
                new NothingGoesBack(),
                new OneHistory(),
                new LocalPrimaryOrder(),
                new LeadersHoldWhatClientsSaw(),
                epochs));
        if (options.nodes() > 1) {
            // It learns what was proposed from what travels.
            invariants.add(new TotalOrder());
        }
        if (options.has(Mode.READ_DISKS)) {
            invariants.add(new PromisesAreDurable(this::promised, this::logEnd));
            invariants.add(new CommitsAreHeldByQuorum(options.voters(), this::held));
        }
        world.afterStep(this::observe);
        network.observe((from, to, recipient, message) -> {
            for (Invariant each : invariants) {
                each.onSent(from, to, message).ifPresent(world::fail);
            }
            node(from).sends(message);
        });
        if (!options.has(Mode.HEALS_ALONE)) {
            nodes.forEach(node -> node.operator(() -> wipe(node)));
        }
        nodes.forEach(node -> node.onAnswer(zxid -> answered(node, zxid)));
        nodes.forEach(node -> node.disk().onDurable(PROMISES, () -> checkPromises(node)));
    }

    private static Map<String, byte[]> promises(SimNode node) {
        byte[] meta = node.disk().durableFile(PROMISES);
        return meta == null ? Map.of() : Map.of(PROMISES, meta);
    }

    private DurableState promised(int nodeId) {
        return DurableState.of(promises(node(nodeId)));
    }

    private long logEnd(int nodeId) {
        return node(nodeId).disk().durableLogEnd();
    }

    /** The end of what a node's disk holds, or held before it was lost: committing what it held then was right. */
    private long held(int nodeId) {
        return Math.max(logEnd(nodeId), lost.getOrDefault(nodeId, 0L));
    }

    private void answered(SimNode node, long zxid) {
        for (Invariant each : invariants) {
            each.onAnswer(node.id(), zxid).ifPresent(world::fail);
        }
    }

    private void checkPromises(SimNode node) {
        Map<String, byte[]> files = promises(node);
        if (!files.isEmpty()) {
            invariants.forEach(
                    invariant -> invariant.onDurable(node.id(), files).ifPresent(world::fail));
        }
    }

    SimWorld world() {
        return world;
    }

    SimActors actors() {
        return actors;
    }

    /** Called after every step of an application. */
    void afterApplicationStep(Runnable observer) {
        afterApplicationStep = observer;
    }

    SimNetwork network() {
        return network;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    /** How many nodes vote at first: those with the lowest numbers. */
    int voters() {
        return voters;
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
        rememberLost(node);
        node.disk().wipe();
        epochs.forget(node.id());
    }

    /** One bit of a file of a node turns; the node must be down. */
    void flipBit(SimNode node, String file, int position, int bit) {
        world.trace().event("bit %d of byte %d of %s's %s turns".formatted(bit, position, node, file));
        rememberLost(node);
        node.disk().corrupt(file, position, 1 << bit);
    }

    /** Part of a file of a node becomes zeros; the node must be down. */
    void zero(SimNode node, String file, int position, int length) {
        world.trace().event("%d bytes from %d of %s's %s become zeros".formatted(length, position, node, file));
        rememberLost(node);
        node.disk().zero(file, position, length);
    }

    private void rememberLost(SimNode node) {
        lost.merge(node.id(), logEnd(node.id()), Math::max);
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

    /** What a process says of itself changes only while it runs. */
    private void observe(SimProcess process) {
        if (process.nodeId() == SimProcess.NO_NODE) {
            afterApplicationStep.run();
            return;
        }
        SimNode node = node(process.nodeId());
        node.stepped();
        NodeStatus status = node.process() == process ? node.status() : null;
        if (status == null) {
            return;
        }
        NodeStatus before = lastStatus.get(process);
        if (status.equals(before)) {
            return;
        }
        lastStatus.put(process, status);
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

    @Override
    public void close() {
        world.close();
    }
}
