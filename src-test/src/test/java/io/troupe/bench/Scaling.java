package io.troupe.bench;

import io.troupe.process.EnsembleProcesses;
import io.troupe.process.ServerProcess;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How cost grows with one thing, everything else being equal. */
enum Scaling implements EnsembleScenario {
    SCALE_SERVERS("setData 100 B, 32 sessions x 64 outstanding", "servers"),
    SCALE_VALUES("setData, 16 sessions x 4 outstanding", "bytes of data"),
    SCALE_SESSIONS("setData 100 B, 1 outstanding", "sessions"),
    SCALE_ZNODES("setData 100 B, 32 sessions x 64 outstanding, all over the tree", "znodes"),
    SCALE_CHILDREN("create and list in one parent", "children");

    private static final int DATA_BYTES = 100;
    private static final int SESSIONS = 32;
    private static final int OUTSTANDING = 64;
    private static final int LARGE_SESSIONS = 16;
    private static final int LARGE_OUTSTANDING = 4;
    private static final long LARGEST = 1L << 20;
    private static final int REQUEST_LIMIT = 4 << 20;
    private static final int WRITES_PER_SESSION = 1_000;
    private static final int LEAST_CREATIONS = 500;
    private static final int LISTS = 10;

    /** Half as much again as a million znodes take in ZooKeeper's heap. */
    private static final int HEAP_PER_MILLION_MEBIBYTES = 700;

    private static final int LEAST_HEAP_MEBIBYTES = 512;

    /** More of them take ZooKeeper longer than anybody waits. */
    private static final long MOST_ZNODES_BESIDE = 1_000_000;

    private final String words;
    private final String axis;

