package io.troupe.app.console;

import io.troupe.edge.Frontend;
import io.troupe.edge.LentSnapshot;
import io.troupe.edge.ReadOperation;
import io.troupe.ensemble.Zxid;
import io.troupe.env.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code /commands/snapshot}: takes a snapshot that shows everything which was acknowledged anywhere before, and sends it, as
 * ZooKeeper's AdminServer does (decision 051). One at a time, and none sooner than a second after the one before: each costs the disk,
 * and lets the log and older snapshots go.
 */
final class SnapshotCommand {
    /** The least time between the beginnings of two. */
    static final long INTERVAL_MILLIS = 1_000;

    private static final int PATIENCE_MINUTES = 30;

    private final NodeGate gate;
    private final Clock clock;
    private final AtomicBoolean busy = new AtomicBoolean();
    /** When the latest began, in milliseconds of the monotonic clock. */
    private final AtomicLong latest;

    SnapshotCommand(NodeGate gate, Clock clock) {
        this.gate = gate;
        this.clock = clock;
        this.latest = new AtomicLong(clock.monotonicMillis() - INTERVAL_MILLIS);
    }

    CompletionStage<Reply> answer(Exchange exchange) {
        boolean streaming =
                exchange.query("streaming").map(Boolean::parseBoolean).orElse(true);
        Frontend node = gate.serving();
        reserve();
        exchange.takesLong();
        CompletionStage<LentSnapshot> taken;
        try {
            taken = synced(node).thenCompose(done -> take(node));
        } catch (RuntimeException e) {
            busy.set(false);
            throw e;
        }
        return taken.handleAsync(
                (snapshot, failure) -> {
                    if (failure != null) {
                        busy.set(false);
                        throw asProblem(failure);
                    }
                    return streaming ? sent(exchange, snapshot) : described(snapshot);
                },
                gate.executor());
    }

    private void reserve() {
        long left = latest.get() + INTERVAL_MILLIS - clock.monotonicMillis();
        if (left > 0 || !busy.compareAndSet(false, true)) {
            long seconds = Math.max(1, TimeUnit.MILLISECONDS.toSeconds(left + 999));
            throw Problem.of(
                            429,
                            "rate-limited",
                            "Too many snapshots are asked for",
                            "a node sends one at a time, and one in " + INTERVAL_MILLIS / 1_000
                                    + " s at most; come again in " + seconds + " s, or ask another node")
                    .with("Retry-After", Long.toString(seconds));
        }
        latest.set(clock.monotonicMillis());
    }

    /** A follower may be behind what others have acknowledged. */
    private CompletionStage<?> synced(Frontend node) {
        return node.status().readOnly()
                ? CompletableFuture.completedFuture(null)
                : gate.read(List.of(), new ReadOperation.Sync("/"));
    }

    private static CompletionStage<LentSnapshot> take(Frontend node) {
        CompletableFuture<LentSnapshot> inTime =
                new CompletableFuture<LentSnapshot>().orTimeout(PATIENCE_MINUTES, TimeUnit.MINUTES);
        node.snapshot().whenComplete((snapshot, failure) -> {
            if (failure != null) {
                inTime.completeExceptionally(failure);
            } else if (!inTime.complete(snapshot)) {
                giveBack(snapshot);
            }
        });
        return inTime;
    }

    private static void giveBack(LentSnapshot snapshot) {
        try {
            snapshot.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RuntimeException asProblem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof IOException) {
            return Problem.of(
                    500, "not-written", "The snapshot could not be written", String.valueOf(cause.getMessage()));
        }
        return cause instanceof RuntimeException known ? known : new CompletionException(cause);
    }

    private Reply sent(Exchange exchange, LentSnapshot snapshot) {
        InputStream content = new SnapshotStream(snapshot);
        exchange.onEnd(() -> {
            try {
                content.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                busy.set(false);
            }
        });
        exchange.send(headers(snapshot), snapshot.bytes(), content);
        return Reply.STREAMED;
    }

    private Reply described(LentSnapshot snapshot) {
        busy.set(false);
        giveBack(snapshot);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("last_zxid", Zxid.hex(snapshot.zxid()));
        body.put("snapshot_size", snapshot.bytes());
        body.put("command", "snapshot");
        body.put("error", null);
        Reply reply = Reply.json(body);
        for (Map.Entry<String, String> header : headers(snapshot).entrySet()) {
            reply = reply.with(header.getKey(), header.getValue());
        }
        return reply;
    }

    private static Map<String, String> headers(LentSnapshot snapshot) {
        return Map.of("last_zxid", Zxid.hex(snapshot.zxid()), "snapshot_size", Long.toString(snapshot.bytes()));
    }
}
