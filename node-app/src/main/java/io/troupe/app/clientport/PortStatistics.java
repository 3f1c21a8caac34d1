package io.troupe.app.clientport;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counts of a whole client port, for status words and metrics. Thread-safe. */
public final class PortStatistics {
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final LongAdder outstanding = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder failedAuthentications = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder totalLatency = new LongAdder();
    private final LongAccumulator leastLatency = new LongAccumulator(Math::min, Long.MAX_VALUE);
    private final LongAccumulator greatestLatency = new LongAccumulator(Math::max, 0);

    void requestReceived() {
        received.increment();
    }

    void requestOutstanding() {
        outstanding.increment();
    }

    void requestsAbandoned(int count) {
        outstanding.add(-count);
    }

    void requestAnswered(long latencyMillis) {
        outstanding.decrement();
        sent.increment();
        answered.increment();
        totalLatency.add(latencyMillis);
        leastLatency.accumulate(latencyMillis);
        greatestLatency.accumulate(latencyMillis);
    }

    void frameSent() {
        sent.increment();
    }

    void connectionOpened() {
        connections.increment();
    }

    void connectionClosed() {
        connections.decrement();
    }

    void connectionRejected() {
        rejected.increment();
    }

    void authenticationFailed() {
        failedAuthentications.increment();
    }

    void reset() {
        received.reset();
        sent.reset();
        answered.reset();
        totalLatency.reset();
        leastLatency.reset();
        greatestLatency.reset();
    }

    /** Frames received since the start or the last reset. */
    public long packetsReceived() {
        return received.sum();
    }

    /** Frames sent since the start or the last reset, events included. */
    public long packetsSent() {
        return sent.sum();
    }

    /** Connections open now. */
    public long aliveConnections() {
        return connections.sum();
    }

    /** Requests not answered yet, of all connections. */
    public long outstandingRequests() {
        return outstanding.sum();
    }

    /** Connections closed at once because their address held too many. */
    public long connectionsRejected() {
        return rejected.sum();
    }

    /** Auth packets refused. */
    public long authenticationsFailed() {
        return failedAuthentications.sum();
    }

    /** Shortest time from a request's arrival to its reply, milliseconds; 0 when nothing was answered. */
    public long minLatency() {
        long least = leastLatency.get();
        return least == Long.MAX_VALUE ? 0 : least;
    }

    /** Longest time from a request's arrival to its reply, milliseconds. */
    public long maxLatency() {
        return greatestLatency.get();
    }

    /** Mean time from a request's arrival to its reply, milliseconds. */
    public double averageLatency() {
        long count = answered.sum();
        return count == 0 ? 0 : (double) totalLatency.sum() / count;
    }
}
