package io.troupe.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** One thread that drives many sessions: a closed loop with so many requests outstanding, or an open loop at a fixed rate. */
final class LoadGenerator implements AutoCloseable {
    private static final long HIGHEST_NANOS = 60_000_000_000L;

    private final Selector selector = Selector.open();
    private final List<LoadConnection> connections = new ArrayList<>();
    private Histogram latencies = new Histogram(HIGHEST_NANOS, 3);
    private long errors;

    LoadGenerator(List<LoadConnection> driven) throws IOException {
        for (LoadConnection connection : driven) {
            connection.channel.configureBlocking(false);
            connection.channel.register(selector, SelectionKey.OP_READ, connection);
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
        return run(durationNanos, now -> {
            for (LoadConnection connection : connections) {
                while (connection.outstanding() < outstanding) {
                    connection.request(now);
                }
            }
        });
    }

    /** Sends at a fixed rate; latencies count from when a request was due, so that a stall shows in full. */
    Outcome openLoop(int perSecond, long durationNanos) throws IOException {
        long interval = 1_000_000_000L / perSecond;
        long start = System.nanoTime();
        long[] sent = {0};
        return run(durationNanos, now -> {
            while (start + sent[0] * interval <= now && now < start + durationNanos) {
                connections.get((int) (sent[0] % connections.size())).request(start + sent[0] * interval);
                sent[0]++;
            }
        });
    }

    private interface Sender {
        void send(long now);
    }

    private Outcome run(long durationNanos, Sender sender) throws IOException {
        latencies = new Histogram(HIGHEST_NANOS, 3);
        errors = 0;
        long start = System.nanoTime();
        long now = start;
        while (now - start < durationNanos) {
            sender.send(now);
            turn();
            now = System.nanoTime();
        }
        long operations = latencies.getTotalCount();
        Histogram measured = latencies.copy();
        long failed = errors;
        while (connections.stream().anyMatch(c -> c.outstanding() > 0) && System.nanoTime() - now < HIGHEST_NANOS / 4) {
            turn();
        }
        return new Outcome(operations, failed, now - start, measured);
    }

    private void turn() throws IOException {
        for (LoadConnection connection : connections) {
            connection.flush();
        }
        selector.select(1);
        long now = System.nanoTime();
        for (SelectionKey key : selector.selectedKeys()) {
            ((LoadConnection) key.attachment()).read((error, sentNanos) -> {
                if (error == 0) {
                    latencies.recordValue(Math.min(now - sentNanos, HIGHEST_NANOS));
                } else {
                    errors++;
                }
            });
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        for (LoadConnection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
