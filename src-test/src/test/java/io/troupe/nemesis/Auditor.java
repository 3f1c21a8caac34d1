package io.troupe.nemesis;

import static org.awaitility.Awaitility.await;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Moves the clients from window to window and audits each that is complete. The last few stay in the tree and are read
 * again, through every server, when all is over; older ones are removed. Its thread ends with {@link #finish}.
 */
final class Auditor {
    private static final Duration QUIET_WITHIN = Duration.ofMinutes(2);
    private static final int KEPT_WINDOWS = 6;

    private final EnsembleProcesses ensemble;
    private final ClientFleet fleet;
    private final Inspector inspector;
    private final String base;
    private final Path reports;
    private final Journal journal;
    private final int windowSeconds;
    private final Verdict total = new Verdict();
    private final Deque<Window> kept = new ArrayDeque<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "auditor");
    private Window current;
    private int windows;

    Auditor(
            EnsembleProcesses ensemble,
            ClientFleet fleet,
            Inspector inspector,
            Window first,
            String base,
            Path reports,
            Journal journal,
            int windowSeconds) {
        this.ensemble = ensemble;
        this.fleet = fleet;
        this.inspector = inspector;
        this.current = first;
        this.base = base;
        this.reports = reports;
        this.journal = journal;
        this.windowSeconds = windowSeconds;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!over.await(windowSeconds, TimeUnit.SECONDS)) {
                var next = inspector.makeWindow(base + "/w" + ++windows);
                var complete = current;
                current = next;
                fleet.moveTo(next);
                awaitQuiet(complete);
                audit(complete);
                while (kept.size() > KEPT_WINDOWS) {
                    inspector.remove(kept.removeFirst());
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            journal.finding("the auditor failed", e + (e.getCause() == null ? "" : ", " + e.getCause()));
        }
    }

    private static void awaitQuiet(Window window) {
        await("every answer of " + window.path()).atMost(QUIET_WITHIN).until(window::isQuiet);
    }

    private void audit(Window window) throws InterruptedException {
        var state = inspector.read(window);
        var verdict = HistoryAudit.of(window.history(), window.creations(), state);
        total.add(verdict);
        kept.addLast(window);
        report(window, "the audit of", verdict, state);
    }

    /** A window whose audit finds something is written to a file with everything that happened in it. */
    private void report(Window window, String what, Verdict verdict, FinalState state) {
        if (verdict.isClean()) {
            return;
        }
        verdict.findings().forEach(finding -> journal.finding(what + " " + window.path(), finding));
        var lines = new ArrayList<>(verdict.findings());
        window.history().operations().forEach(each -> lines.add(each.toString()));
        window.creations().forEach(each -> lines.add(each.toString()));
        state.registers().forEach((path, register) -> lines.add(path + " " + register));
        state.nodes().forEach((path, value) -> lines.add(path + " " + value));
        try {
            Files.write(reports.resolve("findings" + window.path().replace('/', '-') + ".txt"), lines);
        } catch (IOException e) {
            journal.finding("a report could not be written", e.toString());
        }
    }

    /**
     * Audits the last window, then reads the kept ones through every server: what an audit found is still there, and equal
     * everywhere. The clients have stopped and every server serves. Answers all counts.
     */
    Verdict finish() throws InterruptedException {
        over.countDown();
        thread.join();
        awaitQuiet(current);
        audit(current);
        for (var server : ensemble.servers()) {
            readAgain(server);
        }
        return total;
    }

    private void readAgain(ServerProcess server) throws InterruptedException {
        try (var reader = new Inspector(server.address().clientAddress())) {
            for (var window : List.copyOf(kept)) {
                var state = reader.read(window);
                var verdict = HistoryAudit.of(window.history(), window.creations(), state);
                total.addContradictions(verdict);
                report(window, "what server " + server.id() + " finally has of", verdict, state);
            }
        }
    }
}
