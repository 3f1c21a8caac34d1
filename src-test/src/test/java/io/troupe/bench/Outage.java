package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** The leader goes while 30 clients write through all servers, and comes back once writes go on: how long did none succeed? */
final class Outage {
    /** Names of figures. */
    static final String GAP = "longest gap, ms";

    static final String FAILED_ELSEWHERE = "failed on other servers";

    private static final int WRITERS = 30;
    private static final int DATA_BYTES = 100;
    private static final long WARM_UP_NANOS = 10_000_000_000L;
    private static final long STEADY_NANOS = 3_000_000_000L;
    private static final long TOLERATED_NANOS = 100_000_000L;

    /** A busy host pauses everybody: what is tolerated doubles each time that writes were waited for this long, three times at most. */
    private static final long LENIENT_AFTER_NANOS = 15_000_000_000L;

    private static final long MOST_LENIENT = 3;
    private static final Duration PATIENCE = EnsembleProcesses.PATIENCE.multipliedBy(2);

    private Outage() {}

    /** Does it so many times; a sample each. */
    static List<Map<String, Double>> measure(
            EnsembleProcesses ensemble, int times, Consumer<ServerProcess> fault, Consumer<ServerProcess> repair)
            throws InterruptedException {
        SuccessLog log = new SuccessLog();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Thread(
                    new FailoverWriter(ensemble.servers(), i, "/bench-" + i, new byte[DATA_BYTES], log),
                    "writer-" + i));
        }
        List<Map<String, Double>> samples = new ArrayList<>();
        try {
            writers.forEach(Thread::start);
            awaitSteady(log, System.nanoTime(), WARM_UP_NANOS);
            for (int time = 0; time < times; time++) {
                samples.add(once(ensemble, log, fault, repair));
            }
        } finally {
            // Interruption closes a channel that is blocked on a server that hangs.
            writers.forEach(Thread::interrupt);
            for (Thread writer : writers) {
                writer.join();
            }
        }
        return samples;
    }

    private static Map<String, Double> once(
            EnsembleProcesses ensemble, SuccessLog log, Consumer<ServerProcess> fault, Consumer<ServerProcess> repair) {
        awaitSteady(log, System.nanoTime(), STEADY_NANOS);
        ServerProcess leader = ensemble.awaitLeader();
        long from = System.nanoTime();
        fault.accept(leader);
        awaitSteady(log, from, STEADY_NANOS);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(GAP, log.longestGap(from) / 1e6);
        figures.put(FAILED_ELSEWHERE, (double) log.failuresElsewhere(leader.id(), from));
        repair.accept(leader);
        ensemble.awaitAllServing();
        return figures;
    }

    /** Waits until writes have gone on for a while, not before {@code leastNanos} have passed since {@code from}. */
    private static void awaitSteady(SuccessLog log, long from, long leastNanos) {
        Awaitility.await("writes go on")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    long now = System.nanoTime();
                    long waited = now - from - leastNanos;
                    long tolerated =
                            TOLERATED_NANOS << Math.min(MOST_LENIENT, Math.max(0, waited) / LENIENT_AFTER_NANOS);
                    return waited >= 0 && log.steady(now - STEADY_NANOS, now, tolerated);
                });
    }
}