    Scaling(String words, String axis) {
        this.words = words;
        this.axis = axis;
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
    public String axis() {
        return axis;
    }

    @Override
    public List<Long> points() {
        return switch (this) {
            case SCALE_SERVERS -> List.of(1L, 3L, 5L);
            case SCALE_VALUES -> List.of(1L << 10, 1L << 13, 1L << 16, 1L << 18, LARGEST);
            case SCALE_SESSIONS -> List.of(1L, 8L, 64L, 512L, 2_000L);
            case SCALE_ZNODES -> List.of(10_000L, 100_000L, 1_000_000L, 5_000_000L);
            case SCALE_CHILDREN -> List.of(1_000L, 10_000L, 100_000L, 1_000_000L);
        };
    }

    @Override
    public List<Target> targets() {
        return List.of();
    }

    @Override
    public boolean besideZooKeeper(long point) {
        return this != SCALE_ZNODES || point <= MOST_ZNODES_BESIDE;
    }

    @Override
    public Conditions conditions(long point) {
        return switch (this) {
            case SCALE_SERVERS -> Conditions.USUAL.withServers((int) point);
            case SCALE_VALUES ->
                // ZooKeeper keeps the latest 500 requests in memory.
                Conditions.USUAL
                        .withHeap((point < LARGEST ? 2 : 6) * LEAST_HEAP_MEBIBYTES)
                        .withRequestsUpTo(REQUEST_LIMIT);
            case SCALE_SESSIONS -> Conditions.USUAL.withCrowd();
            case SCALE_ZNODES, SCALE_CHILDREN ->
                Conditions.USUAL.withHeap(
                        LEAST_HEAP_MEBIBYTES + (int) (point * HEAP_PER_MILLION_MEBIBYTES / 1_000_000));
        };
    }

    @Override
    public List<Map<String, Double>> measure(EnsembleProcesses ensemble, long point, Pace pace) throws IOException {
        return List.of(
                switch (this) {
                    case SCALE_SERVERS -> write(ensemble, Load.closed(SESSIONS, OUTSTANDING), DATA_BYTES, pace);
                    case SCALE_VALUES ->
                        write(ensemble, Load.closed(LARGE_SESSIONS, LARGE_OUTSTANDING), (int) point, pace);
                    case SCALE_SESSIONS -> write(ensemble, Load.closed((int) point, 1), DATA_BYTES, pace);
                    case SCALE_ZNODES -> writeAllOver(ensemble, new Forest(1_000, point, DATA_BYTES), pace);
                    case SCALE_CHILDREN -> crowdOneParent(ensemble, new Forest(1, point, DATA_BYTES), pace);
                });
    }

    /** Each session writes to a znode of its own. */
    private static Map<String, Double> write(EnsembleProcesses ensemble, Load load, int bytes, Pace pace)
            throws IOException {
        byte[] data = new byte[bytes];
        List<LoadConnection> connections = Sessions.open(ensemble, load.sessions());
        try (LoadGenerator generator = new LoadGenerator(connections)) {
            generator.each(Load.perSession(connections, i -> List.of(Frames.create("/bench-" + i, data))));
            // Few or large requests would take minutes to compile what many small ones compile in seconds.
            sendWrites(connections, new byte[DATA_BYTES]);
            Load.closed(load.sessions(), OUTSTANDING).warmUp(ensemble, generator, pace);
            sendWrites(connections, data);
            load.warmUp(ensemble, generator, pace);
            return load.measure(ensemble, generator, pace.nanos(), Long.MAX_VALUE);
        }
    }

    private static void sendWrites(List<LoadConnection> connections, byte[] data) {
        for (int i = 0; i < connections.size(); i++) {
            connections.get(i).sending(Frames.setData("/bench-" + i, data));
        }
    }

    private static Map<String, Double> writeAllOver(EnsembleProcesses ensemble, Forest forest, Pace pace)
            throws IOException {
        double empty = Load.heapBytes(ensemble);
        forest.grow(ensemble);
        List<LoadConnection> connections = Sessions.open(ensemble, SESSIONS);
        for (int i = 0; i < SESSIONS; i++) {
            connections.get(i).sending(forest.writes(i, SESSIONS, WRITES_PER_SESSION));
        }
        Load load = Load.closed(SESSIONS, OUTSTANDING);
        Map<String, Double> figures;
        try (LoadGenerator generator = new LoadGenerator(connections)) {
            load.warmUp(ensemble, generator, pace);
            figures = load.measure(ensemble, generator, pace.nanos(), Long.MAX_VALUE);
        }
        double heap = Load.heapBytes(ensemble) - empty;
        figures.put("live heap per znode, B", heap / ensemble.servers().size() / forest.znodes());
        ServerProcess last = ensemble.servers().get(ensemble.servers().size() - 1);
        figures.put("restart of one server, s", Restart.seconds(List.of(last), forest.path(0)));
        return figures;
    }

    /** One client creates a znode and another; then it lists them all. */
    private static Map<String, Double> crowdOneParent(EnsembleProcesses ensemble, Forest forest, Pace pace)
            throws IOException {
        forest.grow(ensemble);
        String parent = forest.path(0).substring(0, forest.path(0).lastIndexOf('/'));
        byte[] data = new byte[DATA_BYTES];
        List<LoadConnection> connections = Sessions.open(ensemble, 1);
        try (LoadGenerator generator = new LoadGenerator(connections)) {
            Map<String, Double> figures = new LinkedHashMap<>();
            connections.get(0).sending(Frames.createSequential(parent + "/s-", data));
            long creations = Math.max(LEAST_CREATIONS, forest.znodes() / 100);
            generator.closedLoop(OUTSTANDING, pace.warmUpNanos(), creations);
            figures.put(
                    "creations/s",
                    generator.closedLoop(OUTSTANDING, pace.nanos(), creations).perSecond());
            connections.get(0).sending(Frames.getChildren(parent));
            generator.closedLoop(1, pace.warmUpNanos(), LISTS);
            figures.put(
                    "list of all children, ms",
                    generator.closedLoop(1, pace.nanos(), LISTS).latencies().getValueAtPercentile(50) / 1e6);
            return figures;
        }
    }
}
