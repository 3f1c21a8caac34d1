package io.troupe.sim;

import io.troupe.env.Clock;

/**
 * One process's clocks. The monotonic one starts anywhere; the wall clock is off by some amount and may jump. Both may run
 * too fast or too slow.
 */
final class SimClock implements Clock {
    /** 2026-01-01T00:00:00Z. */
    private static final long START_MILLIS = 1_767_225_600_000L;

    private final SimWorld world;
    private final SimProcess process;
    private final long monotonicOffsetNanos;
    private final int skewPerMille;
    private long wallOffsetMillis;

    SimClock(SimWorld world, SimProcess process, long monotonicOffsetNanos, long wallOffsetMillis, int skewPerMille) {
        this.world = world;
        this.process = process;
        this.monotonicOffsetNanos = monotonicOffsetNanos;
        this.wallOffsetMillis = wallOffsetMillis;
        this.skewPerMille = skewPerMille;
    }

    /** The wall clock jumps by so much, forward or back. */
    void jump(long millis) {
        wallOffsetMillis += millis;
    }

    /** The world's own time, the same for all processes; no node may know it. */
    long worldMillis() {
        return world.nowMillis();
    }

    @Override
    public long monotonicNanos() {
        return skewed(world.nowNanos()) + monotonicOffsetNanos;
    }

    @Override
    public void alarm(long nanos, Runnable task) {
        world.schedule(process, nanos * 1000 / (1000 + skewPerMille), task);
    }

    @Override
    public long wallMillis() {
        return START_MILLIS + skewed(world.nowNanos()) / 1_000_000 + wallOffsetMillis;
    }

    private long skewed(long nanos) {
        return nanos + nanos / 1000 * skewPerMille;
    }
}
