package io.troupe.bench;

/**
 * How much time is taken.
 *
 * @param nanos how long to measure, where that is a choice
 * @param warmUpNanos how long a warm-up may take at most; it ends earlier once throughput and compilers rest
 */
record Pace(long nanos, long warmUpNanos) {}
