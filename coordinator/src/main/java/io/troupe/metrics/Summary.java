package io.troupe.metrics;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.AtomicHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Count, sum, least and greatest of measured values since the start or the last reset and, where asked for, their
 * percentiles. Thread-safe; adding takes no lock and no memory.
 */
public final class Summary {
    /** What may be asked of {@link #percentile}: the key's prefix, and the percentage. */
    public enum Percentile {
        P50("p50", 50),
        P95("p95", 95),
        P99("p99", 99),
        P999("p999", 99.9);

        private final String prefix;
        private final double percent;

        Percentile(String prefix, double percent) {
            this.prefix = prefix;
            this.percent = percent;
        }

        /** How the key begins. */
        public String prefix() {
            return prefix;
        }
    }

    /** An hour in milliseconds: what takes longer counts as an hour for percentiles. */
    private static final long GREATEST_DISTINGUISHED = 3_600_000;

    private static final int SIGNIFICANT_DIGITS = 2;

    private final LongAdder count = new LongAdder();
    private final LongAdder sum = new LongAdder();
    private final LongAccumulator least = new LongAccumulator(Math::min, Long.MAX_VALUE);
    private final LongAccumulator greatest = new LongAccumulator(Math::max, Long.MIN_VALUE);
    private final @Nullable AtomicHistogram distribution;

    Summary(boolean withPercentiles) {
        distribution = withPercentiles ? new AtomicHistogram(GREATEST_DISTINGUISHED, SIGNIFICANT_DIGITS) : null;
    }

    /** One more measurement; for percentiles a negative one counts as 0. */
    public void add(long value) {
        count.increment();
        sum.add(value);
        least.accumulate(value);
        greatest.accumulate(value);
        if (distribution != null) {
            distribution.recordValue(Math.max(0, Math.min(value, GREATEST_DISTINGUISHED)));
        }
    }

    /** How many measurements. */
    public long count() {
        return count.sum();
    }

    /** All of them added up. */
    public long sum() {
        return sum.sum();
    }

    /** The least, 0 when there is none. */
    public long least() {
        return count() == 0 ? 0 : least.get();
    }

    /** The greatest, 0 when there is none. */
    public long greatest() {
        return count() == 0 ? 0 : greatest.get();
    }

    /** The mean, 0 when there is none. */
    public double average() {
        long measurements = count();
        return measurements == 0 ? 0 : (double) sum() / measurements;
    }

    /** Whether {@link #percentile} can be asked. */
    public boolean hasPercentiles() {
        return distribution != null;
    }

    /**
     * The value that this part of the measurements does not exceed, exact to two digits, 0 when there is none.
     *
     * @throws IllegalStateException when percentiles are not kept
     */
    public long percentile(Percentile percentile) {
        return atPercent(percentile.percent);
    }

    /**
     * As {@link #percentile}.
     *
     * @param percent 0 to 100
     */
    public long atPercent(double percent) {
        if (distribution == null) {
            throw new IllegalStateException("no percentiles are kept of this summary");
        }
        return distribution.getValueAtPercentile(percent);
    }

    void reset() {
        count.reset();
        sum.reset();
        least.reset();
        greatest.reset();
        if (distribution != null) {
            distribution.reset();
        }
    }
}
