package io.troupe.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.troupe.testkit.TroupeEnsemble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** An example that was started by its command. Its output, errors included, is read as it comes. */
final class ExampleProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Of the repository, two above the module. */
    private static final Path TOP = Path.of("../..").toAbsolutePath().normalize();

    private final TroupeEnsemble ensemble;
    private final Set<Long> before;
    private final Process process;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();

    private ExampleProcess(TroupeEnsemble ensemble, Set<Long> before, Process process) {
        this.ensemble = ensemble;
        this.before = before;
        this.process = process;
        this.reader = new Thread(this::read, "output-" + process.pid());
        this.reader.setDaemon(true);
        this.reader.start();
    }

    /**
     * Starts one.
     *
     * @param command a line of the README
     * @param instead words of it, and what the test writes in their place
     */
    static ExampleProcess start(TroupeEnsemble ensemble, String command, Map<String, String> instead)
            throws IOException {
        if (!Files.readAllLines(Path.of("README.md")).contains(command)) {
            throw new IllegalArgumentException("README.md has no line \"" + command + "\"");
        }
        List<String> words = Arrays.stream(command.split(" "))
                .map(word -> instead.getOrDefault(word, word))
                .toList();
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(TOP.toFile()).redirectErrorStream(true);
        builder.environment().put("TROUPE_CONNECT", ensemble.connectString());
        builder.environment().put("TROUPE_CONTACTS", String.join(",", ensemble.contactPoints()));
        return new ExampleProcess(ensemble, Set.copyOf(ensemble.sessions()), builder.start());
    }

    static ExampleProcess start(TroupeEnsemble ensemble, String command) throws IOException {
        return start(ensemble, command, Map.of());
    }

    private void read() {
        try (var output = process.inputReader(UTF_8)) {
            output.lines().forEach(this::add);
        } catch (IOException | UncheckedIOException e) {
            add("(no more output: " + e.getMessage() + ")");
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** Waits for a line that matches as a whole. */
    void awaitLine(String pattern) {
        awaitAfter(0, pattern);
    }

    /** Waits for one among the lines after the first so many. */
    void awaitAfter(int count, String pattern) {
        Predicate<String> matches = Pattern.compile(pattern).asMatchPredicate();
        try {
            await().atMost(PATIENCE).until(() -> lines().stream().skip(count).anyMatch(matches));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("no line matches \"" + pattern + "\" in " + lines(), e);
        }
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd();
    }

    /** The one session that was opened since this process was started: to be asked before another is. */
    long session() {
        List<Long> opened = new ArrayList<>(ensemble.sessions());
        opened.removeAll(before);
        if (opened.size() != 1) {
            throw new IllegalStateException("sessions opened since: " + opened);
        }
        return opened.get(0);
    }

    /** As Ctrl-C; waits until it has ended. */
    void stop() throws InterruptedException {
        process.toHandle().destroy();
        awaitEnd();
    }

    /** Waits until it has ended, and all that it wrote is read. */
    void awaitEnd() throws InterruptedException {
        await().atMost(PATIENCE).until(() -> !process.isAlive());
        reader.join();
    }

    /** Stops or continues it where it stands. */
    void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " " + process.pid() + " answered " + status);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
