package io.troupe.bench;

import static io.troupe.bench.Bound.ratioAtMost;

import io.troupe.process.EnsembleProcesses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Ten thousand watches fire at the same moment: how long until the last event is there? */
enum WatchStorm implements EnsembleScenario {
    WATCHES_OF_MANY_ZNODES("10,000 data watches of 30 sessions fired at once, by one multi", 30),
    WATCHES_OF_ONE_ZNODE("10,000 sessions watching one znode, which is written once", 10_000);

    private static final int WATCHES = 10_000;

    /** What can still be set by one multi of less than a mebibyte. */
    private static final int DATA_BYTES = 10;

    private static final int TIMES = 100;

    /** The first ones find servers whose code is not compiled yet: with either system it takes some seventy to the last improvement. */
    private static final int FOR_WARM_UP = 80;

    private static final String TIME = "time to last event, ms";

    private final String words;
    private final int sessions;

    WatchStorm(String words, int sessions) {
        this.words = words;
        this.sessions = sessions;
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
        return List.of(new Target(TIME, ratioAtMost(0.5), ratioAtMost(0.25)));
    }

    @Override
    public Conditions conditions(long point) {
        return this == WATCHES_OF_ONE_ZNODE ? Conditions.USUAL.withCrowd() : Conditions.USUAL;
    }

    @Override
    public List<Map<String, Double>> measure(EnsembleProcesses ensemble, long point, Pace pace) throws IOException {
        byte[] data = new byte[DATA_BYTES];
        List<String> paths = this == WATCHES_OF_ONE_ZNODE
                ? List.of("/one")
                : IntStream.range(0, WATCHES).mapToObj(i -> "/w" + i).toList();
        List<LoadConnection> watchers = Sessions.open(ensemble, sessions);
        try (LoadGenerator crowd = new LoadGenerator(watchers);
                LoadConnection writer =
                        LoadConnection.open(ensemble.awaitLeader().address(), Sessions.PATIENCE_MILLIS)) {
            for (int from = 0; from < paths.size(); from += 1_000) {
                writer.call(Frames.createAll(paths.subList(from, Math.min(paths.size(), from + 1_000)), data));
            }
            // The znodes were created at the leader: the others must have them too.
            crowd.each(Load.perSession(watchers, i -> List.of(Frames.sync("/"))));
            List<List<byte[]>> watches = Load.perSession(watchers, i -> shareOf(i, paths));
            List<Map<String, Double>> samples = new ArrayList<>();
            for (int time = 0; time < TIMES; time++) {
                crowd.each(watches);
                double millis = fire(crowd, writer, Frames.setAll(paths, data)) / 1e6;
                if (time >= FOR_WARM_UP) {
                    samples.add(Map.of(TIME, millis));
                }
            }
            return samples;
        }
    }

    /** Reads that leave watches: every session on the one znode, or each on some of the many. */
    private List<byte[]> shareOf(int session, List<String> paths) {
        if (paths.size() == 1) {
            return List.of(Frames.getData(paths.get(0), true));
        }
        List<byte[]> reads = new ArrayList<>();
        for (int i = session; i < paths.size(); i += sessions) {
            reads.add(Frames.getData(paths.get(i), true));
        }
        return reads;
    }

    private static long fire(LoadGenerator crowd, LoadConnection writer, byte[] write) throws IOException {
        long before = crowd.events();
        long start = System.nanoTime();
        writer.send(write);
        crowd.awaitEvents(before + WATCHES);
        long nanos = System.nanoTime() - start;
        if (writer.receive() != 0) {
            throw new IOException("the write that was to fire watches failed");
        }
        return nanos;
    }
}
