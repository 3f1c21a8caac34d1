package io.troupe.app.console;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the node has done in each of the last seconds, for plots. Some 300 small objects, whether anybody looks or not, so that a page that is
 * opened has a past. Thread-safe.
 */
final class History {
    /** Five minutes. */
    static final int MOST_SAMPLES = 300;

    private static final double MILLIS_PER_SECOND = 1_000;

    /**
     * Counts since some beginning; those of times are in milliseconds.
     *
     * @param nanos when, by a clock that never goes back
     * @param wallMillis the same since 1970
     * @param zxid up to which the node has executed
     */
    record Totals(
            long nanos,
            long wallMillis,
            long reads,
            long readTime,
            long writes,
            long writeTime,
            long fsyncs,
            long fsyncTime,
            long zxid,
            long waiting,
            long connections) {}

    /**
     * One stretch of about a second.
     *
     * @param atMillis its end, since 1970
     * @param reads answered to clients of this node, in a second
     * @param readMillis mean time they took, null when there was none
     * @param writes as {@code reads}
     * @param writeMillis as {@code readMillis}
     * @param fsyncs of the log, in a second
     * @param fsyncMillis mean time they took, null when there was none
     * @param changes executed here, whoever's client asked for them, in a second
     * @param waiting requests of clients without an answer at its end
     * @param connections of clients at its end
     */
    record Sample(
            long atMillis,
            double reads,
            @Nullable Double readMillis,
            double writes,
            @Nullable Double writeMillis,
            double fsyncs,
            @Nullable Double fsyncMillis,
            double changes,
            long waiting,
            long connections) {
        Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("at", atMillis);
            fields.put("reads", reads);
            fields.put("readMillis", readMillis);
            fields.put("writes", writes);
            fields.put("writeMillis", writeMillis);
            fields.put("fsyncs", fsyncs);
            fields.put("fsyncMillis", fsyncMillis);
            fields.put("changes", changes);
            fields.put("waiting", waiting);
            fields.put("connections", connections);
            return fields;
        }
    }

    private final Deque<Sample> samples = new ArrayDeque<>();
    private @Nullable Totals before;

    /** Another second is over. */
    synchronized void add(Totals now) {
        Totals last = before;
        before = now;
        if (last == null || now.nanos() <= last.nanos()) {
            return;
        }
        if (samples.size() == MOST_SAMPLES) {
            samples.removeFirst();
        }
        samples.addLast(between(last, now));
    }

    private static Sample between(Totals from, Totals to) {
        double seconds = (to.nanos() - from.nanos()) / (MILLIS_PER_SECOND * 1_000_000);
        // A new epoch is no change.
        boolean sameEpoch = to.zxid() >>> Integer.SIZE == from.zxid() >>> Integer.SIZE;
        return new Sample(
                to.wallMillis(),
                rate(from.reads(), to.reads(), seconds),
                mean(from.reads(), to.reads(), from.readTime(), to.readTime()),
                rate(from.writes(), to.writes(), seconds),
                mean(from.writes(), to.writes(), from.writeTime(), to.writeTime()),
                rate(from.fsyncs(), to.fsyncs(), seconds),
                mean(from.fsyncs(), to.fsyncs(), from.fsyncTime(), to.fsyncTime()),
                sameEpoch ? rate(from.zxid(), to.zxid(), seconds) : 0,
                Math.max(0, to.waiting()),
                Math.max(0, to.connections()));
    }

    /** Counts may have been reset in between. */
    private static double rate(long from, long to, double seconds) {
        return rounded(Math.max(0, to - from) / seconds);
    }

    private static @Nullable Double mean(long from, long to, long timeFrom, long timeTo) {
        return to <= from ? null : rounded(Math.max(0, timeTo - timeFrom) / (double) (to - from));
    }

    private static double rounded(double value) {
        return Math.round(value * MILLIS_PER_SECOND) / MILLIS_PER_SECOND;
    }

    /** All that is remembered, the oldest first. */
    synchronized List<Sample> samples() {
        return new ArrayList<>(samples);
    }

    synchronized Optional<Sample> latest() {
        return Optional.ofNullable(samples.peekLast());
    }
}
