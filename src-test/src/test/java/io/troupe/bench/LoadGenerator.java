package io.troupe.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** One thread that drives many sessions: a closed loop with so many requests outstanding, or an open loop at a fixed rate. */
final class LoadGenerator implements AutoCloseable, LoadConnection.Answers {
    static final long HIGHEST_NANOS = 60_000_000_000L;
    private static final long PING_NANOS = 8_000_000_000L;

    private final Selector selector = Selector.open();
    private final List<LoadConnection> connections = new ArrayList<>();
    private final List<SelectionKey> keys = new ArrayList<>();
    private Histogram latencies = new Histogram(HIGHEST_NANOS, 3);
    private long now;
    private long answers;
    private long errors;
    private long events;

    LoadGenerator(List<LoadConnection> driven) throws IOException {
        for (LoadConnection connection : driven) {
            connection.channel.configureBlocking(false);
            keys.add(connection.channel.register(selector, SelectionKey.OP_READ, connection));
            connections.add(connection);
        }
    }

    /**
     * @param operations answered without error
     * @param nanos the time they took
     */
    record Outcome(long operations, long errors, long nanos, Histogram latencies) {
        double perSecond() {
            return operations * 1e9 / nanos;
        }
    }

    /** Keeps {@code outstanding} requests under way on every session. */
    Outcome closedLoop(int outstanding, long durationNanos) throws IOException {
        return closedLoop(outstanding, durationNanos, Long.MAX_VALUE);
    }

    /** The same, until so many requests are answered. */
    Outcome closedLoop(int outstanding, long durationNanos, long mostOperations) throws IOException {
        return run(durationNanos, mostOperations, at -> {
            for (LoadConnection connection : connections) {
                while (connection.outstanding() < outstanding) {
                    connection.request(at);
                }
            }
        });
    }

    /** Sends at a fixed rate; latencies count from when a request was due, so that a stall shows in full. */
    Outcome openLoop(int perSecond, long durationNanos) throws IOException {
        long interval = 1_000_000_000L / perSecond;
        long start = System.nanoTime();
        long[] sent = {0};
        return run(durationNanos, Long.MAX_VALUE, at -> {
            while (start + sent[0] * interval <= at && at < start + durationNanos) {
                connections.get((int) (sent[0] % connections.size())).request(start + sent[0] * interval);
                sent[0]++;
            }
        });
    }

    /** Sends every session's requests of its own, all at once; answers when all are answered. */
    void each(List<List<byte[]>> requests) throws IOException {
        long before = errors;
        for (int i = 0; i < requests.size(); i++) {
            for (byte[] request : requests.get(i)) {
                connections.get(i).request(request, System.nanoTime());
            }
        }
        drain();
        if (errors > before) {
            throw new IOException((errors - before) + " requests failed");
        }
    }

    /** How many watches have fired so far. */
    long events() {
        return events;
    }

    /** Goes on until so many watches have fired. */
    void awaitEvents(long count) throws IOException {
        long deadline = System.nanoTime() + HIGHEST_NANOS;
        while (events < count) {
            if (System.nanoTime() > deadline) {
                throw new IOException((count - events) + " of the events did not come");
            }
            turn();
        }
    }

    /** Keeps the sessions alive for so long, and does nothing else. */
    void idle(long nanos) throws IOException {
        long end = System.nanoTime() + nanos;
        long nextPing = System.nanoTime();
        while (System.nanoTime() < end) {
            if (System.nanoTime() >= nextPing) {
                connections.forEach(LoadConnection::ping);
                nextPing = System.nanoTime() + PING_NANOS;
            }
            turn();
        }
    }

    private interface Sender {
        void send(long now);
    }

    private Outcome run(long durationNanos, long mostOperations, Sender sender) throws IOException {
        latencies = new Histogram(HIGHEST_NANOS, 3);
        errors = 0;
        answers = 0;
        long start = System.nanoTime();
        long at = start;
        while (at - start < durationNanos && answers < mostOperations) {
            sender.send(at);
            turn();
            at = System.nanoTime();
        }
        long operations = answers;
        // What is still under way counts for latency, or a stall at the end would be left out.
        drain();
        return new Outcome(operations, errors, at - start, latencies);
    }

    /** Until nothing is under way. */
    private void drain() throws IOException {
        long deadline = System.nanoTime() + HIGHEST_NANOS;
        while (isBusy()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("requests were not answered for a minute");
            }
            turn();
        }
    }

    private boolean isBusy() {
        for (LoadConnection connection : connections) {
            if (connection.outstanding() > 0) {
                return true;
            }
        }
        return false;
    }

    private void turn() throws IOException {
        for (SelectionKey key : keys) {
            boolean all = ((LoadConnection) key.attachment()).flush();
            int interest = all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
            if (key.interestOps() != interest) {
                key.interestOps(interest);
            }
        }
        selector.select(1);
        now = System.nanoTime();
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isReadable()) {
                ((LoadConnection) key.attachment()).read(this);
            }
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void onAnswer(LoadConnection from, int error, long sentNanos) {
        if (error == 0) {
            answers++;
            latencies.recordValue(Math.min(now - sentNanos, HIGHEST_NANOS));
        } else {
            errors++;
        }
    }

    @Override
    public void onEvent(LoadConnection from) {
        events++;
    }

    @Override
    public void close() throws IOException {
        for (LoadConnection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
