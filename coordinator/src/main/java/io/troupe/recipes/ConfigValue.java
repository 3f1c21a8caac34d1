package io.troupe.recipes;

import akka.Done;
import akka.NotUsed;
import akka.stream.javadsl.Source;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Session;
import io.troupe.client.Transaction;
import io.troupe.client.WatchMode;
import io.troupe.client.ZnodeData;
import io.troupe.request.CreateMode;
import io.troupe.request.Stat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A value that all see, of which earlier versions are kept. The znode itself holds the value, so any client reads it; the versions lie below
 * it, {@code history/0000000007} for version 7, each made in one transaction with the change. What other clients set is seen and told as
 * well, but leaves no history. Thread-safe.
 *
 * @param <T> immutable, with {@code equals}
 */
public final class ConfigValue<T> {
    private static final int NONE = -1;
    private static final int KEPT = 50;

    private final Session session;
    private final Following following;
    private final String path;
    private final Codec<T> codec;

    /** How a value is written. */
    public interface Codec<T> {
        /** Text, in UTF-8. */
        Codec<String> TEXT = new Codec<>() {
            @Override
            public byte[] write(String value) {
                return value.getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public String read(byte[] bytes) {
                return new String(bytes, StandardCharsets.UTF_8);
            }
        };

        /** As bytes. */
        byte[] write(T value);

        /** From bytes; throws what readers are told when they are none of its. */
        T read(byte[] bytes);
    }

    /**
     * A value.
     *
     * @param version of its znode, from 0
     * @param token grows with each change, a fencing token of who acts by the value
     */
    public record Version<T>(T value, int version, long token) {}

    ConfigValue(Recipes recipes, String path, Codec<T> codec) {
        this.session = recipes.session();
        this.following = new Following(recipes);
        this.path = path;
        this.codec = codec;
    }

    /** The value, as far as the session's node knows; empty when it was never set. */
    public CompletionStage<Optional<Version<T>>> get() {
        return read(path).thenApply(found -> found.map(this::version));
    }

    private CompletionStage<Optional<ZnodeData>> read(String znode) {
        CompletionStage<Optional<ZnodeData>> read = session.getData(znode).thenApply(Optional::of);
        return Failures.recover(
                read,
                failure -> failure instanceof CoordinatorException.NoNode
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : CompletableFuture.failedFuture(failure));
    }

    private Version<T> version(ZnodeData data) {
        Stat stat = data.stat();
        return new Version<>(codec.read(data.bytes()), stat.version(), stat.mzxid());
    }

    /** Sets it, whatever it was; completes with the new version. */
    public CompletionStage<Integer> set(T value) {
        byte[] bytes = codec.write(value);
        return following
                .persist(() -> read(path))
                .thenCompose(now -> Failures.recover(
                        set(bytes, now.map(data -> data.stat().version()).orElse(NONE)),
                        failure -> failure instanceof CoordinatorException.BadVersion
                                ? set(value)
                                : CompletableFuture.failedFuture(failure)));
    }

    /**
     * Sets it if it still is of this version, -1 for never set; completes with the new version, and fails with {@link
     * CoordinatorException.BadVersion} when it is not.
     */
    public CompletionStage<Integer> set(T value, int expected) {
        return set(codec.write(value), expected);
    }

    private CompletionStage<Integer> set(byte[] bytes, int expected) {
        int next = expected + 1;
        CompletionStage<Integer> made = write(bytes, expected).commit().thenApply(results -> next);
        CompletionStage<Integer> outcome = Failures.recover(made, failure -> onFailure(failure, bytes, expected));
        return outcome.thenApply(version -> {
            forget(version);
            return version;
        });
    }

    private Transaction write(byte[] bytes, int expected) {
        Transaction transaction = session.transaction();
        if (expected == NONE) {
            transaction
                    .create(path, bytes, CreateMode.PERSISTENT)
                    .create(path + "/history", new byte[0], CreateMode.PERSISTENT);
        } else {
            transaction.setData(path, bytes, expected);
        }
        return transaction.create(entry(expected + 1), bytes, CreateMode.PERSISTENT);
    }

