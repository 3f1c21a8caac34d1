package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProgram;
import io.troupe.process.TroupeProgram;
import io.troupe.process.Tuning;
import io.troupe.process.ZooKeeperProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Runs workloads on three servers of Troupe and of Apache ZooKeeper in turns and prints medians and ratios. Arguments: names
 * of workloads (all when none is given), {@code --rounds N} (3), {@code --seconds N} (10).
 */
public final class BenchmarkMain {
    private int rounds = 3;
    private long seconds = 10;
    private final List<Workload> workloads = new ArrayList<>();

    private BenchmarkMain() {}

    public static void main(String[] arguments) throws IOException {
        BenchmarkMain benchmark = new BenchmarkMain();
        if (benchmark.parse(List.of(arguments))) {
            benchmark.run();
        }
    }

    private boolean parse(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--rounds")) {
                rounds = Integer.parseInt(arguments.get(++i));
            } else if (argument.equals("--seconds")) {
                seconds = Long.parseLong(arguments.get(++i));
            } else if (Arrays.stream(Workload.values()).anyMatch(w -> w.title().equals(argument))) {
                workloads.add(Workload.valueOf(
                        argument.toUpperCase(java.util.Locale.ROOT).replace('-', '_')));
            } else {
                System.err.println("unknown workload " + argument + "; there are "
                        + Arrays.stream(Workload.values()).map(Workload::title).toList());
                return false;
            }
        }
        if (workloads.isEmpty()) {
            workloads.addAll(List.of(Workload.values()));
        }
        return true;
    }

    private void run() throws IOException {
        ServerProgram troupe = new TroupeProgram(TroupeProgram.packagedDistribution(), Tuning.BENCHMARK);
        ServerProgram zookeeper = new ZooKeeperProgram(Tuning.BENCHMARK);
        Map<Workload, List<Workload.Figures>> ours = new EnumMap<>(Workload.class);
        Map<Workload, List<Workload.Figures>> theirs = new EnumMap<>(Workload.class);
        for (int round = 1; round <= rounds; round++) {
            for (Workload workload : workloads) {
                measure("ZooKeeper", zookeeper, workload, theirs);
                measure("Troupe", troupe, workload, ours);
            }
        }
        for (Workload workload : workloads) {
            report(workload, ours.getOrDefault(workload, List.of()), theirs.getOrDefault(workload, List.of()));
        }
    }

    private void measure(
            String name, ServerProgram program, Workload workload, Map<Workload, List<Workload.Figures>> into)
            throws IOException {
        try (EnsembleProcesses ensemble = EnsembleProcesses.prepare(program, 3)) {
            ensemble.startAll();
            ensemble.awaitAllServing();
            Workload.Figures figures = workload.run(ensemble, seconds * 1_000_000_000L);
            into.computeIfAbsent(workload, w -> new ArrayList<>()).add(figures);
            System.out.printf("%-16s %-10s %s%n", workload.title(), name, figures);
        }
    }

    private static void report(Workload workload, List<Workload.Figures> ours, List<Workload.Figures> theirs) {
        System.out.printf("%n%s: medians, Troupe / ZooKeeper = ratio%n", workload.title());
        line("operations/s", ours, theirs, Workload.Figures::perSecond);
        line("server CPU us per operation", ours, theirs, Workload.Figures::cpuMicros);
        line("p50 ms", ours, theirs, Workload.Figures::p50Millis);
        line("p99 ms", ours, theirs, Workload.Figures::p99Millis);
        line("p99.9 ms", ours, theirs, Workload.Figures::p999Millis);
    }

    private static void line(
            String what,
            List<Workload.Figures> ours,
            List<Workload.Figures> theirs,
            ToDoubleFunction<Workload.Figures> figure) {
        double a = median(ours, figure);
        double b = median(theirs, figure);
        System.out.printf("  %-28s %10.1f / %10.1f = %5.2f%n", what, a, b, a / b);
    }

    private static double median(List<Workload.Figures> runs, ToDoubleFunction<Workload.Figures> figure) {
        double[] values = runs.stream().mapToDouble(figure).sorted().toArray();
        return values[values.length / 2];
    }
}
