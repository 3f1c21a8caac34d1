package io.troupe.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.troupe.edge.NodeStatus;
import io.troupe.sim.SimOptions.Mode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run in which foreign applications coordinate themselves by recipes, through the production client, while faults befall nodes,
 * applications and the network between them. At every step of an application nobody may hold what somebody else holds; once the
 * faults have ended everybody must get everything; in the end nothing may be lost, doubled or left over.
 */
final class RecipeSimulation implements AutoCloseable {
    private static final Duration FOUNDING = Duration.ofSeconds(20);
    private static final Duration RECOVERY = Duration.ofSeconds(10);
    /** Behind sessions that must expire first, and others who hold what is wanted. */
    private static final Duration EVERYBODY = Duration.ofSeconds(90);

    private static final Duration QUIET = Duration.ofSeconds(30);
    /** The longest session of an application, and a little. */
    private static final Duration SESSIONS = Duration.ofSeconds(12);

    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int APPLICATIONS = 3;
    /** Of so many seeds one. */
    private static final int GATHERING = 3;

    private final SimOptions options;
    private final SimEnsemble ensemble;
    private final SimWorld world;
    private final SimRemoting remoting;
    private final RecipeWork work;
    private final List<SimApplication> applications = new ArrayList<>();
    private final ApplicationFaults applicationFaults;
    private final FaultPlan faults;
    private final Duration span;
    /** Whose sessions end long after they have gone. */
    private int inspectors;

    private RecipeSimulation(SimOptions options, NodeStarter starter, Duration span) {
        this.options = options;
        this.span = span;
        ensemble = new SimEnsemble(options, starter, true);
        world = ensemble.world();
        remoting = new SimRemoting(ensemble);
        work = new RecipeWork(options.has(Mode.BUSY_CLIENTS), options.seed() % GATHERING == 0);
        for (int id = 1; id <= APPLICATIONS; id++) {
            applications.add(new SimApplication(ensemble, remoting, id, options.has(Mode.SKEWED_CLOCKS), work::begin));
        }
        applicationFaults = new ApplicationFaults(ensemble, remoting, applications);
        faults = new FaultPlan(ensemble, applicationFaults, true);
        ensemble.afterApplicationStep(() -> work.locks().book().overlap().ifPresent(world::fail));
    }

    /** Runs one seed from beginning to end. */
    static Simulation.Outcome run(SimOptions options, NodeStarter starter, Duration span) {
        Set<Mode> modes = EnumSet.noneOf(Mode.class);
        modes.addAll(options.modes());
        // The members stay: an operator's work is judged without applications.
        modes.removeAll(Set.of(Mode.MEMBER_CHANGES, Mode.STALE_LISTS));
        SimOptions fixed = new SimOptions(
                options.seed(), options.voters(), options.observers(), modes, options.timerLateness(), options.trace());
        try (RecipeSimulation simulation = new RecipeSimulation(fixed, starter, span)) {
            return simulation.run();
        }
    }

    private Simulation.Outcome run() {
        world.watchOver(this::phases);
        Map<FaultKind, Integer> injected = new EnumMap<>(FaultKind.class);
        injected.putAll(faults.injected());
        applicationFaults.injected().forEach((kind, times) -> injected.merge(kind, times, Integer::sum));
        return new Simulation.Outcome(
                options.seed(),
                world.failure(),
                world.trace().hash(),
                world.steps(),
                ensemble.network().sent() + remoting.sent(),
                work.locks().book().granted(),
                work.operations(),
                injected,
                0,
                ensemble.nodes().stream().mapToInt(SimNode::starts).sum() - options.nodes(),
                world.nowMillis());
    }

    private boolean failed() {
        return world.failure() != null;
    }

    private void phases() {
        found();
        if (failed()) {
            return;
        }
        world.runFor(span);
        heal();
        finish();
        leave();
    }

    private void found() {
        var random = world.random("founding");
        boolean many = options.has(Mode.MANY_FAULTS);
        ensemble.nodes().forEach(node -> world.schedule(null, random.nextInt(1_000) * 1_000_000L, node::start));
        applications.forEach(each -> world.schedule(null, random.nextInt(2_000) * 1_000_000L, each::start));
        if (!many) {
            await(() -> ensemble.leader().isPresent(), FOUNDING, "no ensemble was founded");
            world.runFor(Duration.ofSeconds(1));
        }
        faults.start(span, many);
        applicationFaults.start(faults, span, many);
    }

    private void await(BooleanSupplier condition, Duration atMost, String complaint) {
        await(condition, atMost, () -> complaint);
    }

    private void await(BooleanSupplier condition, Duration atMost, Supplier<String> complaint) {
        long end = world.nowNanos() + atMost.toNanos();
        // To look after each step would cost more than the step.
        while (!failed() && !condition.getAsBoolean()) {
            if (world.nowNanos() >= end) {
                world.fail("%s within %d s".formatted(complaint.get(), atMost.toSeconds()));
            }
            world.runFor(LOOK);
        }
    }

