package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is asked of an ensemble of three, and how. */
enum Workload implements Scenario {
    /** setData 100 B, 32 sessions with 64 outstanding each. */
    WRITE_PIPELINED(32, 64, 0),
    /** setData 100 B, 64 sessions with one outstanding each. */
    WRITE_64X1(64, 1, 0),
    /** setData 100 B at 2,000/s, whatever the answers do. */
    WRITE_2000(64, 0, 2000);

    private static final List<String> PERCENTILES = List.of("50", "99", "99.9");
    private static final int DATA_BYTES = 100;
    private static final int PATIENCE_MILLIS = 30_000;
    private static final long SLICE = 2_000_000_000L;
    private static final int LEAST_SLICES = 4;
    private static final int MOST_SLICES = 40;
    /** Share of one processor that compilers may still take when the measurement begins. */
    private static final double COMPILED = 0.03;

    private final int sessions;
    private final int outstanding;
    private final int rate;

    Workload(int sessions, int outstanding, int rate) {
        this.sessions = sessions;
        this.outstanding = outstanding;
        this.rate = rate;
    }

    @Override
    public List<Map<String, Double>> measure(EnsembleProcesses ensemble, long nanos) throws IOException {
        byte[] data = new byte[DATA_BYTES];
        List<LoadConnection> connections = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            ServerProcess server = ensemble.servers().get(i % ensemble.servers().size());
            String path = "/bench-" + i;
            LoadConnection connection =
                    new LoadConnection(server.address().clientPort(), Frames.setData(path, data), PATIENCE_MILLIS);
            connection.call(Frames.create(path, data));
            connections.add(connection);
        }
        try (LoadGenerator generator = new LoadGenerator(connections)) {
            warmUp(ensemble, generator);
            double before = ServerCpu.seconds(ensemble);
            LoadGenerator.Outcome outcome = drive(generator, nanos);
            double cpu = ServerCpu.seconds(ensemble) - before;
            if (outcome.errors() > 0) {
                throw new IOException(outcome.errors() + " requests failed");
            }
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put("operations/s", outcome.perSecond());
            figures.put("server CPU us per operation", cpu * 1e6 / outcome.operations());
            for (String percentile : PERCENTILES) {
                figures.put(
                        "p" + percentile + " ms",
                        outcome.latencies().getValueAtPercentile(Double.parseDouble(percentile)) / 1e6);
            }
            return List.of(figures);
        }
    }

    /** Until the servers' compilers rest: servers run for months, and are measured as they are then. */
    private void warmUp(EnsembleProcesses ensemble, LoadGenerator generator) throws IOException {
        // Closed loops compile in seconds what an open loop at a low rate would still be compiling in a minute.
        generator.closedLoop(Math.max(outstanding, 4), LEAST_SLICES * SLICE);
        double before = ServerCpu.compilerSeconds(ensemble);
        for (int slice = 0; slice < MOST_SLICES; slice++) {
            drive(generator, SLICE);
            double after = ServerCpu.compilerSeconds(ensemble);
            if ((after - before) * 1e9 < COMPILED * SLICE) {
                return;
            }
            before = after;
        }
    }

    private LoadGenerator.Outcome drive(LoadGenerator generator, long nanos) throws IOException {
        return rate > 0 ? generator.openLoop(rate, nanos) : generator.closedLoop(outstanding, nanos);
    }
}
