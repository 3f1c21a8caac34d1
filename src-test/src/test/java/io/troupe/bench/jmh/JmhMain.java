package io.troupe.bench.jmh;

import io.troupe.bench.MeasuredPieces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs them: a pattern chooses some by name, {@code --write-docs} puts the figures into docs/benchmarks.md, and JMH's own options are
 * taken too. The status is 1 when one failed, 2 for a bad argument.
 */
public final class JmhMain {
    private static final String WRITE_DOCS = "--write-docs";
    private static final int BAD_ARGUMENT = 2;
    private static final int ITERATIONS = 5;

    private JmhMain() {}

    public static void main(String[] arguments) throws IOException {
        List<String> rest = new ArrayList<>(List.of(arguments));
        boolean writeDocs = rest.remove(WRITE_DOCS);
        try {
            CommandLineOptions given = new CommandLineOptions(rest.toArray(String[]::new));
            if (given.shouldHelp()) {
                given.showHelp();
            } else if (given.shouldList()) {
                new Runner(given).list();
            } else {
                Collection<RunResult> results = run(given);
                if (writeDocs) {
                    MeasuredPieces.write(Path.of("..", "docs"), results);
                }
            }
        } catch (CommandLineOptionException e) {
            System.err.println(e.getMessage() + "; src-test/benchmark jmh -h names the options");
            System.exit(BAD_ARGUMENT);
        } catch (RunnerException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static Collection<RunResult> run(CommandLineOptions given) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .parent(given)
                .forks(given.getForkCount().orElse(1))
                .warmupIterations(given.getWarmupIterations().orElse(ITERATIONS))
                .measurementIterations(given.getMeasurementIterations().orElse(ITERATIONS))
                .warmupTime(given.getWarmupTime().orElse(TimeValue.seconds(1)))
                .measurementTime(given.getMeasurementTime().orElse(TimeValue.seconds(1)))
                .shouldFailOnError(true);
        return new Runner(options.build()).run();
    }
}