    /** Once faults stop everybody gets everything in his turn. */
    private void heal() {
        faults.end();
        applicationFaults.end();
        await(() -> ensemble.leader().isPresent(), RECOVERY, "no leader after the last fault");
        Map<String, Long> before = work.progress();
        await(
                () -> stuck(before).isEmpty(),
                EVERYBODY,
                () -> "not got although nothing is wrong any more: " + stuck(before));
    }

    private List<String> stuck(Map<String, Long> before) {
        Map<String, Long> now = work.progress();
        List<String> stuck = new ArrayList<>();
        for (SimApplication each : applications) {
            for (String what : work.everything()) {
                String key = each + " " + what;
                if (now.getOrDefault(key, 0L) <= before.getOrDefault(key, 0L)) {
                    stuck.add(key);
                }
            }
        }
        return stuck;
    }

    /** What was begun comes to an end, and everybody is told of everything. */
    private void finish() {
        work.finish();
        await(
                () -> work.queue().undone().isEmpty(),
                EVERYBODY,
                () -> "in the queue, and not taken: " + work.queue().undone());
        // Somebody may have died while he said that he is done: what he had is taken once more when his session ends.
        world.runFor(SESSIONS);
        work.end();
        await(() -> work.underWay().isEmpty(), QUIET, () -> "under way without end: " + work.underWay());
        await(work.values().feed()::isTold, QUIET, "not everybody was told of the last change");
        if (!failed()) {
            work.values().feed().missed().ifPresent(world::fail);
        }
        world.runFor(Duration.ofSeconds(1));
        dump().ifPresent(this::judge);
    }

    /** The tree, the same at all nodes. */
    private Optional<TreeDump> dump() {
        // The ensemble removes empty directories, at times between one look and the next, but not twice in a second.
        return dumps("").or(() -> dumps("again "));
    }

    /** Empty where nodes differ, which is wrong only when they do so again. */
    private Optional<TreeDump> dumps(String again) {
        TreeDump first = null;
        for (SimNode node : ensemble.nodes()) {
            TreeDump dump = failed()
                    ? null
                    : TreeDump.amidRemovals(world, node, again + "inspector" + node.id())
                            .orElse(null);
            inspectors++;
            Optional<String> difference = first == null || dump == null ? Optional.empty() : first.differenceFrom(dump);
            if (difference.isPresent()) {
                if (!again.isEmpty()) {
                    world.fail(node + " differs: " + difference.get());
                }
                return Optional.empty();
            }
            first = first == null ? dump : first;
        }
        return failed() ? Optional.empty() : Optional.ofNullable(first);
    }

    private void judge(TreeDump dump) {
        Map<String, TreeDump.Znode> znodes = dump.znodes();
        for (String directory : LockWork.LINES) {
            znodes.keySet().stream()
                    .filter(path -> path.startsWith(directory + "/"))
                    .findFirst()
                    .ifPresent(path -> world.fail("%s is left behind, and nobody holds anything".formatted(path)));
        }
        znodes.keySet().stream()
                .filter(path -> path.startsWith(work.queue().path() + "/"))
                .findFirst()
                .ifPresent(path -> world.fail(path + " is left in the queue"));
        String place = work.gathers() ? MemberWork.INSTANCES : LockWork.GROUP;
        for (SimApplication each : applications) {
            if (!znodes.containsKey(place + "/" + each)) {
                world.fail(each + " is not at " + place);
            }
        }
        work.members().wrong(znodes).ifPresent(world::fail);
        ByteBuffer number = ByteBuffer.wrap(data(znodes, ValueWork.COUNTER));
        work.values().counter().judge(number.getLong()).ifPresent(world::fail);
        TreeDump.Znode config = znodes.get(ValueWork.CONFIG);
        if (config != null) {
            int version = config.stat().version();
            String text = new String(data(znodes, ValueWork.CONFIG), UTF_8);
            work.values().followed().stream()
                    .filter(each -> each.lives() && !each.isAt(version, text))
                    .findFirst()
                    .ifPresent(each -> world.fail(
                            "the configuration is at version %d ('%s'), but %s".formatted(version, text, each)));
        }
    }

    private static byte[] data(Map<String, TreeDump.Znode> znodes, String path) {
        TreeDump.Znode znode = znodes.get(path);
        byte @Nullable [] data = znode == null ? null : znode.data();
        return data == null ? new byte[Long.BYTES] : data;
    }

    /** All sessions close, with all that belongs to them. */
    private void leave() {
        applications.forEach(SimApplication::leave);
        if (work.gathers()) {
            // The session of their leases is never closed: it ends some time after them.
            world.runFor(Duration.ofSeconds(1));
            applications.forEach(SimApplication::die);
        }
        await(this::noSessions, QUIET, "sessions, or what belongs to them, are left");
    }

    private boolean noSessions() {
        for (SimNode node : ensemble.nodes()) {
            NodeStatus status = node.status();
            if (status == null || status.sessions() > inspectors || status.ephemerals() > 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        ensemble.close();
    }
}
