package io.troupe.nemesis;

import static org.awaitility.Awaitility.await;

import io.troupe.process.EnsembleProcesses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** All clients: for each server one that knows only it, and one that knows all. One thread paces them. */
final class ClientFleet implements AutoCloseable {
    private static final int STEP_MILLIS = 20;

    private final List<LoadClient> clients = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final LoadClient.Observer observer;
    private volatile Window window;

    /** Begins to work in a window that exists. */
    ClientFleet(EnsembleProcesses ensemble, int timeoutMillis, long seed, LoadClient.Observer observer, Window first) {
        this.observer = observer;
        this.window = first;
        for (var server : ensemble.servers()) {
            var id = server.id();
            clients.add(new LoadClient(
                    "only-" + id, server.address().clientAddress(), timeoutMillis, seed * 100 + id, observer));
            clients.add(new LoadClient(
                    "any-" + id, ensemble.connectString(), timeoutMillis, seed * 100 + 50 + id, observer));
        }
        var unused = clock.scheduleAtFixedRate(this::step, 0, STEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void step() {
        try {
            var current = window;
            clients.forEach(client -> client.step(current));
        } catch (RuntimeException e) {
            observer.surprised("a client failed", e.toString());
        }
    }

    /** From now on everything begins in another window. What began in the one before goes on. */
    void moveTo(Window next) {
        window = next;
    }

    /** Ends the work and waits for the last answers; all sessions stay. */
    void stop() {
        clock.shutdown();
        await("the clients' last answers")
                .atMost(EnsembleProcesses.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> clock.isTerminated() && clients.stream().allMatch(LoadClient::isQuiet));
    }

    /** Every second client disappears without closing its session. */
    void halfVanish() {
        for (var index = 0; index < clients.size(); index += 2) {
            clients.get(index).vanish();
        }
    }

    /** Ephemerals of sessions that live. */
    List<String> livingEphemerals() {
        return clients.stream()
                .map(LoadClient::livingEphemeral)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether a session belongs to one of the clients and is not known to be over. */
    boolean hasSession(long id) {
        return clients.stream().anyMatch(client -> client.hasSession(id));
    }

    @Override
    public void close() {
        clock.shutdownNow();
        clients.forEach(LoadClient::close);
    }
}
