package io.troupe.client;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A watch that tells of the first change after a read. It is a lasting one until then, so what happens while the session has no node is
 * told as of any. Made and told by the session's callbacks, one after the other, but for the first read.
 */
final class OneShotWatch<T> implements WatchListener {
    /** What ends the value of {@code getData} and {@code exists}. */
    static final Set<Event.Kind> DATA = Set.of(Event.Kind.CREATED, Event.Kind.DELETED, Event.Kind.DATA_CHANGED);

    /** What ends that of {@code getChildren}. */
    static final Set<Event.Kind> CHILDREN = Set.of(Event.Kind.DELETED, Event.Kind.CHILDREN_CHANGED);

    private final Set<Event.Kind> kinds;
    private final Supplier<CompletionStage<T>> read;
    private final CompletableFuture<Event> changed = new CompletableFuture<>();
    private final CompletableFuture<Watched<T>> outcome = new CompletableFuture<>();
    private boolean armed;

    private OneShotWatch(Set<Event.Kind> kinds, Supplier<CompletionStage<T>> read) {
        this.kinds = kinds;
        this.read = read;
    }

    /** Watches the znode and reads it. */
    static <T> CompletionStage<Watched<T>> set(
            Session session, String path, Set<Event.Kind> kinds, Supplier<CompletionStage<T>> read) {
        OneShotWatch<T> shot = new OneShotWatch<>(kinds, read);
        Watch watch = session.watch(path, WatchMode.NODE, shot);
        CompletionStage<Event> first = shot.changed;
        first.whenComplete((event, failure) -> watch.cancel());
        CompletionStage<Watched<T>> end = shot.outcome;
        end.whenComplete((watched, failure) -> {
            if (failure != null) {
                watch.cancel();
            }
        });
        shot.read(watch);
        return shot.outcome;
    }

    private void read(Watch watch) {
        CompletionStage<T> asked = read.get();
        asked.whenComplete((value, failure) -> {
            if (failure != null) {
                outcome.completeExceptionally(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            } else if (watch.established().toCompletableFuture().isDone()) {
                onRead(watch, value);
            } else {
                // The node had no time for the watch yet, and what happens before it has is not told.
                watch.established().whenComplete((done, ended) -> read(watch));
            }
        });
    }

    private void onRead(Watch watch, T value) {
        CompletionStage<Void> told = watch.established().thenAccept(done -> {
            armed = true;
            outcome.complete(new Watched<>(value, changed));
        });
        told.exceptionally(refused -> {
            outcome.completeExceptionally(
                    refused instanceof CompletionException && refused.getCause() != null
                            ? refused.getCause()
                            : refused);
            return null;
        });
    }

    @Override
    public void onEvent(Event event) {
        boolean ends = !(event instanceof Event.Change change) || kinds.contains(change.kind());
        if (armed && ends) {
            changed.complete(event);
        }
    }

    @Override
    public void onEnd(@Nullable CoordinatorException cause) {
        changed.completeExceptionally(
                cause == null ? new CoordinatorException.SessionClosed("the session or the watch was closed") : cause);
    }
}
