package io.troupe.scenario;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line that puts bugs back and sees whether tests find them. */
@Command(
        name = "mutate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Puts each bug of src-test/mutations back, in a temporary copy of the classes concerned, and runs the tests and "
                    + "seeds that the patch names: every one of them must fail."
        },
        footer = {
            "",
            "Exit status: 0 when all were caught, 1 when one was not, 2 when a patch or the options make no sense."
        })
public final class MutateMain implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "NN", description = "Scenarios by number, or beginnings of patch names. Default: all")
    private List<String> wanted = List.of();

    @Option(
            names = "--search",
            defaultValue = "0",
            paramLabel = "N",
            description = "Also tells the first of the simulator's seeds 1 to N that fails")
    private int search;

    @Option(
            names = "--threads",
            defaultValue = "0",
            paramLabel = "T",
            description = "Mutations tried at a time. Default: one for each processor")
    private int threads;

    private final Path top;
    private final String classPath;

    private MutateMain(Path top, String classPath) {
        this.top = top;
        this.classPath = classPath;
    }

    /** Arguments: the top of the checkout, the class path of all tests, then those of the command line. */
    public static void main(String[] args) {
        MutateMain main = new MutateMain(Path.of(args[0]), args[1]);
        System.exit(new CommandLine(main)
                .execute(List.of(args).subList(2, args.length).toArray(String[]::new)));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<MutationRun> runs = new ArrayList<>();
        try {
            for (Mutation mutation : Mutation.all(top.resolve("src-test").resolve("mutations"))) {
                if (wanted.isEmpty() || wanted.stream().anyMatch(w -> matches(mutation, w))) {
                    runs.add(new MutationRun(mutation, mutation.apply(top), classPath));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command(), String.valueOf(e.getMessage()));
        }
        if (runs.isEmpty()) {
            throw new ParameterException(command(), "no patch in src-test/mutations is of " + wanted);
        }
        return tryAll(runs);
    }

    private static boolean matches(Mutation mutation, String wanted) {
        String lower = wanted.toLowerCase(Locale.ROOT);
        return lower.matches("s?\\d{1,2}")
                ? mutation.scenario().equals("S" + Integer.parseInt(lower.replace("s", "")))
                : mutation.name().startsWith(lower);
    }

    private int tryAll(List<MutationRun> runs) throws InterruptedException {
        int atOnce = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(atOnce);
        try {
            List<Future<List<MutationRun.Finding>>> pending = new ArrayList<>();
            runs.forEach(run -> pending.add(pool.submit(() -> run.findings(search))));
            boolean all = true;
            for (int i = 0; i < runs.size(); i++) {
                all &= report(runs.get(i).mutation(), pending.get(i));
            }
            return all ? 0 : 1;
        } finally {
            pool.shutdownNow();
        }
    }

    private boolean report(Mutation mutation, Future<List<MutationRun.Finding>> pending) throws InterruptedException {
        try {
            boolean all = true;
            for (MutationRun.Finding finding : pending.get()) {
                out().printf(
                                "%-4s %-10s %s: %s%n       %s%n",
                                mutation.scenario(),
                                finding.caught() ? "caught" : "NOT CAUGHT",
                                mutation.name(),
                                finding.by(),
                                finding.failure());
                all &= finding.caught() || finding.optional();
            }
            out().flush();
            return all;
        } catch (ExecutionException e) {
            out().printf("%-4s NOT TRIED  %s: %s%n", mutation.scenario(), mutation.name(), e.getCause());
            return false;
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
}
