package io.troupe.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the simulator. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Runs whole ensembles of the production actors on virtual time, with faults drawn from a seed, and checks at "
                    + "every step that nothing is lost, doubled or out of order. The same seed of the same build does the same."
        },
        footer = {
            "",
            "The last line counts seeds, simulated hours, faults and violations. A violation names its seed; replay it with "
                    + "--seed N --trace.",
            "Exit status: 0 when every property held, 1 when a seed violated one, 2 when the options make no sense."
        })
public final class SimulateMain implements Callable<Integer> {
    private static final Duration LEAST = Duration.ofSeconds(60);
    private static final Duration LEAST_WITH_RECIPES = Duration.ofSeconds(20);

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--seed", required = true, paramLabel = "N", description = "The first seed, from 0.")
    private long seed;

    @Option(
            names = "--count",
            defaultValue = "1",
            paramLabel = "M",
            description = "How many seeds, from N to N+M-1. Default: ${DEFAULT-VALUE}")
    private long count;

    @Option(
            names = "--nodes",
            defaultValue = "0",
            paramLabel = "3|5",
            description = "Voters of each ensemble. Default: what the seed says; two in three have 3")
    private int nodes;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            paramLabel = "S",
            description =
                    "Simulated seconds during which faults come, at least 60, with --recipes 20. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(
            names = "--threads",
            defaultValue = "0",
            paramLabel = "T",
            description = "Seeds run at a time. Default: one for each processor")
    private int threads;

    @Option(
            names = "--trace",
            arity = "0..1",
            fallbackValue = "log",
            paramLabel = "LEVEL",
            description =
                    "Tells what happens: events (faults, roles, failures), log (also what the nodes log; the default), "
                            + "network (also every message between nodes and with clients), actors (also every message an actor takes).")
    private @Nullable String trace;

    @Option(
            names = "--also",
            split = ",",
            paramLabel = "MODE",
            description = "Makes every seed special in these ways too: ${COMPLETION-CANDIDATES}")
    private List<SimOptions.Mode> also = List.of();

    @Option(
            names = "--recipes",
            description =
                    "Foreign applications elect leaders, take locks, count, queue and watch through the production client, "
                            + "while faults befall them, too. The members stay the same.")
    private boolean recipes;

    private SimulateMain() {}

    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8), args));
    }

    /** Returns the exit status. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new SimulateMain()).setOut(out).setErr(err).execute(args);
    }

    @Override
    public Integer call() {
        demand(seed >= 0, "--seed " + seed + ": seeds begin at 0");
        demand(count >= 1, "--count " + count + ": run at least one seed");
        demand(nodes == 0 || nodes == 3 || nodes == 5, "--nodes " + nodes + ": an ensemble has 3 or 5 voters");
        Duration least = recipes ? LEAST_WITH_RECIPES : LEAST;
        demand(
                seconds >= least.toSeconds(),
                "--seconds " + seconds + ": less than " + least.toSeconds() + " proves little");
        demand(threads >= 0, "--threads " + threads + ": run at least one seed at a time");
        Trace.Level level = level();
        SeedRange range = new SeedRange(
                seed,
                count,
                nodes,
                Set.copyOf(also),
                Duration.ofSeconds(seconds),
                recipes ? RecipeSimulation::run : Simulation::run);
        Totals totals = new Totals();
        long started = System.nanoTime();
        if (level == null) {
            int atOnce = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
            range.runAll((int) Math.min(atOnce, count), outcome -> report(outcome, totals));
        } else {
            for (long each = seed; each < seed + count; each++) {
                out().println("seed " + each);
                Simulation.Outcome outcome = range.run(each, new Trace(level, out()::println));
                report(outcome, totals);
                out().printf("seed %d hash %016x%n", each, outcome.hash());
            }
        }
        out().println(totals.line(Duration.ofNanos(System.nanoTime() - started)));
        return totals.violations() == 0 ? 0 : 1;
    }

    private void report(Simulation.Outcome outcome, Totals totals) {
        totals.add(outcome);
        if (outcome.failure() != null) {
            out().printf(
                            "seed %d VIOLATION: %s; replay: src-test/simulate --seed %d%s --trace%n",
                            outcome.seed(), outcome.failure(), outcome.seed(), options());
        }
    }

    /** Those that a seed's run depends on, as they were given. */
    private String options() {
        return (nodes == 0 ? "" : " --nodes " + nodes)
                + (seconds == LEAST.toSeconds() ? "" : " --seconds " + seconds)
                + (recipes ? " --recipes" : "")
                + also.stream().map(mode -> " --also " + mode).collect(Collectors.joining());
    }

    private Trace.@Nullable Level level() {
        if (trace == null) {
            return null;
        }
        try {
            return Trace.Level.valueOf(trace.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            demand(false, "--trace=" + trace + ": say events, log, network or actors");
            return null;
        }
    }

    private CommandLine command() {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        return spec.commandLine();
    }

    private PrintWriter out() {
        return command().getOut();
    }

    private void demand(boolean sensible, String complaint) {
        if (!sensible) {
            throw new ParameterException(command(), complaint);
        }
    }
}
