package io.troupe.log;

import io.troupe.env.Clock;
import io.troupe.metrics.Counter;
import io.troupe.metrics.Metrics;
import io.troupe.metrics.Summary;
import io.troupe.request.Batch;

/**
 * What the log counts of itself (contract 7.2). ZooKeeper's names speak of a queue before the disk: here it is the batches
 * written while an fsync is under way, which the next one makes durable. The log actor only.
 */
final class LogMetrics {
    /** From which on ZooKeeper warns of an fsync. */
    private static final long SLOW_MILLIS = 1_000;

    private static final long NONE = -1;

    private final Clock clock;
    private final Counter requests;
    private final Counter slowFsyncs;
    private final Summary fsyncTime;
    private final Summary requestsAtOnce;
    private final Summary waitingTime;
    private final Summary flushTime;
    private final Summary waitingAndFlushTime;

    /** When the oldest batch was written that no fsync covers yet. */
    private long oldestWaiting = NONE;

    private int waiting;
    private int flushing;
    private long flushingSince;
    private long oldestFlushing;

    LogMetrics(Metrics metrics, Clock clock) {
        this.clock = clock;
        requests = metrics.counter("sync_processor_request_queued");
        fsyncTime = metrics.summary("fsynctime");
        slowFsyncs = metrics.counter("troupe_slow_fsyncs");
        requestsAtOnce = metrics.summary("sync_processor_batch_size");
        waitingTime = metrics.distribution("sync_processor_queue_time_ms");
        flushTime = metrics.distribution("sync_processor_queue_flush_time_ms");
        waitingAndFlushTime = metrics.distribution("sync_processor_queue_and_flush_time_ms");
    }

    void written(Batch batch) {
        requests.add(batch.count());
        waiting += batch.count();
        if (oldestWaiting == NONE) {
            oldestWaiting = clock.monotonicMillis();
        }
    }

    /** An fsync begins, of everything written so far. */
    void flushing() {
        flushingSince = clock.monotonicMillis();
        oldestFlushing = oldestWaiting == NONE ? flushingSince : oldestWaiting;
        flushing = waiting;
        oldestWaiting = NONE;
        waiting = 0;
    }

    /** The fsync has ended. */
    void flushed() {
        long now = clock.monotonicMillis();
        fsyncTime.add(now - flushingSince);
        if (now - flushingSince > SLOW_MILLIS) {
            slowFsyncs.increment();
        }
        flushTime.add(now - flushingSince);
        waitingTime.add(flushingSince - oldestFlushing);
        waitingAndFlushTime.add(now - oldestFlushing);
        requestsAtOnce.add(flushing);
    }
}
