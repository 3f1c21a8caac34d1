package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProgram;
import io.troupe.process.TroupeProgram;
import io.troupe.process.Tuning;
import io.troupe.process.ZooKeeperProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures three servers of Troupe and of Apache ZooKeeper in turns and prints medians, their spread and ratios. Arguments:
 * names of scenarios (all when none is given), {@code --rounds N} (3), {@code --seconds N} (10).
 */
public final class BenchmarkMain {
    private static final int BAD_ARGUMENT = 2;

    private int rounds = 3;
    private int seconds = 10;
    private final List<Scenario> scenarios = new ArrayList<>();

    private BenchmarkMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        BenchmarkMain benchmark = new BenchmarkMain();
        try {
            benchmark.parse(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(BAD_ARGUMENT);
        }
        benchmark.run();
    }

    private void parse(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--rounds")) {
                rounds = positive(argument, arguments, ++i);
            } else if (argument.equals("--seconds")) {
                seconds = positive(argument, arguments, ++i);
            } else {
                scenarios.add(Scenario.all().stream()
                        .filter(s -> s.title().equals(argument))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("unknown scenario " + argument + "; there are "
                                + Scenario.all().stream().map(Scenario::title).toList())));
            }
        }
        if (scenarios.isEmpty()) {
            scenarios.addAll(Scenario.all());
        }
    }

    private static int positive(String option, List<String> arguments, int at) {
        String value = at < arguments.size() ? arguments.get(at) : "nothing";
        if (!value.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException(option + " needs a number from 1 to 999999, not " + value);
        }
        return Integer.parseInt(value);
    }

    private void run() throws IOException, InterruptedException {
        ServerProgram troupe = new TroupeProgram(TroupeProgram.packagedDistribution(), Tuning.BENCHMARK);
        ServerProgram zookeeper = new ZooKeeperProgram(Tuning.BENCHMARK);
        Map<Scenario, List<Map<String, Double>>> ours = new LinkedHashMap<>();
        Map<Scenario, List<Map<String, Double>>> theirs = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (Scenario scenario : scenarios) {
                measure("ZooKeeper", zookeeper, scenario, theirs);
                measure("Troupe", troupe, scenario, ours);
            }
        }
        ours.forEach((scenario, samples) -> report(scenario, samples, theirs.getOrDefault(scenario, List.of())));
    }

    private void measure(
            String name, ServerProgram program, Scenario scenario, Map<Scenario, List<Map<String, Double>>> into)
            throws IOException, InterruptedException {
        try (EnsembleProcesses ensemble = EnsembleProcesses.prepare(program, 3)) {
            ensemble.startAll();
            for (Map<String, Double> sample : scenario.measure(ensemble, seconds * 1_000_000_000L)) {
                into.computeIfAbsent(scenario, s -> new ArrayList<>()).add(sample);
                System.out.printf(Locale.ROOT, "%-16s %-10s", scenario.title(), name);
                sample.forEach((figure, value) -> System.out.printf(Locale.ROOT, "  %s %.1f", figure, value));
                System.out.println();
            }
        }
    }

    private static void report(Scenario scenario, List<Map<String, Double>> ours, List<Map<String, Double>> theirs) {
        System.out.printf("%n%s: median (least to greatest), Troupe / ZooKeeper = ratio%n", scenario.title());
        for (String figure : ours.get(0).keySet()) {
            double[] a = sorted(ours, figure);
            double[] b = sorted(theirs, figure);
            System.out.printf(
                    Locale.ROOT,
                    "  %-28s %s / %s = %.2f%n",
                    figure,
                    shown(a),
                    shown(b),
                    a[a.length / 2] / b[b.length / 2]);
        }
    }

    private static String shown(double[] sorted) {
        return "%.1f (%.1f to %.1f)".formatted(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    private static double[] sorted(List<Map<String, Double>> samples, String figure) {
        return samples.stream().mapToDouble(s -> s.get(figure)).sorted().toArray();
    }
}
