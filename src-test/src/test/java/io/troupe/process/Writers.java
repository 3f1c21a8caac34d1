package io.troupe.process;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;

/**
 * The clients of a survival test: for each server one that knows only it, and loses its session when the server is away
 * for long, and one that knows all servers and keeps its session throughout.
 */
final class Writers implements AutoCloseable {
    private static final int STEP_MILLIS = 40;
    private static final int SHORT_SESSION_MILLIS = 4_000;
    private static final int LONG_SESSION_MILLIS = 20_000;

    private final WriteHistory history = new WriteHistory();
    private final List<Writer> writers = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    private Writers() {}

    /** Makes the nodes to write to, below {@code base}, and begins to write. */
    static Writers start(EnsembleProcesses ensemble, String base) throws Exception {
        var result = new Writers();
        for (var server : ensemble.servers()) {
            result.add("only-" + server.id(), base, server.address().clientAddress(), SHORT_SESSION_MILLIS);
            result.add("any-" + server.id(), base, ensemble.connectString(), LONG_SESSION_MILLIS);
        }
        try (var client = OfficialClient.connect(ensemble.connectString())) {
            client.createText(base, "", CreateMode.PERSISTENT);
            client.createText(base + "/live", "", CreateMode.PERSISTENT);
            for (var writer : result.writers) {
                client.createText(writer.parent(), "", CreateMode.PERSISTENT);
                client.createText(writer.register(), "none 0", CreateMode.PERSISTENT);
            }
        }
        var unused = result.clock.scheduleAtFixedRate(result::step, 0, STEP_MILLIS, TimeUnit.MILLISECONDS);
        return result;
    }

    WriteHistory history() {
        return history;
    }

    List<Writer> all() {
        return writers;
    }

    /** Waits until so many more writes have been acknowledged. */
    void awaitProgress(int writes) {
        var goal = history.acknowledged() + writes;
        await(writes + " acknowledged writes")
                .atMost(EnsembleProcesses.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> history.acknowledged() >= goal);
    }

    /** Stops writing and waits for the last answers; all sessions stay. */
    void stop() {
        end(clock);
        writers.forEach(Writer::drain);
    }

    /** Every second writer disappears without closing its session. */
    void halfVanish() {
        for (var index = 0; index < writers.size(); index += 2) {
            writers.get(index).vanish();
        }
    }

    /** Whether a session belongs to one of these writers and is alive. */
    boolean hasSession(long sessionId) {
        return writers.stream().anyMatch(writer -> writer.hasSession(sessionId));
    }

    @Override
    public void close() {
        end(clock);
        writers.forEach(Writer::close);
    }

    private void add(String name, String base, String connectString, int timeoutMillis) {
        writers.add(new Writer(name, base, connectString, timeoutMillis, history));
    }

    private void step() {
        try {
            writers.forEach(Writer::step);
        } catch (RuntimeException e) {
            history.surprised("a writer failed: " + e);
        }
    }

    private static void end(ExecutorService executor) {
        executor.shutdown();
        await("writers stop").until(executor::isTerminated);
    }
}
