package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.Footprint;
import io.troupe.process.ServerProcess;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * How requests are sent, and what is measured while they are.
 *
 * @param outstanding requests under way on each session, in a closed loop; 0 for an open one
 * @param perSecond rate of an open loop; 0 for a closed one
 */
record Load(int sessions, int outstanding, int perSecond) {
    /** Names of figures. */
    static final String RATE = "operations/s";

    static final String CPU = "server CPU per operation, us";

    private static final List<String> PERCENTILES = List.of("50", "99", "99.9");
    private static final int FEW = 4;

    static Load closed(int sessions, int outstanding) {
        return new Load(sessions, outstanding, 0);
    }

    static Load open(int sessions, int perSecond) {
        return new Load(sessions, 0, perSecond);
    }

    /** What each of the sessions sends. */
    static List<List<byte[]>> perSession(List<LoadConnection> connections, IntFunction<List<byte[]>> requests) {
        return IntStream.range(0, connections.size()).mapToObj(requests).toList();
    }

    /** Until throughput and compilers rest. */
    void warmUp(EnsembleProcesses ensemble, LoadGenerator generator, Pace pace) throws IOException {
        if (perSecond > 0) {
            // Closed loops compile in seconds what an open loop at a low rate would still be compiling in a minute.
            WarmUp.run(ensemble, pace, nanos -> generator.closedLoop(FEW, nanos).perSecond());
        }
        WarmUp.run(
                ensemble, pace, nanos -> drive(generator, nanos, Long.MAX_VALUE).perSecond());
    }

    /** Figures of so much time, or of so many operations if those are over before. */
    Map<String, Double> measure(EnsembleProcesses ensemble, LoadGenerator generator, long nanos, long mostOperations)
            throws IOException {
        double before = ServerCpu.seconds(ensemble);
        LoadGenerator.Outcome outcome = drive(generator, nanos, mostOperations);
        double cpu = ServerCpu.seconds(ensemble) - before;
        if (outcome.errors() > 0) {
            throw new IOException(outcome.errors() + " requests failed");
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(RATE, outcome.perSecond());
        figures.put(CPU, cpu * 1e6 / outcome.operations());
        for (String percentile : PERCENTILES) {
            figures.put(
                    "p" + percentile + ", ms",
                    outcome.latencies().getValueAtPercentile(Double.parseDouble(percentile)) / 1e6);
        }
        figures.put("live heap of all servers, MiB", heapBytes(ensemble) / (1 << 20));
        return figures;
    }

    private LoadGenerator.Outcome drive(LoadGenerator generator, long nanos, long mostOperations) throws IOException {
        return perSecond > 0
                ? generator.openLoop(perSecond, nanos)
                : generator.closedLoop(outstanding, nanos, mostOperations);
    }

    /** What is live in the heaps of all servers; has them collect their garbage. */
    static double heapBytes(EnsembleProcesses ensemble) {
        return ensemble.servers().stream()
                .filter(ServerProcess::isAlive)
                .mapToLong(server -> Footprint.of(server).heapBytes())
                .sum();
    }
}
