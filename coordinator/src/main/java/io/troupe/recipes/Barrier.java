package io.troupe.recipes;

import akka.Done;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Created;
import io.troupe.client.Session;
import io.troupe.client.WatchMode;
import io.troupe.request.CreateMode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Holds all who come, from when it is set until it is lifted: Curator's {@code DistributedBarrier}. It is nobody's: it stands when the
 * session of whoever has set it is over. Thread-safe.
 */
public final class Barrier {
    private final Session session;
    private final Following following;
    private final String path;

    Barrier(Recipes recipes, String path) {
        this.session = recipes.session();
        this.following = new Following(recipes);
        this.path = path;
    }

    /** Sets it; whether it was not set before. */
    public CompletionStage<Boolean> set() {
        String directory = path.substring(0, path.lastIndexOf('/'));
        return following.persist(() -> {
            CompletionStage<Created> created =
                    Directories.in(session, directory, () -> session.create(path, CreateMode.PERSISTENT));
            return Failures.recover(
                    created.thenApply(done -> true),
                    failure -> failure instanceof CoordinatorException.NodeExists
                            ? CompletableFuture.completedFuture(false)
                            : CompletableFuture.failedFuture(failure));
        });
    }

    /** Lifts it, if it is set. */
    public CompletionStage<Done> lift() {
        return following.persist(() -> Failures.recover(
                session.delete(path),
                failure -> failure instanceof CoordinatorException.NoNode
                        ? CompletableFuture.completedFuture(Done.getInstance())
                        : CompletableFuture.failedFuture(failure)));
    }

    /** Completes once it is not set; at once where it is not. Fails when the session is over. */
    public CompletionStage<Done> await() {
        return following.first(
                path,
                WatchMode.NODE,
                () -> session.exists(path)
                        .thenApply(stat -> stat.isPresent() ? Optional.empty() : Optional.of(Done.getInstance())));
    }
}
