package io.troupe.bench;

import static io.troupe.bench.Bound.ratioAtMost;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.Footprint;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What sessions that do nothing but live take of the memory of all servers together. */
final class IdleSessions implements EnsembleScenario {
    private static final int SESSIONS = 10_000;
    private static final int FOR_WARM_UP = 30;
    private static final long WARM_UP_NANOS = 5_000_000_000L;
    private static final long SETTLE_NANOS = 15_000_000_000L;
    private static final String HEAP = "heap per session, all servers, B";
    private static final String RESIDENT = "resident memory per session, all servers, B";

    @Override
    public String title() {
        return "idle-sessions";
    }

    @Override
    public String words() {
        return "10,000 idle sessions";
    }

    @Override
    public List<Target> targets() {
        return List.of(
                new Target(HEAP, ratioAtMost(0.5), ratioAtMost(0.25)),
                new Target(RESIDENT, ratioAtMost(0.5), ratioAtMost(0.25)));
    }

    @Override
    public Conditions conditions(long point) {
        return Conditions.USUAL.withCrowd();
    }

    @Override
    public List<Map<String, Double>> measure(EnsembleProcesses ensemble, long point, Pace pace) throws IOException {
        try (PassingClients first = new PassingClients(ensemble, FOR_WARM_UP)) {
            // What sessions need once is there afterwards.
            first.run(WARM_UP_NANOS);
        }
        WarmUp.withWrites(ensemble);
        List<Footprint> before = footprints(ensemble);
        try (LoadGenerator crowd = new LoadGenerator(Sessions.open(ensemble, SESSIONS))) {
            crowd.idle(SETTLE_NANOS);
            List<Footprint> during = footprints(ensemble);
            crowd.idle(1);
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put(HEAP, growth(before, during, Footprint::heapBytes));
            figures.put(RESIDENT, growth(before, during, Footprint::residentBytes));
            return List.of(figures);
        }
    }

    private static List<Footprint> footprints(EnsembleProcesses ensemble) {
        return ensemble.servers().stream().map(Footprint::of).toList();
    }

    private static double growth(List<Footprint> before, List<Footprint> during, ToLongFunction<Footprint> figure) {
        long growth = during.stream().mapToLong(figure).sum()
                - before.stream().mapToLong(figure).sum();
        return (double) growth / SESSIONS;
    }
}
