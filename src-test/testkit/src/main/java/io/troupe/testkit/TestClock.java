package io.troupe.testkit;

import io.troupe.env.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time of day at all nodes of an ensemble: the machine's, and what it was moved ahead by. Intervals are the machine's: a node
 * whose monotonic clock jumps takes itself for one that stood still, and leaves its peers and sessions that time.
 */
final class TestClock {
    private final AtomicLong aheadMillis = new AtomicLong();

    void jump(Duration by) {
        aheadMillis.addAndGet(by.toMillis());
    }

    Clock over(Clock machine) {
        return new Clock() {
            @Override
            public long monotonicNanos() {
                return machine.monotonicNanos();
            }

            @Override
            public long wallMillis() {
                return machine.wallMillis() + aheadMillis.get();
            }

            @Override
            public void alarm(long nanos, Runnable task) {
                machine.alarm(nanos, task);
            }
        };
    }
}
