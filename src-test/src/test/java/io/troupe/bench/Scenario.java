package io.troupe.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Something that is measured on an ensemble of whichever system. */
interface Scenario {
    /** What it is called on the command line. */
    String title();

    /** What is asked of the ensemble, in the words of the table. */
    String words();

    /** The figures that something is asked of. */
    List<Target> targets();

    /** Of a series, the sizes at which it is measured, in their order; a single 0 of what is no series. */
    default List<Long> points() {
        return List.of(0L);
    }

    /** What the sizes of a series are. */
    default String axis() {
        return "";
    }

    /** Whether ZooKeeper is measured too at this size. */
    default boolean besideZooKeeper(long point) {
        return true;
    }

    /** What servers are started with for this size. */
    default Conditions conditions(long point) {
        return Conditions.USUAL;
    }

    /** Why this host cannot run it; empty where it can. */
    default String missing() {
        return "";
    }

    /**
     * Measures one of the systems, on an ensemble of its own that is ended afterwards.
     *
     * @return one or more samples, each with its figures by name, in the same order
     */
    List<Map<String, Double>> measure(Contender contender, long point, Pace pace)
            throws IOException, InterruptedException;

    /** Whether it is a series of sizes. */
    default boolean isSeries() {
        return points().size() > 1;
    }

    /** The name of a constant as it is written on the command line. */
    static String titled(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All there are, in the order of the table; series last. */
    static List<Scenario> all() {
        return Stream.of(
                        Stream.of(Workload.values()),
                        Stream.of(new MillionZnodes()),
                        Stream.of(WatchStorm.values()),
                        Stream.of(new SessionChurn(), new IdleSessions()),
                        Stream.of(Failover.values()),
                        Stream.of(new SilentCut()),
                        Stream.of(Scaling.values()))
                .<Scenario>flatMap(each -> each)
                .toList();
    }
}
