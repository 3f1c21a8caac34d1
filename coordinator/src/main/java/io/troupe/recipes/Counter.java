package io.troupe.recipes;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Created;
import io.troupe.client.Session;
import io.troupe.client.WatchMode;
import io.troupe.client.ZnodeData;
import io.troupe.request.CreateMode;
import io.troupe.request.Stat;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongUnaryOperator;

/**
 * A number that all see and change, 0 where there is no znode: Curator's {@code DistributedAtomicLong}, of 8 bytes, and where they are
 * there its {@code SharedCount} and {@code DistributedAtomicInteger}, of 4. Changes are made one after the other, none is lost. Thread-safe.
 */
public final class Counter {
    private final Session session;
    private final Following following;
    private final String path;

    /** What it holds, and how it came there; version -1 where there is no znode. */
    private record Held(long value, int bytes, int version) {}

    Counter(Recipes recipes, String path) {
        this.session = recipes.session();
        this.following = new Following(recipes);
        this.path = path;
    }

    /** The number, as far as the session's node knows. */
    public CompletionStage<Long> get() {
        return read().thenApply(Held::value);
    }

    private CompletionStage<Held> read() {
        CompletionStage<Held> read = session.getData(path).thenApply(this::held);
        return Failures.recover(
                read,
                failure -> failure instanceof CoordinatorException.NoNode
                        ? CompletableFuture.completedFuture(new Held(0, Long.BYTES, -1))
                        : CompletableFuture.failedFuture(failure));
    }

    private Held held(ZnodeData data) {
        int version = data.stat().version();
        ByteBuffer bytes = ByteBuffer.wrap(data.bytes());
        return switch (bytes.remaining()) {
            case 0 -> new Held(0, Long.BYTES, version);
            case Integer.BYTES -> new Held(bytes.getInt(), Integer.BYTES, version);
            case Long.BYTES -> new Held(bytes.getLong(), Long.BYTES, version);
            default ->
                throw new IllegalStateException(
                        path + " holds " + bytes.remaining() + " bytes; a counter has 4 or 8 of them");
        };
    }

    /** Adds to it; completes with the sum. See {@link #update}. */
    public CompletionStage<Long> add(long amount) {
        return update(value -> Math.addExact(value, amount));
    }

    /** Adds 1. */
    public CompletionStage<Long> increment() {
        return add(1);
    }

    /** Sets it, whatever it was. See {@link #update}. */
    public CompletionStage<Long> set(long value) {
        return update(before -> value);
    }

    /**
     * Changes it; completes with what it is then. The change may be computed several times. Fails with {@link ArithmeticException} where the
     * result has no room, and with {@link CoordinatorException.ConnectionLoss} or {@link CoordinatorException.DeadlineExceeded} where
     * nobody knows whether it was changed: the answer was lost, and others have changed it since.
     */
    public CompletionStage<Long> update(LongUnaryOperator change) {
        return read().thenCompose(before -> {
            byte[] bytes;
            long after;
            try {
                after = change.applyAsLong(before.value());
                bytes = bytes(after, before.bytes());
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
            CompletionStage<Long> written = write(before, bytes).thenApply(done -> after);
            return Failures.recover(written, failure -> onFailure(failure, change, before));
        });
    }

    private CompletionStage<Long> onFailure(Throwable failure, LongUnaryOperator change, Held before) {
        if (failure instanceof CoordinatorException.BadVersion
                || failure instanceof CoordinatorException.NodeExists
                || failure instanceof CoordinatorException.NoNode) {
            return update(change);
        } else if (Failures.isUnknown(failure)) {
            // Nothing of an earlier connection is executed any more once this is answered.
            return read().thenCompose(now ->
                    now.version() == before.version() ? update(change) : CompletableFuture.failedFuture(failure));
        }
        return CompletableFuture.failedFuture(failure);
    }

    private CompletionStage<?> write(Held before, byte[] bytes) {
        if (before.version() >= 0) {
            CompletionStage<Stat> set = session.setData(path, bytes, before.version());
            return set;
        }
        String directory = path.substring(0, path.lastIndexOf('/'));
        CompletionStage<Created> created =
                Directories.in(session, directory, () -> session.create(path, bytes, CreateMode.PERSISTENT));
        return created;
    }

    private static byte[] bytes(long value, int size) {
        return size == Integer.BYTES
                ? ByteBuffer.allocate(size).putInt(Math.toIntExact(value)).array()
                : ByteBuffer.allocate(size).putLong(value).array();
    }

    /** The number, and what it is after each change; several changes may be told as one. */
    public Source<Long, NotUsed> changes() {
        return following.changes(path, WatchMode.NODE, this::get);
    }
}
