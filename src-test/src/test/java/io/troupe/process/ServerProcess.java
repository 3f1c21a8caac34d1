package io.troupe.process;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One server of a test ensemble as a process of this host. Only processes started here are ever signalled. Not thread
 * safe: one test thread drives it.
 */
public final class ServerProcess implements AutoCloseable {
    private static final int EXIT_SECONDS = 20;

    private final ServerProgram program;
    private final List<ServerAddress> ensemble;
    private final ServerAddress address;
    private @Nullable Process process;
    private boolean paused;

    ServerProcess(ServerProgram program, List<ServerAddress> ensemble, ServerAddress address) {
        this.program = program;
        this.ensemble = List.copyOf(ensemble);
        this.address = address;
    }

    public ServerAddress address() {
        return address;
    }

    /** The process id of the running server. */
    public long pid() {
        return started().pid();
    }

    public int id() {
        return address.id();
    }

    /** Starts the process on whatever its data directory holds. */
    public void start() {
        if (isAlive()) {
            throw new IllegalStateException("server " + id() + " already runs");
        }
        try {
            Files.createDirectories(address.home());
            process = program.prepare(ensemble, address)
                    .start(Redirect.appendTo(address.log().toFile()));
            paused = false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start server " + id(), e);
        }
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        started().destroyForcibly();
        awaitExit();
    }

    /** SIGTERM; answers the exit status. */
    public int terminate() {
        started().destroy();
        return awaitExit();
    }

    /** SIGSTOP: the process keeps its sockets and does nothing. */
    public void pause() {
        signal("STOP");
        paused = true;
    }

    /** SIGCONT, if the process is paused. */
    public void resume() {
        if (paused && isAlive()) {
            signal("CONT");
        }
        paused = false;
    }

    /** Waits until the process has ended and answers its exit status. */
    public int awaitExit() {
        try {
            if (!started().waitFor(EXIT_SECONDS, SECONDS)) {
                throw new IllegalStateException("server " + id() + " did not end within " + EXIT_SECONDS + " s");
            }
            return started().exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Removes everything that the server, which must be down, had on disk. */
    public void wipeData() {
        if (isAlive()) {
            throw new IllegalStateException("server " + id() + " still runs");
        }
        deleteTree(address.dataDirectory());
    }

    /** What {@code srvr} reports, empty while the server does not serve. */
    public Optional<String> mode() {
        return isAlive() ? FourLetterWord.mode(address) : Optional.empty();
    }

    /** The keys and values of {@code mntr}. Fails where the server cannot be reached. */
    public Map<String, String> monitor() throws IOException {
        return FourLetterWord.monitor(new InetSocketAddress(address.host(), address.clientPort()));
    }

    /** The last lines that the process wrote. */
    public String logTail(int lines) {
        try {
            if (!Files.exists(address.log())) {
                return "";
            }
            var text = new String(Files.readAllBytes(address.log()), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", text.subList(Math.max(0, text.size() - lines), text.size()));
        } catch (IOException e) {
            return "log of server " + id() + " cannot be read: " + e;
        }
    }

    /** Ends the process if it runs; its log stays. */
    @Override
    public void close() {
        if (isAlive()) {
            kill();
        }
        deleteTree(address.dataDirectory());
    }

    private Process started() {
        if (process == null) {
            throw new IllegalStateException("server " + id() + " was never started");
        }
        return process;
    }

    private void signal(String name) {
        try {
            var kill = new ProcessBuilder(
                            "kill", "-" + name, Long.toString(started().pid()))
                    .start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -" + name + " failed for server " + id());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void deleteTree(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
