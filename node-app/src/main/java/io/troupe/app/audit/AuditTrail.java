package io.troupe.app.audit;

import io.troupe.env.Clock;
import io.troupe.metrics.Metrics;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Writes events to the logger {@value #LOGGER}, which has a file of its own, and remembers the newest. Whoever records an event never
 * waits: where the disk is slower than the events, those that find no place are counted, and how many they were is written once there is
 * one again. Thread-safe.
 */
public final class AuditTrail implements AutoCloseable {
    static final String LOGGER = "io.troupe.audit";
    /** What the logger's configuration knows the file by, without its ending. */
    static final String FILE_KEY = "auditFile";

    private static final Logger AUDIT = LoggerFactory.getLogger(LOGGER);
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final int QUEUE = 8_192;
    private static final int REMEMBERED = 4_096;
    private static final long POLL_MILLIS = 500;
    private static final long CLOSE_MILLIS = 2_000;

    private final Clock clock;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong untold = new AtomicLong();
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Deque<Numbered> recent = new ArrayDeque<>();
    private final Thread writer;
    private volatile boolean closed;
    private long number;

    /** An event whose words are not made yet. */
    private record Entry(long wallMillis, Words words) {}

    /** Makes the fields of an event, in the writer's thread. */
    @FunctionalInterface
    public interface Words {
        /** Fields by name. */
        Map<String, String> fields();
    }

    /**
     * An event that is remembered.
     *
     * @param number counted from 1 since the start of the process
     */
    public record Numbered(long number, AuditEvent event) {}

    /**
     * Writes from now on.
     *
     * @param file path of the file, without its ending; null where there is none and the newest are only remembered
     */
    public AuditTrail(@Nullable String file, Clock clock) {
        this.clock = clock;
        writer = new Thread(() -> write(file), "audit");
        writer.setDaemon(true);
        writer.start();
    }

    /** Shows operators how many events there were, and how many were left out. */
    public void countIn(Metrics metrics) {
        metrics.gauge("troupe_audit_events", written::get);
        metrics.gauge("troupe_audit_dropped", dropped::get);
    }

    /** Takes an event, or counts it where too many wait. */
    public void record(Words words) {
        if (!queue.offer(new Entry(clock.wallMillis(), words))) {
            dropped.incrementAndGet();
            if (untold.getAndIncrement() == 0) {
                LOG.warn(
                        "audit: events come faster than they can be written; how many are left out the audit log will tell");
            }
        }
    }

    private void write(@Nullable String file) {
        if (file != null) {
            MDC.put(FILE_KEY, file);
        }
        while (true) {
            try {
                Entry entry = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (entry != null) {
                    write(
                            new AuditEvent(
                                    Instant.ofEpochMilli(entry.wallMillis()),
                                    entry.words().fields()),
                            file != null);
                }
                if (queue.isEmpty()) {
                    writeDropped(file != null);
                    if (closed) {
                        return;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("audit: an event could not be written", e);
            }
        }
    }

    private void write(AuditEvent event, boolean toFile) {
        if (toFile && AUDIT.isInfoEnabled()) {
            AUDIT.info(event.line());
        }
        written.incrementAndGet();
        synchronized (recent) {
            recent.addLast(new Numbered(++number, event));
            if (recent.size() > REMEMBERED) {
                recent.removeFirst();
            }
        }
    }

    private void writeDropped(boolean toFile) {
        long count = untold.getAndSet(0);
        if (count > 0) {
            Map<String, String> fields =
                    Map.of("operation", "auditDropped", "result", "failure", "count", Long.toString(count));
            write(new AuditEvent(Instant.ofEpochMilli(clock.wallMillis()), fields), toFile);
        }
    }

    /**
     * The newest of those that are remembered, the newest first.
     *
     * @param before only events with smaller numbers
     */
    public List<Numbered> newest(Predicate<AuditEvent> wanted, long before, int most) {
        List<Numbered> found = new ArrayList<>();
        synchronized (recent) {
            Iterator<Numbered> newestFirst = recent.descendingIterator();
            while (newestFirst.hasNext() && found.size() < most) {
                Numbered next = newestFirst.next();
                if (next.number() < before && wanted.test(next.event())) {
                    found.add(next);
                }
            }
        }
        return found;
    }

    /** Writes what waits, for two seconds at most. */
    @Override
    public void close() {
        closed = true;
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
