package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A scenario whose servers and clients are processes of this host like any others. */
interface EnsembleScenario extends Scenario {
    @Override
    default List<Map<String, Double>> measure(Contender contender, long point, Pace pace)
            throws IOException, InterruptedException {
        Conditions conditions = conditions(point);
        conditions.checkMemory();
        try (EnsembleProcesses ensemble =
                EnsembleProcesses.prepare(conditions.program(contender), conditions.servers())) {
            ensemble.startAll();
            return measure(ensemble, point, pace);
        }
    }

    /** Measures an ensemble that serves and has done nothing yet. */
    List<Map<String, Double>> measure(EnsembleProcesses ensemble, long point, Pace pace)
            throws IOException, InterruptedException;
}
