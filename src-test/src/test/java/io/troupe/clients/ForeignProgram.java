package io.troupe.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.process.EnsembleProcesses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that this build did not write, or that speaks for a library that it did not write. What it says goes to a file
 * in {@code target/clients}, which a test reads along; what it is to do, it is told by lines. Closing it, or the end of this
 * JVM, ends it. Not thread safe.
 */
final class ForeignProgram implements AutoCloseable {
    /** Where foreign programs are installed, work and log. */
    static final Path HOME = Path.of("target", "clients").toAbsolutePath();

    private final String name;
    private final Process process;
    private final Path log;
    private final Thread lastResort;

    private ForeignProgram(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.lastResort = new Thread(process::destroyForcibly, "end-" + name);
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /** Starts a program in {@link #HOME}; its log, named like it, begins anew. */
    static ForeignProgram start(String name, List<String> command) {
        return start(name, command, Map.of());
    }

    /** The same with variables added to this process's environment. */
    static ForeignProgram start(String name, List<String> command, Map<String, String> environment) {
        try {
            var log = Files.createDirectories(HOME).resolve(name + ".log");
            var builder = new ProcessBuilder(command)
                    .directory(HOME.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            return new ForeignProgram(name, builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name + ": " + command, e);
        }
    }

    /** Runs a program to its end; answers its exit status, or -1 where there is no such program. */
    static int run(String name, List<String> command, Duration patience) {
        try (var program = start(name, command)) {
            return program.awaitExit(patience);
        } catch (UncheckedIOException noSuchProgram) {
            return -1;
        }
    }

    /** The command that runs this build's Java with small heap; what it runs follows. */
    static List<String> java(String heap) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1");
    }

    /** The class path that the build wrote for a module in {@code src-test/clients}. */
    static String classPath(String module) {
        var file = Path.of("clients", module, "target", "class-path").toAbsolutePath();
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "no class path of " + module + " in " + file + ": run 'mvn verify' from the top directory", e);
        }
    }

    /** All lines said so far. */
    List<String> said() {
        try {
            return Files.readString(log, UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the program has said this line. */
    void awaitLine(String line) {
        awaitLine(line, 1);
    }

    /** Waits until the program has said this line so many times. */
    void awaitLine(String line, int times) {
        await(name + " says '" + line + "', see " + log)
                .atMost(EnsembleProcesses.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .failFast(name + " ended, see " + log, () -> !process.isAlive() && count(line) < times)
                .until(() -> count(line) >= times);
    }

    private long count(String line) {
        return said().stream().filter(line::equals).count();
    }

    /** Writes a line to the program's standard input. */
    void tell(String line) {
        try {
            var input = process.getOutputStream();
            input.write((line + "\n").getBytes(UTF_8));
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " does not listen, see " + log, e);
        }
    }

    /** Waits until the program has ended with status 0, having said this line. */
    void awaitSuccess(String line) {
        assertThat(awaitExit(EnsembleProcesses.PATIENCE))
                .as(() -> name + " said:\n" + String.join("\n", said()))
                .isZero();
        assertThat(said()).contains(line);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL; returns when the process is gone. */
    void kill() {
        process.destroyForcibly();
        awaitExit(EnsembleProcesses.PATIENCE);
    }

    /** SIGSTOP: the process keeps its sockets and does nothing. */
    void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() {
        signal("CONT");
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs at this moment and does the same.
        }
    }

    private void signal(String signal) {
        var status = run("kill", List.of("kill", "-" + signal, Long.toString(process.pid())), Duration.ofSeconds(10));
        assertThat(status).as("kill -%s %s", signal, name).isZero();
    }

    /** Waits until the program has ended; answers its exit status. */
    int awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        name + " did not end within " + patience.toSeconds() + " s, see " + log);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
