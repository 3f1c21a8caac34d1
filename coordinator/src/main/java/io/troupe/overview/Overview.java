package io.troupe.overview;

import io.troupe.env.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What one process knows for those who look on: the elections it has seen, and how the other nodes describe themselves. They are
 * asked only while somebody wants to know. It outlives the actors, which may start again. Thread-safe.
 */
public final class Overview {
    /** Nodes go on asking each other for so long after the last call of {@link #others}. */
    static final long INTEREST_MILLIS = 3_000;

    private static final byte[] NOTHING = new byte[0];

    private final Clock clock;
    private final ElectionRecord elections;
    private final Map<Integer, Description> others = new ConcurrentHashMap<>();
    private volatile Supplier<byte[]> self = () -> NOTHING;
    private volatile Runnable ask = () -> {};
    private volatile long wantedUntil = Long.MIN_VALUE;
    private volatile long wantedSince;

    /**
     * How a node described itself.
     *
     * @param text in the words of the process that looks on there; empty where none does
     * @param atMillis when it arrived here, by the monotonic clock
     */
    public record Description(byte[] text, long atMillis) {}

    /** One of which nobody has been asked yet. */
    public Overview(Clock clock) {
        this.clock = clock;
        this.elections = new ElectionRecord(clock);
    }

    /** The elections that this node has seen. */
    public ElectionRecord elections() {
        return elections;
    }

    /**
     * From now on this node describes itself so to the others.
     *
     * @param description called by an actor: it must be quick, must not throw, and its text should be below a few kilobytes
     */
    public void describe(Supplier<byte[]> description) {
        self = description;
    }

    /**
     * How the other nodes described themselves last, by id; those that have not answered are missing. They are asked now, and twice a
     * second from then on, for as long as this is called every now and then; what they said before an interruption is forgotten.
     */
    public synchronized Map<Integer, Description> others() {
        long now = clock.monotonicMillis();
        if (!wanted()) {
            others.clear();
            wantedSince = now;
        }
        wantedUntil = now + INTEREST_MILLIS;
        ask.run();
        return new TreeMap<>(others);
    }

    /** Since when the others have been asked without an interruption, by the monotonic clock in milliseconds. */
    public long askedSince() {
        return wantedSince;
    }

    /** Whether somebody looks on. */
    boolean wanted() {
        return clock.monotonicMillis() < wantedUntil;
    }

    /** What is to be done when somebody looks on; called often, by any thread. */
    void onWanted(Runnable action) {
        ask = action;
    }

    byte[] own() {
        return self.get();
    }

    void told(int node, byte[] text) {
        others.put(node, new Description(text, clock.monotonicMillis()));
    }
}
