package io.troupe.recipes;

import io.troupe.client.CoordinatorException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What a failed call means to one who goes on. */
final class Failures {
    private Failures() {}

    /** Why a stage failed, without what {@code java.util.concurrent} wraps around it. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Nobody knows whether a change was made. */
    static boolean isUnknown(Throwable failure) {
        return failure instanceof CoordinatorException known && known.isUnknown();
    }

    /** It may succeed when it is tried again. */
    static boolean isPassing(Throwable failure) {
        return failure instanceof CoordinatorException known && known.isRetryable();
    }

    /** The session is over. */
    static boolean isEnd(Throwable failure) {
        return failure instanceof CoordinatorException.SessionExpired
                || failure instanceof CoordinatorException.SessionClosed;
    }

    /** The same transaction, where a refusal is that of the write that was refused. */
    static <T> CompletionStage<T> ofWrite(CompletionStage<T> transaction) {
        return recover(
                transaction,
                failure -> CompletableFuture.failedFuture(
                        failure instanceof CoordinatorException.TransactionRefused whole ? whole.refused() : failure));
    }

    /** The same stage, where a failure is answered by another. */
    static <T> CompletionStage<T> recover(CompletionStage<T> stage, Function<Throwable, CompletionStage<T>> answer) {
        return stage.handle((value, failure) ->
                        failure == null ? CompletableFuture.<T>completedFuture(value) : answer.apply(cause(failure)))
                .thenCompose(Function.identity());
    }
}
