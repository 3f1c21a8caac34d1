package io.troupe.bench;

import static io.troupe.bench.Bound.ratioAtLeast;
import static io.troupe.bench.Bound.ratioAtMost;

import io.troupe.process.EnsembleProcesses;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Clients that come, open a session, close it and go, as fast as the servers let them. */
final class SessionChurn implements EnsembleScenario {
    private static final int AT_ONCE = 100;
    private static final String RATE = "sessions/s";
    private static final String CPU = "server CPU per session, us";

    @Override
    public String title() {
        return "session-churn";
    }

    @Override
    public String words() {
        return "connect, session, close; " + AT_ONCE + " clients at once";
    }

    @Override
    public List<Target> targets() {
        return List.of(
                new Target(RATE, ratioAtLeast(2), ratioAtLeast(4)),
                new Target(CPU, ratioAtMost(0.5), ratioAtMost(0.25)));
    }

    @Override
    public Conditions conditions(long point) {
        return Conditions.USUAL.withCrowd();
    }

    @Override
    public List<Map<String, Double>> measure(EnsembleProcesses ensemble, long point, Pace pace) throws IOException {
        try (PassingClients clients = new PassingClients(ensemble, AT_ONCE)) {
            WarmUp.run(ensemble, pace, nanos -> clients.run(nanos) * 1e9 / nanos);
            long refusedBefore = clients.refused();
            double before = ServerCpu.seconds(ensemble);
            long sessions = clients.run(pace.nanos());
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put(RATE, sessions * 1e9 / pace.nanos());
            figures.put(CPU, (ServerCpu.seconds(ensemble) - before) * 1e6 / sessions);
            figures.put("connections refused", (double) clients.refused() - refusedBefore);
            return List.of(figures);
        }
    }
}
