package io.troupe.bench;

import static io.troupe.bench.Bound.ratioAtLeast;
import static io.troupe.bench.Bound.ratioAtMost;
import static io.troupe.bench.Bound.valueAtMost;

import io.troupe.process.EnsembleProcesses;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Requests of one kind, or of two, from sessions at all servers of an ensemble. */
enum Workload implements EnsembleScenario {
    WRITE_PIPELINED("setData 100 B, 32 sessions x 64 outstanding"),
    CREATE_PIPELINED("sequential create 100 B, 32 sessions x 64 outstanding"),
    WRITE_64X1("setData 1 KiB, 64 sessions x 1 outstanding"),
    READ_PIPELINED("getData 1 KiB, 32 sessions x 64 outstanding"),
    READ_64X1("getData 1 KiB, 64 sessions x 1 outstanding"),
    MIXED_PIPELINED("90 % getData, 10 % setData, 1 KiB, 32 sessions x 64 outstanding"),
    OPEN_LOOP("setData 100 B at 2,000/s, open loop, 200,000 znodes");

    private static final int SMALL = 100;
    private static final int LARGE = 1024;
    private static final Forest ZNODES = new Forest(100, 200_000, SMALL);

    /** Creations fill the heap: no more than these, and a heap that takes them. */
    private static final long MOST_CREATIONS = 700_000;

    private static final long CREATIONS_FOR_WARM_UP = 300_000;
    private static final int ROOMY_MEBIBYTES = 2_048;

    /** Some snapshots must fall into the time that is measured. */
    private static final long LEAST_OPEN_NANOS = 30_000_000_000L;

    private final String words;

    Workload(String words) {
        this.words = words;
    }

    private Load load() {
        return switch (this) {
            case WRITE_64X1, READ_64X1 -> Load.closed(64, 1);
            case OPEN_LOOP -> Load.open(64, 2_000);
            default -> Load.closed(32, 64);
        };
    }

    @Override
    public String title() {
        return Scenario.titled(name());
    }

    @Override
    public String words() {
        return words;
    }

    @Override
    public List<Target> targets() {
        return switch (this) {
            case WRITE_PIPELINED, CREATE_PIPELINED -> throughput(2, 4, 0.5, 0.25);
            case WRITE_64X1 ->
                List.of(
                        new Target(Load.RATE, ratioAtLeast(1.3), ratioAtLeast(2)),
                        new Target("p99, ms", ratioAtMost(0.7), ratioAtMost(0.5)));
            case READ_PIPELINED, READ_64X1 -> throughput(1.5, 3, 0.6, 1.0 / 3);
            case MIXED_PIPELINED -> throughput(1.7, 3, 0.6, 1.0 / 3);
            case OPEN_LOOP -> List.of(new Target("p99.9, ms", ratioAtMost(0.25), valueAtMost(20)));
        };
    }

    private static List<Target> throughput(double reach, double aim, double reachCpu, double aimCpu) {
        return List.of(
                new Target(Load.RATE, ratioAtLeast(reach), ratioAtLeast(aim)),
                new Target(Load.CPU, ratioAtMost(reachCpu), ratioAtMost(aimCpu)));
    }

    @Override
    public Conditions conditions(long point) {
        return switch (this) {
            case CREATE_PIPELINED -> Conditions.USUAL.withHeap(ROOMY_MEBIBYTES);
            case OPEN_LOOP -> Conditions.USUAL.withSnapshotEvery(10_000);
            default -> Conditions.USUAL;
        };
    }

    @Override
    public List<Map<String, Double>> measure(EnsembleProcesses ensemble, long point, Pace pace) throws IOException {
        if (this == OPEN_LOOP) {
            ZNODES.grow(ensemble);
        }
        List<LoadConnection> connections = Sessions.open(ensemble, load().sessions());
        try (LoadGenerator generator = new LoadGenerator(connections)) {
            prepare(generator, connections);
            if (this == CREATE_PIPELINED) {
                warmUpWithWrites(ensemble, generator, connections, pace);
                return List.of(load().measure(ensemble, generator, pace.nanos(), MOST_CREATIONS));
            }
            load().warmUp(ensemble, generator, pace);
            long nanos = this == OPEN_LOOP ? Math.max(pace.nanos(), LEAST_OPEN_NANOS) : pace.nanos();
            return List.of(load().measure(ensemble, generator, nanos, Long.MAX_VALUE));
        }
    }

    /** Creates what the requests need and gives each session its requests. */
    private void prepare(LoadGenerator generator, List<LoadConnection> connections) throws IOException {
        byte[] data =
                new byte[this == WRITE_PIPELINED || this == CREATE_PIPELINED || this == OPEN_LOOP ? SMALL : LARGE];
        generator.each(Load.perSession(connections, i -> List.of(Frames.create(own(i), data))));
        for (int i = 0; i < connections.size(); i++) {
            byte[] write = Frames.setData(own(i), data);
            byte[] read = Frames.getData(own(i), false);
            LoadConnection connection = connections.get(i);
            switch (this) {
                case WRITE_PIPELINED, WRITE_64X1, CREATE_PIPELINED -> connection.sending(write);
                case READ_PIPELINED, READ_64X1 -> connection.sending(read);
                case MIXED_PIPELINED -> connection.sending(write, read, read, read, read, read, read, read, read, read);
                case OPEN_LOOP ->
                    connection.sending(
                            ZNODES.writes(i, connections.size(), (int) ZNODES.znodes() / connections.size()));
            }
        }
    }

    private static String own(int session) {
        return "/bench-" + session;
    }

    /** Most of what runs for a creation runs for a write too, which leaves no znode behind. */
    private void warmUpWithWrites(
            EnsembleProcesses ensemble, LoadGenerator generator, List<LoadConnection> connections, Pace pace)
            throws IOException {
        load().warmUp(ensemble, generator, pace);
        byte[] data = new byte[SMALL];
        for (int i = 0; i < connections.size(); i++) {
            connections.get(i).sending(Frames.createSequential(own(i) + "/n-", data));
        }
        generator.closedLoop(load().outstanding(), pace.warmUpNanos(), CREATIONS_FOR_WARM_UP);
    }
}
