package io.troupe.recipes;

import akka.Done;
import akka.actor.typed.ActorRef;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Session;
import io.troupe.request.CreateMode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What some put in and others take out, each element by one: Curator's {@code DistributedQueue} with a lock path, or with times its {@code
 * DistributedDelayQueue}. Each element is processed at least once, see {@link Taken}. Elements are taken in their order, but not always
 * finished in it: one whose taker dies is processed again later than those after it. Takers wait in a line of their own, so that a new
 * element wakes one of them. Thread-safe.
 */
public final class WorkQueue {
    private final Recipes recipes;
    private final Session session;
    private final String path;
    private final String locks;
    private final QueueOrder order;
    private final Lock turns;
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

    /**
     * @param path of the elements
     * @param locks of those that were taken
     */
    WorkQueue(Recipes recipes, String path, String locks, QueueOrder order) {
        this.recipes = recipes;
        this.session = recipes.session();
        this.path = path;
        this.locks = locks;
        this.order = order;
        this.turns = recipes.mutex(locks + "-takers");
    }

    /**
     * Puts an element in; completes with its path once it is there. Where that {@link CoordinatorException#isUnknown}, it is for the caller to put
     * it again: it may be there twice then, and names in Curator's layout have no place for a mark that would tell.
     */
    public CompletionStage<String> put(byte[] item) {
        return put(QueueOrder.prefix(), List.of(item));
    }

    /** Puts several in as one element, which one takes. See {@link #put(byte[])}. */
    public CompletionStage<String> putAll(List<byte[]> items) {
        return put(QueueOrder.prefix(), items);
    }

    private CompletionStage<String> put(String prefix, List<byte[]> items) {
        byte[] bytes = QueueItems.write(items);
        return Directories.in(
                        session,
                        path,
                        () -> session.create(path + "/" + prefix, bytes, CreateMode.PERSISTENT_SEQUENTIAL))
                .thenApply(created -> created.path());
    }

    CompletionStage<String> put(byte[] item, Instant due) {
        return put(QueueOrder.prefix(due), List.of(item));
    }

    /** Elements in it, taken ones as well, as far as the session's node knows. */
    public CompletionStage<Integer> size() {
        CompletionStage<Integer> counted = session.getChildren(path)
                .thenApply(children -> order.sorted(children.names()).size());
        return Failures.recover(
                counted,
                failure -> failure instanceof CoordinatorException.NoNode
                        ? CompletableFuture.completedFuture(0)
                        : CompletableFuture.failedFuture(failure));
    }

    /**
     * Waits for an element that nobody else has, and takes it. Cancelling the future ({@code toCompletableFuture().cancel(true)}) ends the
     * waiting; what comes at that moment is given back.
     */
    public CompletionStage<Taken> take() {
        CompletableFuture<Taken> outcome = new CompletableFuture<>();
        CompletableFuture<Lease> turn = turns.acquire().toCompletableFuture();
        CompletionStage<Lease> mine = turn;
        mine.whenComplete((lease, failure) -> {
            if (failure == null) {
                search(lease, outcome);
            } else {
                outcome.completeExceptionally(Failures.cause(failure));
            }
        });
        CompletionStage<Taken> end = outcome;
        end.whenComplete((taken, failure) -> turn.cancel(true));
        return outcome;
    }

    /** Without the turn, should that be lost, it goes on: what keeps others from an element is the element's own lock. */
    private void search(Lease turn, CompletableFuture<Taken> outcome) {
        ActorRef<TakerActor.Command> taker = recipes.spawn(
                TakerActor.create(session, new QueueLook(recipes, path, locks, order, unreadable), outcome), "taker");
        CompletionStage<Taken> end = outcome;
        end.whenComplete((taken, failure) -> {
            turn.close();
            taker.tell(new TakerActor.Enough());
        });
    }

    /** Takes an element, works, and takes it out of the queue if the work succeeds; gives it back if the work fails. */
    public <T> CompletionStage<T> process(Function<Taken, CompletionStage<T>> work) {
        return take().thenCompose(taken -> {
            CompletionStage<T> result = start(work, taken);
            return result.handle((value, failure) -> {
                        CompletionStage<Done> end = failure == null ? taken.done() : taken.giveBack();
                        return end.thenCompose(done -> result);
                    })
                    .thenCompose(Function.identity());
        });
    }

    private static <T> CompletionStage<T> start(Function<Taken, CompletionStage<T>> work, Taken taken) {
        try {
            return work.apply(taken);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
