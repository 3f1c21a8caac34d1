package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** The leader goes while 30 clients write through all servers: how long does no write succeed? */
enum Failover implements Scenario {
    /** Killed: kill -9. */
    FAILOVER_KILL,
    /** Hung: SIGSTOP. */
    FAILOVER_STOP,
    /** Stopped as planned: SIGTERM. */
    FAILOVER_TERM;

    private static final int WRITERS = 30;
    private static final int DATA_BYTES = 100;
    private static final int TIMES = 3;
    private static final long WARM_UP_NANOS = 10_000_000_000L;
    private static final long STEADY_NANOS = 3_000_000_000L;
    private static final long TOLERATED_NANOS = 100_000_000L;

    private void fault(ServerProcess server) {
        switch (this) {
            case FAILOVER_KILL -> server.kill();
            case FAILOVER_STOP -> server.pause();
            case FAILOVER_TERM -> server.terminate();
        }
    }

    private void repair(ServerProcess server) {
        if (this == FAILOVER_STOP) {
            server.resume();
        } else {
            server.start();
        }
    }

    @Override
    public List<Map<String, Double>> measure(EnsembleProcesses ensemble, long nanos) throws InterruptedException {
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
            for (int time = 0; time < TIMES; time++) {
                samples.add(once(ensemble, log));
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

    private Map<String, Double> once(EnsembleProcesses ensemble, SuccessLog log) {
        awaitSteady(log, System.nanoTime(), STEADY_NANOS);
        ServerProcess leader = ensemble.awaitLeader();
        long from = System.nanoTime();
        fault(leader);
        awaitSteady(log, from, STEADY_NANOS);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("longest gap, ms", log.longestGap(from) / 1e6);
        figures.put("failed on other servers", (double) log.failuresElsewhere(leader.id(), from));
        repair(leader);
        ensemble.awaitAllServing();
        return figures;
    }

    /** Waits until writes have gone on for a while, not before {@code leastNanos} have passed since {@code from}. */
    private static void awaitSteady(SuccessLog log, long from, long leastNanos) {
        Awaitility.await("writes go on")
                .atMost(EnsembleProcesses.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    long now = System.nanoTime();
                    return now - from >= leastNanos && log.steady(now - STEADY_NANOS, now, TOLERATED_NANOS);
                });
    }
}
