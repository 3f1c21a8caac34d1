package io.troupe.recipes;

import akka.Done;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Session;
import io.troupe.request.CreateMode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The znodes above those of a recipe: containers, which the ensemble removes when nothing is left in them. */
public final class Directories {
    private Directories() {}

    /**
     * Does something again after making this directory, and those above it, where they are found missing.
     *
     * @param something that fails with {@link CoordinatorException.NoNode} then
     */
    public static <T> CompletionStage<T> in(Session session, String directory, Supplier<CompletionStage<T>> something) {
        return Failures.recover(
                something.get(),
                failure -> failure instanceof CoordinatorException.NoNode
                        ? make(session, directory).thenCompose(made -> in(session, directory, something))
                        : CompletableFuture.failedFuture(failure));
    }

    /** Completes once it is there. */
    static CompletionStage<Done> make(Session session, String directory) {
        CompletionStage<Done> made =
                session.create(directory, CreateMode.CONTAINER).thenApply(created -> Done.getInstance());
        return Failures.recover(made, failure -> {
            if (failure instanceof CoordinatorException.NodeExists) {
                return CompletableFuture.completedFuture(Done.getInstance());
            } else if (failure instanceof CoordinatorException.NoNode) {
                return make(session, directory.substring(0, directory.lastIndexOf('/')))
                        .thenCompose(above -> make(session, directory));
            }
            return CompletableFuture.failedFuture(failure);
        });
    }
}
