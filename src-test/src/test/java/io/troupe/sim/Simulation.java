package io.troupe.sim;

import io.troupe.edge.NodeStatus;
import io.troupe.model.LinearizabilityChecker;
import io.troupe.model.RegisterOperation;
import io.troupe.model.SessionOrderChecker;
import io.troupe.request.Operation;
import io.troupe.sim.SimOptions.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One run: an ensemble is founded, clients work on it, faults come and go for a minute, then everything heals and must
 * work again; in the end all nodes must hold the same tree, the clients' histories must make sense, and a restart of
 * everything must change nothing.
 */
final class Simulation implements AutoCloseable {
    /**
     * What became of a run.
     *
     * @param failure null when every invariant held
     */
    record Outcome(
            long seed,
            @Nullable String failure,
            long hash,
            long steps,
            long messages,
            long writes,
            long operations,
            Map<FaultKind, Integer> faults,
            int memberChanges,
            int restarts,
            long simulatedMillis) {}

    private static final Duration FOUNDING = Duration.ofSeconds(20);
    private static final Duration RECOVERY = Duration.ofSeconds(10);
    private static final Duration CATCH_UP = Duration.ofSeconds(5);
    private static final Duration PROGRESS = Duration.ofSeconds(20);
    /** A run in which clients did less than this would prove little. */
    private static final int MIN_OPERATIONS = 200;

    private static final int MAX_SESSION_MILLIS = 9_000;

    private final SimOptions options;
    private final SimEnsemble ensemble;
    private final SimWorld world;
    private final SharedModel model = new SharedModel();
    private final List<Workload> clients = new ArrayList<>();
    private final FaultPlan faults;
    private final @Nullable MemberChanges members;
    private final Duration span;
    private final EphemeralScan scan;

    Simulation(SimOptions options, NodeStarter starter, Duration span) {
        this.options = options;
        this.span = span;
        ensemble = new SimEnsemble(options, starter);
        world = ensemble.world();
        var random = world.random("clients");
        int count = 2 + random.nextInt(3);
        for (int i = 1; i <= count; i++) {
            int timeout = random.nextInt(4_000, MAX_SESSION_MILLIS);
            clients.add(new Workload(world, "c" + i, ensemble.nodes(), timeout, model, options.has(Mode.BUSY_CLIENTS)));
        }
        scan = new EphemeralScan(ensemble);
        faults = new FaultPlan(ensemble, new ClientFaults(clients), !options.has(Mode.MEMBER_CHANGES));
        members = options.has(Mode.MEMBER_CHANGES) ? new MemberChanges(ensemble, options.has(Mode.STALE_LISTS)) : null;
    }

    /** Runs one seed from beginning to end. */
    static Outcome run(SimOptions options, NodeStarter starter, Duration span) {
        try (Simulation simulation = new Simulation(options, starter, span)) {
            return simulation.run();
        }
    }

    Outcome run() {
        world.watchOver(this::phases);
        return new Outcome(
                options.seed(),
                world.failure(),
                world.trace().hash(),
                world.steps(),
                ensemble.network().sent(),
                model.writes(),
                operations(),
                faults.injected(),
                members == null ? 0 : members.changed(),
                ensemble.nodes().stream().mapToInt(SimNode::starts).sum() - options.nodes(),
                world.nowMillis());
    }

    private long operations() {
        long answered = 0;
        for (Workload each : clients) {
            answered += each.client().answered();
        }
        return answered;
    }

    private void phases() {
        found();
        if (failed()) {
            return;
        }
        if (!options.has(Mode.MANY_FAULTS)) {
            faults.start(span, false);
        }
        if (members != null) {
            members.start();
        }
        world.runFor(span);
        if (failed()) {
            return;
        }
        heal();
        if (failed()) {
            return;
        }
        settle();
        Map<Integer, TreeDump> before = dumps("before");
        judge(before);
        if (failed()) {
            return;
        }
        restartAll();
        Map<Integer, TreeDump> after = dumps("after");
        compare("after a restart", before, after);
    }

    private boolean failed() {
        return world.failure() != null;
    }

    private void found() {
        var random = world.random("founding");
        ensemble.nodes().forEach(node -> world.schedule(null, random.nextInt(1_000) * 1_000_000L, node::start));
        clients.forEach(Workload::start);
        scan.start();
        if (options.has(Mode.MANY_FAULTS)) {
            // Nothing is founded while nodes come and go; what is half founded must be finished in the end.
            faults.start(span, true);
            return;
        }
        if (!ensemble.awaitLeader(FOUNDING) && !failed()) {
            world.fail("no ensemble was founded within " + FOUNDING.toSeconds() + " s");
        }
        world.runFor(Duration.ofSeconds(1));
    }

    /** Once faults stop a leader serves soon and every client makes progress (liveness, Zab section 4). */
    private void heal() {
        faults.end();
        if (members != null) {
            members.end();
        }
        if (!ensemble.awaitLeader(RECOVERY) && !failed()) {
            world.fail("no leader within " + RECOVERY.toSeconds() + " s after the last fault");
            return;
        }
        Map<Workload, Long> before = new HashMap<>();
        clients.forEach(client -> before.put(client, client.acknowledged()));
        boolean progress = world.runUntil(() -> allGotOn(before), PROGRESS);
        progress &= world.runUntil(() -> operations() >= MIN_OPERATIONS, PROGRESS);
        if (!progress && !failed()) {
            world.fail("clients make no progress although nothing is wrong any more: " + stuck(before));
        }
        if (!failed()) {
            catchUp();
        }
    }

