package io.troupe.bench;

import static io.troupe.bench.Bound.ratioAtMost;
import static io.troupe.bench.Bound.valueAtMost;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a million znodes take in the heap, and how long servers that hold them are away when they are killed and started. Before,
 * writes have gone on until both systems have taken a snapshot and have a log behind it, as after a while in use.
 */
final class MillionZnodes implements EnsembleScenario {
    private static final Forest ZNODES = new Forest(1_000, 1_000_000, 100);
    private static final int HEAP_MEBIBYTES = 2_048;
    private static final int SESSIONS = 30;
    private static final int OUTSTANDING = 32;

    /** More than a snapshot is due after. */
    private static final long WRITES = 150_000;

    private static final String HEAP = "live heap per znode, B";
    private static final String ONE = "restart of one server, s";
    private static final String ALL = "restart of all servers, s";

    @Override
    public String title() {
        return "million-znodes";
    }

    @Override
    public String words() {
        return "1,000,000 znodes of 100 B data, 30-character paths, 1,000 parents";
    }

    @Override
    public List<Target> targets() {
        return List.of(
                new Target(HEAP, ratioAtMost(0.5), valueAtMost(180)),
                new Target(ONE, ratioAtMost(0.5), ratioAtMost(0.25)),
                new Target(ALL, ratioAtMost(0.5), ratioAtMost(0.25)));
    }

    @Override
    public Conditions conditions(long point) {
        return Conditions.USUAL.withHeap(HEAP_MEBIBYTES);
    }

    @Override
    public List<Map<String, Double>> measure(EnsembleProcesses ensemble, long point, Pace pace)
            throws IOException, InterruptedException {
        WarmUp.withWrites(ensemble);
        double empty = Load.heapBytes(ensemble);
        ZNODES.grow(ensemble);
        write(ensemble);
        double grown = Load.heapBytes(ensemble) - empty;
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(HEAP, grown / ensemble.servers().size() / ZNODES.znodes());

        Restart.awaitSnapshots(ensemble.servers());
        ServerProcess leader = ensemble.awaitLeader();
        ServerProcess follower = ensemble.servers().stream()
                .filter(server -> server != leader)
                .findFirst()
                .orElse(leader);
        figures.put(ONE, Restart.seconds(List.of(follower), ZNODES.path(0)));
        ensemble.awaitAllServing();
        figures.put(ALL, Restart.seconds(ensemble.servers(), ZNODES.path(0)));
        return List.of(figures);
    }

    private static void write(EnsembleProcesses ensemble) throws IOException {
        List<LoadConnection> connections = Sessions.open(ensemble, SESSIONS);
        for (int i = 0; i < SESSIONS; i++) {
            connections.get(i).sending(ZNODES.writes(i, SESSIONS, (int) (WRITES / SESSIONS)));
        }
        try (LoadGenerator generator = new LoadGenerator(connections)) {
            LoadGenerator.Outcome outcome = generator.closedLoop(OUTSTANDING, Long.MAX_VALUE, WRITES);
            if (outcome.errors() > 0) {
                throw new IOException(outcome.errors() + " writes failed");
            }
        }
    }
}