    private String entry(int version) {
        return "%s/history/%010d".formatted(path, version);
    }

    private CompletionStage<Integer> onFailure(Throwable failure, byte[] bytes, int expected) {
        if (Failures.isUnknown(failure)) {
            return following.persist(() -> read(entry(expected + 1))).thenCompose(made -> {
                if (made.isEmpty()) {
                    return set(bytes, expected);
                }
                return Arrays.equals(made.get().bytes(), bytes)
                        ? CompletableFuture.completedFuture(expected + 1)
                        : refused(expected);
            });
        } else if (failure instanceof CoordinatorException.TransactionRefused transaction) {
            CoordinatorException.Refused why = transaction.refused();
            if (why instanceof CoordinatorException.NoNode) {
                return onMissing(bytes, expected);
            }
            return why instanceof CoordinatorException.NodeExists ? refused(expected) : failed(why);
        }
        return failed(failure);
    }

    private static <R> CompletionStage<R> failed(Throwable why) {
        return CompletableFuture.failedFuture(why);
    }

    /** What the ensemble says to a version that is not any more. */
    private CompletionStage<Integer> refused(int expected) {
        // Says so itself where another version is there; where nothing is, it is not of the expected version either.
        return session.transaction()
                .check(path, expected == NONE ? Integer.MAX_VALUE : expected)
                .commit()
                .handle((results, failure) -> {
                    Throwable cause = failure == null ? null : Failures.cause(failure);
                    return cause instanceof CoordinatorException.TransactionRefused transaction
                            ? transaction.refused()
                            : Objects.requireNonNullElseGet(
                                    cause,
                                    () -> new IllegalStateException(
                                            entry(expected + 1) + " is there already, of an earlier znode; delete it"));
                })
                .thenCompose(ConfigValue::failed);
    }

    private CompletionStage<Integer> onMissing(byte[] bytes, int expected) {
        String directory = expected == NONE ? path.substring(0, path.lastIndexOf('/')) : path + "/history";
        CompletionStage<Optional<Stat>> there = session.exists(path);
        return there.thenCompose(stat -> {
            if (expected != NONE && stat.isEmpty()) {
                return refused(expected);
            }
            CompletionStage<Done> made = expected == NONE ? Directories.make(session, directory) : history(directory);
            return made.thenCompose(done -> set(bytes, expected));
        });
    }

    private CompletionStage<Done> history(String directory) {
        CompletionStage<Done> made =
                session.create(directory, CreateMode.PERSISTENT).thenApply(created -> Done.getInstance());
        return Failures.recover(
                made,
                failure -> failure instanceof CoordinatorException.NodeExists
                        ? CompletableFuture.completedFuture(Done.getInstance())
                        : failed(failure));
    }

    /** Whether it is gone is nobody's concern: the next change tries again. */
    private void forget(int version) {
        if (version >= KEPT) {
            session.delete(entry(version - KEPT));
        }
    }

    /** The versions that are kept, the oldest first; 50 of them at most. */
    public CompletionStage<List<Integer>> history() {
        CompletionStage<List<Integer>> listed = session.getChildren(path + "/history")
                .thenApply(children -> children.names().stream()
                        .map(Integer::parseInt)
                        .sorted()
                        .toList());
        return Failures.recover(
                listed,
                failure -> failure instanceof CoordinatorException.NoNode
                        ? CompletableFuture.completedFuture(List.of())
                        : failed(failure));
    }

    /** What it was in this version. Fails with {@link CoordinatorException.NoNode} when that is not kept. */
    public CompletionStage<T> at(int version) {
        return session.getData(entry(version)).thenApply(data -> codec.read(data.bytes()));
    }

    /** Sets it to what it was in this version; completes with the new version. Fails as {@link #at}. */
    public CompletionStage<Integer> rollback(int version) {
        return at(version).thenCompose(this::set);
    }

    /** The value once it is set, and what it is after each change; several changes may be told as one. */
    public Source<Version<T>, NotUsed> changes() {
        return following
                .changes(path, WatchMode.NODE, this::get)
                .mapConcat(found -> found.stream().toList());
    }
}
