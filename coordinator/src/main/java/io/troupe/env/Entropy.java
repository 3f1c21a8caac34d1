package io.troupe.env;

/** Randomness as the protocol sees it; seeded in simulations. Implementations are thread-safe. */
public interface Entropy {
    /** Any long, uniformly. */
    long nextLong();

    /** A number in {@code [0, bound)}. */
    default int nextInt(int bound) {
        return (int) Long.remainderUnsigned(nextLong() >>> 1, bound);
    }
}
