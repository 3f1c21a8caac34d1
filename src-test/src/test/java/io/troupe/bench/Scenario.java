package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Something that is measured on an ensemble of three, of whichever system. */
interface Scenario {
    /** Name of the constant. */
    String name();

    /** What it is called on the command line. */
    default String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Measures an ensemble that serves and has done nothing yet.
     *
     * @param nanos how long to measure, where that is a choice
     * @return one or more samples, each with its figures by name, in the same order
     */
    List<Map<String, Double>> measure(EnsembleProcesses ensemble, long nanos) throws IOException, InterruptedException;

    /** All there are. */
    static List<Scenario> all() {
        return Stream.<Scenario>concat(Stream.of(Workload.values()), Stream.of(Failover.values()))
                .toList();
    }
}
