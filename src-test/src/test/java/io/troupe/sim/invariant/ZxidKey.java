package io.troupe.sim.invariant;

/**
 * Zxids as keys of hash tables. Their own hash is epoch xor counter, so that those of different epochs collide. One zxid is
 * one key.
 */
final class ZxidKey {
    /** Odd, so that no two products are equal. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private ZxidKey() {}

    static Long of(long zxid) {
        return zxid * SPREAD;
    }
}
