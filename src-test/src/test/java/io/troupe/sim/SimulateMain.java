package io.troupe.sim;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Runs seeds from the command line: {@code --seed N [--count M] [--nodes 3|5] [--seconds S] [--trace[=log|network|actors]]}.
 * Prints each failure with its seed, one line of counts at the end, and exits with 1 when a run failed.
 */
public final class SimulateMain {
    private long seed = 1;
    private int count = 1;
    private int nodes;
    private int seconds = 60;
    private Trace.@Nullable Level level;

    private SimulateMain() {}

    public static void main(String[] args) {
        SimulateMain main = new SimulateMain();
        try {
            main.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(
                    "usage: simulate --seed N [--count M] [--nodes 3|5] [--seconds S] [--trace[=log|network|actors]]");
            System.exit(2);
        }
        System.exit(main.run(System.out) ? 0 : 1);
    }

    private void parse(String[] args) {
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            if (arg.startsWith("--trace")) {
                level = arg.contains("=")
                        ? Trace.Level.valueOf(
                                arg.substring(arg.indexOf('=') + 1).toUpperCase(Locale.ROOT))
                        : Trace.Level.LOG;
                continue;
            }
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(arg + " needs a value");
            }
            String value = args[++i];
            switch (arg) {
                case "--seed" -> seed = Long.parseLong(value);
                case "--count" -> count = Integer.parseInt(value);
                case "--nodes" -> nodes = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                default -> throw new IllegalArgumentException("unknown option " + arg);
            }
        }
    }

    /** Returns whether all runs held. */
    private boolean run(PrintStream out) {
        long started = System.nanoTime();
        int failed = 0;
        long simulatedMillis = 0;
        long steps = 0;
        long messages = 0;
        long writes = 0;
        long faults = 0;
        long changes = 0;
        long restarts = 0;
        for (long each = seed; each < seed + count; each++) {
            Trace trace = level == null ? Trace.quiet() : new Trace(level, out::println);
            Simulation.Outcome outcome = Simulation.run(
                    SimOptions.of(each, nodes == 0 ? Seeds.nodes(each) : nodes, trace),
                    Seeds.PRODUCTION,
                    Duration.ofSeconds(seconds));
            simulatedMillis += outcome.simulatedMillis();
            steps += outcome.steps();
            messages += outcome.messages();
            writes += outcome.writes();
            faults += outcome.faults();
            changes += outcome.memberChanges();
            restarts += outcome.restarts();
            if (outcome.failure() != null) {
                failed++;
                out.println("seed " + each + " FAILED: " + outcome.failure());
            }
            if (level != null) {
                out.printf("seed %d hash %016x%n", each, outcome.hash());
            }
        }
        out.printf(
                "%d runs, %d failed: %d simulated s in %d s, %d steps, %d messages, %d writes, %d faults, %d changes of members, %d restarts%n",
                count,
                failed,
                simulatedMillis / 1000,
                (System.nanoTime() - started) / 1_000_000_000,
                steps,
                messages,
                writes,
                faults,
                changes,
                restarts);
        return failed == 0;
    }
}
