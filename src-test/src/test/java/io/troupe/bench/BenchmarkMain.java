package io.troupe.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Measures Troupe and Apache ZooKeeper in turns and prints medians, their spread and ratios beside what has to be reached. The
 * status is 0 when everything chosen was measured, 1 when something could not be, 2 for a bad argument.
 */
@Command(
        name = "src-test/benchmark",
        description =
                "Measures Troupe beside Apache ZooKeeper, in turns, on this host. The JDK is that of JAVA_HOME, for both.",
        footer = {
            "",
            "src-test/benchmark jmh [pattern] measures the hot pieces of the code alone.",
            "src-test/benchmark actor-api measures the actor API beside ZooKeeper's client.",
            "Let nothing else run on the host meanwhile."
        },
        sortOptions = false)
public final class BenchmarkMain implements Callable<Integer> {
    private static final String TABLE = "table";
    private static final String SCALING = "scaling";
    private static final int MOST_ROUNDS = 99;
    private static final int MOST_SECONDS = 3600;

    @Parameters(
            paramLabel = "workload",
            description =
                    "Names of --list; \"table\" for all that are no series, which is the default; \"scaling\" for all series.")
    private List<String> names = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each is measured (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long to measure, where that is a choice (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "80",
            description =
                    "Seconds that servers may take at most until their throughput and compilers rest (${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--only", paramLabel = "SYSTEM", description = "troupe or zookeeper alone.")
    private @Nullable String only;

    @Option(
            names = "--write-docs",
            description = "Puts figures and plots into docs/benchmarks.md and docs/benchmarks/.")
    private boolean writeDocs;

    @Option(names = "--list", description = "Names all workloads and ends.")
    private boolean list;

    @Option(names = "--help", usageHelp = true, description = "Shows this and ends.")
    boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private final Results results = new Results();
    private final String today = LocalDate.now(ZoneId.systemDefault()).toString();

    private BenchmarkMain() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchmarkMain()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (list) {
            Scenario.all().forEach(each -> System.out.printf("%-24s %s%n", each.title(), described(each)));
            return 0;
        }
        check("--rounds", rounds, MOST_ROUNDS);
        check("--seconds", seconds, MOST_SECONDS);
        check("--warm-up", warmUp, MOST_SECONDS);
        List<Contender> contenders = contenders();
        List<Scenario> chosen = chosen();
        Host host = Host.here();
        System.out.println(host.words());
        boolean complete = true;
        for (int round = 1; round <= rounds; round++) {
            for (Scenario scenario : chosen) {
                complete &= measure(contenders, scenario);
                if (writeDocs && results.has(scenario)) {
                    // At once, so that a run that is ended leaves what it has measured.
                    new Documents(Path.of("..", "docs"), host).write(results);
                }
            }
        }
        report(chosen.stream().filter(results::has).toList());
        return complete ? 0 : 1;
    }

    private static String described(Scenario scenario) {
        return scenario.isSeries()
                ? scenario.words() + "; " + scenario.axis() + " "
                        + scenario.points().stream().map(Numbers::shown).toList()
                : scenario.words();
    }

    private void check(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw bad(option + " needs a number from 1 to " + most + ", not " + value);
        }
    }

    private ParameterException bad(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private List<Contender> contenders() {
        if (only == null) {
            return List.of(Contender.values());
        }
        return switch (only) {
            case "troupe" -> List.of(Contender.TROUPE);
            case "zookeeper" -> List.of(Contender.ZOOKEEPER);
            default -> throw bad("--only needs troupe or zookeeper, not " + only);
        };
    }

    private List<Scenario> chosen() {
        List<Scenario> chosen = new ArrayList<>();
        for (String name : names.isEmpty() ? List.of(TABLE) : names) {
            List<Scenario> named = Scenario.all().stream()
                    .filter(each -> each.title().equals(name)
                            || (name.equals(TABLE) && !each.isSeries())
                            || (name.equals(SCALING) && each.isSeries()))
                    .toList();
            if (named.isEmpty()) {
                throw bad("there is no workload " + name + "; --list names them all");
            }
            chosen.addAll(named);
        }
        return chosen;
    }

    private boolean measure(List<Contender> contenders, Scenario scenario) throws InterruptedException {
        String missing = scenario.missing();
        if (!missing.isEmpty()) {
            System.out.println(scenario.title() + " is skipped: it " + missing);
            return true;
        }
        boolean complete = true;
        for (long point : scenario.points()) {
            for (Contender contender : contenders) {
                if (contender == Contender.TROUPE || scenario.besideZooKeeper(point)) {
                    complete &= measure(contender, scenario, point);
                }
            }
        }
        return complete;
    }

    /** False when that failed; whatever else was chosen is measured all the same. */
    private boolean measure(Contender contender, Scenario scenario, long point) throws InterruptedException {
        String name = scenario.title() + (scenario.isSeries() ? " " + Numbers.shown(point) : "");
        try {
            Neighbours neighbours = Neighbours.watch();
            List<Map<String, Double>> samples =
                    scenario.measure(contender, point, new Pace(seconds * 1_000_000_000L, warmUp * 1_000_000_000L));
            double others = neighbours.percent();
            for (Map<String, Double> measured : samples) {
                Map<String, Double> sample = new LinkedHashMap<>(measured);
                sample.put(Neighbours.SHARE, others);
                results.add(scenario.title(), today, point, contender, sample);
                System.out.printf(Locale.ROOT, "%-24s %-10s", name, contender);
                sample.forEach(
                        (figure, value) -> System.out.printf(Locale.ROOT, "  %s: %s", figure, Numbers.shown(value)));
                System.out.println();
            }
            return true;
        } catch (IOException | IllegalStateException | ConditionTimeoutException e) {
            System.out.println(name + " of " + contender + " could not be measured: " + e.getMessage()
                    + "; the servers' logs are in src-test/target/ensembles");
            return false;
        }
    }

    private void report(List<Scenario> measured) {
        Report report = new Report(results);
        Table figures = report.figures(measured);
        if (!figures.isEmpty()) {
            System.out.println();
            System.out.print(figures.text());
        }
        for (Scenario series : measured) {
            if (series.isSeries()) {
                System.out.println();
                System.out.println(series.title() + ": " + series.words());
                System.out.print(report.series(series).text());
            }
        }
        report.shortfalls(measured).forEach(line -> System.out.println("falls short: " + line));
    }
}