    /** Nobody serves a past that the leader has long left behind: contact lost is contact noticed. */
    private void catchUp() {
        long committed = ensemble.leader()
                .map(SimNode::status)
                .map(NodeStatus::executedZxid)
                .orElse(0L);
        world.runFor(CATCH_UP);
        for (SimNode node : ensemble.nodes()) {
            NodeStatus status = node.status();
            if (!failed() && (status == null || !status.serving() || status.executedZxid() < committed)) {
                world.fail("%s is not with the others %d s after the last fault: %s"
                        .formatted(node, CATCH_UP.toSeconds(), status));
            }
        }
    }

    private boolean allGotOn(Map<Workload, Long> before) {
        for (Workload client : clients) {
            if (!gotOn(client, before)) {
                return false;
            }
        }
        return true;
    }

    private static boolean gotOn(Workload client, Map<Workload, Long> before) {
        return client.acknowledged() > before.getOrDefault(client, 0L) + 3;
    }

    private String stuck(Map<Workload, Long> before) {
        List<String> names = new ArrayList<>();
        for (Workload client : clients) {
            if (!gotOn(client, before)) {
                names.add("%s at %s, %sconnected, %d waiting"
                        .formatted(
                                client.client(),
                                client.client().at(),
                                client.client().connected() ? "" : "not ",
                                client.client().waiting()));
            }
        }
        return names.toString();
    }

    /** All requests end, all sessions close or expire. */
    private void settle() {
        clients.forEach(Workload::stop);
        boolean quiet = world.runUntil(
                () -> clients.stream().allMatch(client -> client.client().waiting() == 0), PROGRESS);
        if (!quiet && !failed()) {
            world.fail("requests are never answered");
        }
        for (Workload client : clients) {
            if (client.client().connected()) {
                long session = client.client().sessionId();
                client.client().write(new Operation.CloseSession(0, 0), call -> {
                    if (call.ok()) {
                        model.sessionEnded(session);
                    }
                });
            }
        }
        world.runFor(Duration.ofSeconds(1));
        clients.forEach(client -> client.client().stop());
        if (members != null) {
            members.leave();
        }
        int longest = members == null ? MAX_SESSION_MILLIS : MemberChanges.SESSION_MILLIS;
        world.runUntil(this::noSessions, Duration.ofMillis(longest + 6_000L));
        for (SimNode node : ensemble.nodes()) {
            NodeStatus status = node.status();
            if (!failed() && status != null && status.sessions() > 0) {
                world.fail("%s still has %d sessions of clients that have gone".formatted(node, status.sessions()));
            }
        }
    }

    private boolean noSessions() {
        for (SimNode node : ensemble.nodes()) {
            NodeStatus status = node.status();
            if (status == null || status.sessions() > 0 || status.ephemerals() > 0) {
                return false;
            }
        }
        return true;
    }

    private Map<Integer, TreeDump> dumps(String when) {
        Map<Integer, TreeDump> dumps = new TreeMap<>();
        for (SimNode node : ensemble.nodes()) {
            if (!failed()) {
                TreeDump.of(world, node, "inspector-" + when + node.id(), members == null)
                        .ifPresent(dump -> dumps.put(node.id(), dump));
            }
        }
        compare(when + " the restart", dumps, dumps);
        return dumps;
    }

    /** All of {@code b} equal the first of {@code a}. */
    private void compare(String when, Map<Integer, TreeDump> a, Map<Integer, TreeDump> b) {
        if (failed() || a.isEmpty()) {
            return;
        }
        TreeDump reference = a.values().iterator().next();
        b.forEach((id, dump) -> dump.differenceFrom(reference)
                .ifPresent(text -> world.fail("%s: n%d differs: %s".formatted(when, id, text))));
    }

    private void judge(Map<Integer, TreeDump> dumps) {
        if (failed() || dumps.isEmpty()) {
            return;
        }
        TreeDump dump = dumps.values().iterator().next();
        dump.znodes().forEach((path, znode) -> {
            long owner = znode.stat().ephemeralOwner();
            if (owner != 0) {
                world.fail("%s of session %x outlives all sessions%s"
                        .formatted(path, owner, model.endedSessions().contains(owner) ? ", which has ended" : ""));
            }
        });
        model.missing(dump.znodes().keySet()).forEach(path -> world.fail(path + " was acknowledged and is gone"));
        finalReads(dump);
        model.numberingContradiction().ifPresent(world::fail);
        LinearizabilityChecker.contradiction(model.history()).ifPresent(world::fail);
        SessionOrderChecker.contradiction(model.history()).ifPresent(world::fail);
    }

    /** What the registers hold in the end is one more synced read of each. */
    private void finalReads(TreeDump dump) {
        for (int i = 0; i < Workload.REGISTERS; i++) {
            String path = "/r/" + i;
            TreeDump.Znode znode = dump.znodes().get(path);
            if (znode == null) {
                world.fail(path + " is gone");
                return;
            }
            byte[] data = znode.data();
            model.history()
                    .add(new RegisterOperation(
                            "inspector",
                            0,
                            RegisterOperation.Kind.SYNC_READ,
                            path,
                            world.nowNanos(),
                            world.nowNanos(),
                            data == null ? "" : new String(data, java.nio.charset.StandardCharsets.UTF_8),
                            znode.stat().version(),
                            znode.stat().mzxid(),
                            -1));
        }
    }

    private void restartAll() {
        ensemble.nodes().forEach(node -> node.die(SimNode.Death.POWER_LOSS));
        world.runFor(Duration.ofMillis(100));
        ensemble.startAll();
        if (!ensemble.awaitLeader(RECOVERY) && !failed()) {
            world.fail("no leader after a restart of all nodes");
        }
    }

    @Override
    public void close() {
        ensemble.close();
    }
}
