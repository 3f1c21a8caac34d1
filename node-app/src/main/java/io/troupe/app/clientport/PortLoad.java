package io.troupe.app.clientport;

import io.troupe.metrics.Counter;
import io.troupe.metrics.Metrics;
import io.troupe.metrics.Summary;
import io.troupe.node.ClientLoad;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The requests of all connections that have begun and are not answered, and those who wait for them to become fewer (contract
 * 1.2, 1.12). Only requests with a positive xid count: pings must not wait behind the work that they keep sessions alive for.
 * Thread-safe.
 */
final class PortLoad {
    /** Frames of fewer bytes are not counted while they arrive: there cannot be so many. */
    static final int MUCH = 64 << 10;

    private final ClientLoad.Requests limits;
    private final long mostBytes;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong largeBytes = new AtomicLong();
    private final AtomicLong bytesInFlight = new AtomicLong();
    private final AtomicLong arriving = new AtomicLong();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final Counter waits;
    private final Counter refused;
    private final Counter tooLarge;
    private final Summary waitMillis;

    PortLoad(ClientLoad load, Metrics metrics) {
        this.limits = load.requests();
        this.mostBytes = load.bounds().bytesInFlight();
        metrics.gauge("troupe_request_bytes_in_flight", bytesInFlight::get);
        this.waits = metrics.counter("request_throttle_wait_count");
        this.refused = metrics.counter("throttled_ops");
        this.tooLarge = metrics.counter("large_requests_rejected");
        this.waitMillis = metrics.distribution("request_throttle_queue_time_ms");
    }

    /** A request begins. */
    void begin(int xid, int bytes) {
        bytesInFlight.addAndGet(bytes);
        if (xid > 0) {
            requests.incrementAndGet();
        }
        if (isLarge(bytes)) {
            largeBytes.addAndGet(bytes);
        }
    }

    /** It is answered, or its connection is gone. */
    void end(int xid, int bytes) {
        bytesInFlight.addAndGet(-bytes);
        if (isLarge(bytes)) {
            largeBytes.addAndGet(-bytes);
        }
        if (xid > 0) {
            requests.decrementAndGet();
            next();
        }
    }

    private boolean isLarge(int bytes) {
        return limits.largeBytes() > 0 && bytes > limits.largeBytes();
    }

    /** Whether there is room for a frame of so many bytes. */
    boolean hasRoomFor(int bytes) {
        return !isLarge(bytes) || largeBytes.get() + bytes <= limits.allLargeBytes();
    }

    /**
     * Whether there is room for the rest of a frame that has begun: whoever begins many and ends none must not take all the memory. It
     * must be told when it has {@link #arrived}, or its connection is gone.
     */
    boolean arrives(int bytes) {
        if (mostBytes > 0 && arriving.addAndGet(bytes) > 2 * mostBytes) {
            arriving.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** A frame that {@link #arrives} has been let in is here, or will never be. */
    void arrived(int bytes) {
        if (mostBytes > 0) {
            arriving.addAndGet(-bytes);
        }
    }

    /** A connection is closed because there was no room for its frame. */
    void rejectedLarge() {
        tooLarge.increment();
    }

    /** Whether a connection that has unanswered requests must not be read. */
    boolean crowded() {
        return (limits.outstanding() > 0 && requests.get() >= limits.outstanding())
                || (mostBytes > 0 && bytesInFlight.get() >= mostBytes);
    }

    /** Whether no request may begin. */
    boolean full() {
        return limits.atOnce() > 0 && requests.get() >= limits.atOnce();
    }

    /** Has {@code turn} run, once and on any thread, when a request may begin; it must call {@link #next} then. */
    void await(Runnable turn) {
        waits.increment();
        waiting.add(turn);
        next();
    }

    /** Gives the one who has waited longest its turn, if a request may begin. */
    void next() {
        if (!full()) {
            Runnable turn = waiting.poll();
            if (turn != null) {
                turn.run();
            }
        }
    }

    /** A request begins that has waited for its turn, or not at all. */
    void waited(long millis) {
        if (limits.atOnce() > 0) {
            waitMillis.add(millis);
        }
    }

    /** Whether a request that has waited this long for its turn is refused. */
    boolean isTooLate(long waitedMillis) {
        long most = limits.refuseAfter().toMillis();
        return most > 0 && waitedMillis > most;
    }

    /** A request has been refused for that. */
    void refusedLate() {
        refused.increment();
    }
}
