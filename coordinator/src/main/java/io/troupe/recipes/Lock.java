package io.troupe.recipes;

import akka.actor.Cancellable;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Something that not all who want it can hold at a time: those who ask first have it first. Each waits for the one before alone, so that
 * one who gives it back wakes one other. Each {@link #acquire} contends by itself, also within one application: it is not reentrant.
 */
public final class Lock {
    private final Recipes recipes;
    private final Function<Consumer<Standing>, Behavior<Release>> contender;

    /**
     * @param contender one who contends and tells this listener
     */
    Lock(Recipes recipes, Function<Consumer<Standing>, Behavior<Release>> contender) {
        this.recipes = recipes;
        this.contender = contender;
    }

    /**
     * Waits until it is ours. What is lost, because the session has no node for a while, say, is given back by itself; acquire again
     * then. Cancelling the future ({@code toCompletableFuture().cancel(true)}) ends the waiting.
     */
    public CompletionStage<Lease> acquire() {
        Acquisition acquisition = new Acquisition();
        ActorRef<Release> actor = recipes.spawn(contender.apply(acquisition), "lock");
        CompletionStage<Lease> outcome = acquisition.outcome;
        outcome.whenComplete((lease, failure) -> {
            if (failure != null) {
                actor.tell(new Release());
            }
        });
        return acquisition.outcome;
    }

    /** The same, but waits no longer than this; empty when it has not become ours then. */
    public CompletionStage<Optional<Lease>> tryAcquire(Duration patience) {
        CompletableFuture<Lease> acquired = acquire().toCompletableFuture();
        CompletableFuture<Optional<Lease>> outcome = new CompletableFuture<>();
        Cancellable alarm = recipes.after(patience, () -> {
            if (acquired.cancel(true)) {
                outcome.complete(Optional.empty());
            }
        });
        CompletionStage<Lease> inTime = acquired;
        inTime.whenComplete((lease, failure) -> {
            alarm.cancel();
            if (failure == null) {
                if (!outcome.complete(Optional.of(lease))) {
                    lease.close();
                }
            } else if (!acquired.isCancelled()) {
                outcome.completeExceptionally(failure);
            }
        });
        CompletionStage<Optional<Lease>> end = outcome;
        end.whenComplete((lease, failure) -> {
            if (outcome.isCancelled()) {
                acquired.cancel(true);
            }
        });
        return outcome;
    }

    /**
     * Acquires it, works, and gives it back however the work ends. The work must end, or at least do no more harm, when {@link Lease#lost}
     * tells that it is lost.
     */
    public <T> CompletionStage<T> whileHeld(Function<Lease, CompletionStage<T>> work) {
        return acquire().thenCompose(lease -> {
            CompletionStage<T> result = start(work, lease);
            return result.handle((value, failure) -> lease.release().handle((done, unreleased) -> result))
                    .thenCompose(Function.identity())
                    .thenCompose(Function.identity());
        });
    }

    private static <T> CompletionStage<T> start(Function<Lease, CompletionStage<T>> work, Lease lease) {
        try {
            return work.apply(lease);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * An actor that contends from its start until it is told {@link Release}, is stopped, or the session is over. Unlike one who has
     * called {@link #acquire} it keeps its place when the session has no node for a while, and may have it again after.
     *
     * @param listener told whenever it is granted or lost, and of the end
     */
    public Behavior<Release> contender(ActorRef<? super Standing> listener) {
        return contender.apply(listener::tell);
    }

    /** The first lease; what comes after it is given back. */
    private static final class Acquisition implements Consumer<Standing> {
        private final CompletableFuture<Lease> outcome = new CompletableFuture<>();

        @Override
        public void accept(Standing standing) {
            if (standing instanceof Standing.Granted granted) {
                Lease lease = granted.lease();
                lease.lost().thenAccept(why -> lease.close());
                if (!outcome.complete(lease)) {
                    lease.close();
                }
            } else if (standing instanceof Standing.Ended ended) {
                outcome.completeExceptionally(ended.cause() == null ? new CancellationException() : ended.cause());
            }
        }
    }
}
