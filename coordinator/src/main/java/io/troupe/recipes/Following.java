package io.troupe.recipes;

import akka.Done;
import akka.NotUsed;
import akka.stream.OverflowStrategy;
import akka.stream.javadsl.Source;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Event;
import io.troupe.client.Session;
import io.troupe.client.Watch;
import io.troupe.client.WatchListener;
import io.troupe.client.WatchMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a recipe learns by looking whenever something has changed. */
final class Following {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Session session;
    private final Recipes recipes;

    Following(Recipes recipes) {
        this.session = recipes.session();
        this.recipes = recipes;
    }

    /** Asks again while it fails for a reason that passes. For what may be done twice. */
    <T> CompletionStage<T> persist(Supplier<CompletionStage<T>> call) {
        return Failures.recover(call.get(), failure -> {
            if (!Failures.isPassing(failure)) {
                return CompletableFuture.failedFuture(failure);
            }
            CompletableFuture<T> later = new CompletableFuture<>();
            recipes.after(
                    PAUSE,
                    () -> persist(call).whenComplete((value, again) -> {
                        if (again == null) {
                            later.complete(value);
                        } else {
                            later.completeExceptionally(again);
                        }
                    }));
            return later;
        });
    }

    /**
     * What is there, and what is there after each change; several changes may be one, and nothing comes twice in a row. Ends when the
     * session is closed, and fails when it expires.
     */
    <T> Source<T, NotUsed> changes(String path, WatchMode mode, Supplier<CompletionStage<T>> look) {
        return Source.<Boolean>queue(1, OverflowStrategy.dropHead())
                .mapMaterializedValue(queue -> {
                    Watch watch = session.watch(path, mode, new WatchListener() {
                        @Override
                        public void onEvent(Event event) {
                            queue.offer(true);
                        }

                        @Override
                        public void onEnd(@Nullable CoordinatorException cause) {
                            if (cause == null) {
                                queue.complete();
                            } else {
                                queue.fail(cause);
                            }
                        }
                    });
                    watch.established().thenAccept(done -> queue.offer(true));
                    return watch;
                })
                .watchTermination((watch, done) -> {
                    // Akka's stages run what is given no executor in threads outside of the actor system.
                    done.whenCompleteAsync(
                            (ok, failure) -> watch.cancel(), recipes.system().executionContext());
                    return NotUsed.getInstance();
                })
                .mapAsync(1, changed -> persist(look))
                .statefulMapConcat(() -> {
                    Object[] last = {null};
                    return value -> {
                        boolean same = value.equals(last[0]);
                        last[0] = value;
                        return same ? List.of() : List.of(value);
                    };
                });
    }

    /**
     * Looks behind a watch, so that it shows what that does not tell: again where the node had no time for the watch before the first look
     * was answered.
     */
    <T> CompletionStage<T> behind(Watch watch, Supplier<CompletionStage<T>> look) {
        CompletionStage<Done> established = watch.established();
        return persist(look)
                .thenCompose(value -> established.toCompletableFuture().isDone()
                        ? CompletableFuture.completedFuture(value)
                        : established.thenCompose(done -> persist(look)));
    }

    /**
     * Completes with the first of what a look finds; looks again after each change. Fails when the session is over. Cancelling the
     * future ends the watch.
     */
    <T> CompletableFuture<T> first(String path, WatchMode mode, Supplier<CompletionStage<Optional<T>>> look) {
        CompletableFuture<T> found = new CompletableFuture<>();
        Consumer<CompletionStage<Optional<T>>> take = looked -> looked.whenComplete((value, failure) -> {
            if (failure != null) {
                found.completeExceptionally(Failures.cause(failure));
            } else {
                value.ifPresent(found::complete);
            }
        });
        Watch watch = session.watch(path, mode, new WatchListener() {
            @Override
            public void onEvent(Event event) {
                take.accept(persist(look));
            }

            @Override
            public void onEnd(@Nullable CoordinatorException cause) {
                found.completeExceptionally(
                        cause == null ? new CancellationException("the session was closed") : cause);
            }
        });
        take.accept(behind(watch, look));
        CompletionStage<T> outcome = found;
        outcome.whenComplete((value, failure) -> watch.cancel());
        return found;
    }
}
