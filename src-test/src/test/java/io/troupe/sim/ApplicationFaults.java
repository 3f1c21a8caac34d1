package io.troupe.sim;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Applications that stand still, die, or are cut off from nodes; by a plan of their own besides that of the nodes. */
final class ApplicationFaults implements FaultPlan.Clients {
    private static final List<FaultKind> KINDS = List.of(
            FaultKind.APPLICATION_STANDS_STILL,
            FaultKind.APPLICATION_STANDS_STILL,
            FaultKind.APPLICATION_DIES,
            FaultKind.APPLICATION_CUT_OFF,
            FaultKind.APPLICATION_CUT_OFF,
            FaultKind.APPLICATION_CUT_FROM_NODE,
            FaultKind.APPLICATION_CUT_FROM_NODE,
            FaultKind.BAD_REMOTING);

    private final SimEnsemble ensemble;
    private final SimRemoting remoting;
    private final List<SimApplication> applications;
    private final SimWorld world;
    private final SplittableRandom own;
    private final SimNetwork.Quality normal;
    private final Map<FaultKind, Integer> injected = new EnumMap<>(FaultKind.class);
    private boolean over;

    ApplicationFaults(SimEnsemble ensemble, SimRemoting remoting, List<SimApplication> applications) {
        this.ensemble = ensemble;
        this.remoting = remoting;
        this.applications = applications;
        this.world = ensemble.world();
        this.own = world.random("application faults");
        this.normal = own.nextInt(3) == 0
                ? new SimNetwork.Quality(3, 3, 3, 100, 5_000)
                : new SimNetwork.Quality(0, 0, 0, 100, 2_000);
    }

    Map<FaultKind, Integer> injected() {
        return injected;
    }

    /** Begins: at least eight faults in {@code span}, or several times as many. */
    void start(FaultPlan plan, Duration span, boolean many) {
        remoting.quality(normal);
        int faults = (8 + own.nextInt(10)) * (many ? 3 : 1);
        for (int i = 0; i < faults; i++) {
            world.schedule(
                    null,
                    own.nextLong(span.toNanos()) / 1_000_000 * 1_000_000,
                    () -> inject(KINDS.get(own.nextInt(KINDS.size())), plan));
        }
    }

    /** Nothing is injected any more; what is being repaired by the plan is whole again. */
    void end() {
        over = true;
        remoting.quality(SimNetwork.Quality.PERFECT);
        for (SimApplication each : applications) {
            each.resume();
            each.start();
        }
    }

    private void inject(FaultKind kind, FaultPlan plan) {
        if (!over && world.failure() == null && inject(kind, plan, own)) {
            injected.merge(kind, 1, Integer::sum);
        }
    }

    @Override
    public boolean inject(FaultKind kind, FaultPlan plan, SplittableRandom random) {
        SimApplication application = applications.get(random.nextInt(applications.size()));
        SimNode node = ensemble.nodes().get(random.nextInt(ensemble.nodes().size()));
        return switch (kind) {
            case SILENT_CLIENT, APPLICATION_STANDS_STILL -> pause(application, plan);
            case APPLICATION_DIES -> die(application, plan);
            case APPLICATION_CUT_OFF -> cut(application, ensemble.nodes(), plan, random);
            case CUT_CLIENT, APPLICATION_CUT_FROM_NODE -> cut(application, List.of(node), plan, random);
            case BAD_REMOTING -> degrade(plan, random);
            default -> false;
        };
    }

    private static boolean pause(SimApplication application, FaultPlan plan) {
        boolean runs = application.running();
        application.pause(plan.span(200, 15_000));
        return runs;
    }

    private static boolean die(SimApplication application, FaultPlan plan) {
        boolean dies = application.up();
        application.die();
        plan.repairLater(plan.span(50, 10_000), application::start);
        return dies;
    }

    private boolean cut(SimApplication application, List<SimNode> nodes, FaultPlan plan, SplittableRandom random) {
        SimNetwork.Cut how = random.nextBoolean() ? SimNetwork.Cut.DROP : SimNetwork.Cut.HOLD;
        int ways = random.nextInt(4);
        boolean toNode = ways != 0;
        boolean toApplication = ways != 1;
        world.trace()
                .event("cut %s %s%s %s, %s"
                        .formatted(application, toApplication ? "<" : "-", toNode ? ">" : "-", nodes, how));
        nodes.forEach(node -> remoting.cut(application.id(), node.id(), how, toNode, toApplication));
        plan.repairLater(plan.span(200, 15_000), () -> {
            world.trace().event("heal %s and %s".formatted(application, nodes));
            nodes.forEach(node -> remoting.heal(application.id(), node.id()));
        });
        return true;
    }

    private boolean degrade(FaultPlan plan, SplittableRandom random) {
        SimNetwork.Quality bad = new SimNetwork.Quality(
                random.nextInt(60), random.nextInt(30), random.nextInt(30), 100, 1_000 + random.nextInt(60_000));
        world.trace().event("bad remoting: " + bad);
        remoting.quality(bad);
        plan.repairLater(plan.span(500, 10_000), () -> {
            world.trace().event("good remoting");
            remoting.quality(normal);
        });
        return true;
    }
}
