package io.troupe.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** One bug put back: the classes it touches are compiled to a directory of their own, which comes first on the class path. */
final class MutationRun {
    /**
     * What became of one test or seed.
     *
     * @param by the test or seed
     * @param failure its first failure, or what else happened
     * @param optional whether nobody claimed that it would fail
     */
    record Finding(boolean caught, String by, String failure, boolean optional) {}

    private static final int LIMIT_SECONDS = 300;
    private static final Pattern VIOLATION = Pattern.compile("^seed (\\d+) VIOLATION: (.*?)(; replay.*)?$");

    private final Mutation mutation;
    private final Map<String, String> sources;
    private final String classPath;

    /**
     * A run.
     *
     * @param sources the mutated files by their path
     * @param classPath of all tests and what they test
     */
    MutationRun(Mutation mutation, Map<String, String> sources, String classPath) {
        this.mutation = mutation;
        this.sources = sources;
        this.classPath = classPath;
    }

    Mutation mutation() {
        return mutation;
    }

    /** Tries all that the patch names, and seeds 1 to {@code search} beside. */
    List<Finding> findings(int search) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("mutation-");
        try {
            compile(directory);
            List<Finding> findings = new ArrayList<>();
            for (String test : mutation.tests()) {
                findings.add(runTest(directory, test));
            }
            for (String seed : mutation.seeds()) {
                findings.add(simulate(directory, List.of(("--seed " + seed).split(" ")), false));
            }
            if (search > 0) {
                findings.add(simulate(directory, List.of("--seed", "1", "--count", "" + search), true));
            }
            return findings;
        } finally {
            delete(directory);
        }
    }

    private void compile(Path directory) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("-nowarn", "-proc:none", "-parameters", "-cp", classPath, "-d", directory.toString()));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = directory.resolve(source.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
            arguments.add(file.toString());
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        List<File> files = arguments.stream()
                .filter(argument -> argument.endsWith(".java"))
                .map(File::new)
                .toList();
        try (var manager = compiler.getStandardFileManager(null, null, UTF_8)) {
            boolean sound = compiler.getTask(
                            complaints,
                            manager,
                            null,
                            arguments.stream().filter(a -> !a.endsWith(".java")).toList(),
                            null,
                            manager.getJavaFileObjectsFromFiles(files))
                    .call();
            if (!sound) {
                throw new IOException(mutation.name() + " does not compile: " + complaints);
            }
        }
    }

    private Finding runTest(Path directory, String test) throws IOException, InterruptedException {
        List<String> said = new ArrayList<>();
        int status = java(directory, RunTests.class.getName(), List.of(test), said);
        String failure = said.stream()
                .filter(line -> line.startsWith("FAILED "))
                .findFirst()
                .orElse(status == 0 ? "it passes" : "it could not be run: status " + status + ", " + last(said));
        return new Finding(status == 1 && failure.startsWith("FAILED "), test, failure, false);
    }

    private Finding simulate(Path directory, List<String> options, boolean optional)
            throws IOException, InterruptedException {
        List<String> said = new ArrayList<>();
        List<String> inOrder = new ArrayList<>(options);
        inOrder.addAll(List.of("--threads", "1"));
        int status = java(directory, "io.troupe.sim.SimulateMain", inOrder, said);
        if (status == 0) {
            return new Finding(false, "seeds " + String.join(" ", options), "none fails", optional);
        }
        Matcher violation = VIOLATION.matcher(last(said));
        return violation.matches()
                ? new Finding(true, "seed " + violation.group(1), violation.group(2), optional)
                : new Finding(
                        false, "seeds " + String.join(" ", options), "status " + status + ", " + last(said), optional);
    }

    private static String last(List<String> said) {
        return said.isEmpty() ? "without a word" : said.get(said.size() - 1);
    }

    /** Ends the process once it tells of a violation: one is enough. */
    private int java(Path directory, String main, List<String> arguments, List<String> said)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-cp",
                directory + File.pathSeparator + classPath,
                main));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
        try (BufferedReader reader = process.inputReader(UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                said.add(line);
                if (VIOLATION.matcher(line).matches()) {
                    return 1;
                }
            }
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
