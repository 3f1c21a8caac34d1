package io.troupe.sim;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What many runs add up to. */
final class Totals {
    private final Map<FaultKind, Integer> faults = new EnumMap<>(FaultKind.class);
    private long seeds;
    private long hash;
    private long violations;
    private long simulatedMillis;
    private long operations;
    private long restarts;
    private long memberChanges;

    void add(Simulation.Outcome outcome) {
        seeds++;
        hash ^= outcome.hash();
        violations += outcome.failure() == null ? 0 : 1;
        simulatedMillis += outcome.simulatedMillis();
        operations += outcome.operations();
        restarts += outcome.restarts();
        memberChanges += outcome.memberChanges();
        outcome.faults().forEach((kind, times) -> faults.merge(kind, times, Integer::sum));
    }

    /** Seeds that violated a property. */
    long violations() {
        return violations;
    }

    /** Faults of each kind; those that never came are absent. */
    Map<FaultKind, Integer> faults() {
        return Map.copyOf(faults);
    }

    /** One line; {@code took} of real time. */
    String line(Duration took) {
        double seconds = Math.max(0.001, took.toMillis() / 1000.0);
        return String.format(
                Locale.ROOT,
                "%d seeds, %.2f simulated hours, %d faults, %d violations; %d client operations, %d restarts, "
                        + "%d changes of members, trace %016x, %.1f s (%.0f seeds an hour); faults: %s",
                seeds,
                simulatedMillis / 3_600_000.0,
                faults.values().stream().mapToInt(Integer::intValue).sum(),
                violations,
                operations,
                restarts,
                memberChanges,
                hash,
                seconds,
                seeds / seconds * 3600,
                faults.entrySet().stream()
                        .map(each -> each.getKey().text() + " " + each.getValue())
                        .collect(Collectors.joining(", ")));
    }
}
