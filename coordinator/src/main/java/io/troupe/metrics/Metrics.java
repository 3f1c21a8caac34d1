package io.troupe.metrics;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Everything one node counts and measures. Whoever counts asks for its counters once, by name, when it is made, and keeps them:
 * asking costs a look-up, counting a few nanoseconds. It belongs to the process and outlives the actors, so counts go on when a
 * node starts again. Nothing in it has a say in what the node does. Thread-safe.
 */
public final class Metrics {
    private final ConcurrentMap<String, Counter> counters = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Summary> summaries = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Sizes> sizes = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongSupplier> gauges = new ConcurrentHashMap<>();

    /** The counter of this name. */
    public Counter counter(String name) {
        return counters.computeIfAbsent(name, n -> new Counter());
    }

    /** The summary of this name, without percentiles. */
    public Summary summary(String name) {
        return summaries.computeIfAbsent(name, n -> new Summary(false));
    }

    /** The summary of this name, with percentiles. */
    public Summary distribution(String name) {
        return summaries.computeIfAbsent(name, n -> new Summary(true));
    }

    /** The sizes of this name. */
    public Sizes sizes(String name) {
        return sizes.computeIfAbsent(name, n -> new Sizes());
    }

    /** From now on {@code now} answers {@link #gauge(String)}, in any thread. */
    public void gauge(String name, LongSupplier now) {
        gauges.put(name, now);
    }

    /** What the gauge of this name shows at this moment, 0 where there is none. */
    public long gauge(String name) {
        LongSupplier gauge = gauges.get(name);
        return gauge == null ? 0 : gauge.getAsLong();
    }

    /** Hands over what every gauge shows at this moment, in the order of their names. */
    public void forEachGauge(BiConsumer<String, Long> action) {
        new TreeMap<>(gauges).forEach((name, gauge) -> action.accept(name, gauge.getAsLong()));
    }

    /** Begins to count anew, as the status word {@code srst} asks. */
    public void reset() {
        counters.values().forEach(Counter::reset);
        summaries.values().forEach(Summary::reset);
        sizes.values().forEach(Sizes::reset);
    }

    /** Hands over every counter, in the order of their names. */
    public void forEachCounter(BiConsumer<String, Counter> action) {
        SortedMap<String, Counter> sorted = new TreeMap<>(counters);
        sorted.forEach(action);
    }

    /** Hands over every summary, in the order of their names. */
    public void forEachSummary(BiConsumer<String, Summary> action) {
        SortedMap<String, Summary> sorted = new TreeMap<>(summaries);
        sorted.forEach(action);
    }
}
