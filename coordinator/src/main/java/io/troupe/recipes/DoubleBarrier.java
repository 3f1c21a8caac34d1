package io.troupe.recipes;

import akka.Done;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Event;
import io.troupe.client.ReadResult;
import io.troupe.client.Session;
import io.troupe.client.Watch;
import io.troupe.client.WatchListener;
import io.troupe.client.WatchMode;
import io.troupe.request.CreateMode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * So many begin together, and end together: Curator's {@code DistributedDoubleBarrier}. One object is one participant; others who enter
 * while they are inside pass at once. A participant whose session ends has left. Thread-safe; enter, then leave.
 */
public final class DoubleBarrier {
    private static final String READY = "ready";
    private static final byte[] NOTHING = {};

    private final Session session;
    private final Following following;
    private final String path;
    private final int members;
    private final String own;

    DoubleBarrier(Recipes recipes, String path, int members) {
        this.session = recipes.session();
        this.following = new Following(recipes);
        this.path = path;
        this.members = members;
        this.own = path + "/" + recipes.ids().get();
    }

    /**
     * Completes once enough have entered. Fails when the session is over. Cancelling the future takes the participant out again, others may
     * have been counting on him, though.
     */
    public CompletionStage<Done> enter() {
        CompletableFuture<Done> entered = new CompletableFuture<>();
        CompletableFuture<Done> joined = new CompletableFuture<>();
        Watch watch = session.watch(path + "/" + READY, WatchMode.NODE, new WatchListener() {
            @Override
            public void onEvent(Event event) {
                if (event instanceof Event.Change change && change.kind() == Event.Kind.CREATED) {
                    // It may be gone again already, when the first have left. Who is still making his znode, because
                    // the answer
                    // was lost, would make it behind his leaving.
                    take(entered, joined.thenApply(done -> true));
                } else if (event instanceof Event.Gap) {
                    take(entered, following.persist(DoubleBarrier.this::look));
                }
            }

            @Override
            public void onEnd(@Nullable CoordinatorException cause) {
                entered.completeExceptionally(
                        cause == null
                                ? new IllegalStateException("the session was closed before " + path + " was ready")
                                : cause);
            }
        });
        CompletionStage<Done> joining = following.persist(this::join);
        joining.whenComplete((done, failure) -> {
            if (failure == null) {
                joined.complete(done);
                take(entered, following.behind(watch, this::look));
            } else {
                joined.completeExceptionally(Failures.cause(failure));
                entered.completeExceptionally(Failures.cause(failure));
            }
        });
        CompletionStage<Done> outcome = entered;
        outcome.whenComplete((done, failure) -> {
            watch.cancel();
            if (failure != null) {
                joining.thenCompose(made -> following.persist(() -> remove(own)));
            }
        });
        return entered;
    }

    /** In one step with another version of the directory: so who leaves does not close it behind somebody he has not seen. */
    private CompletionStage<Done> join() {
        CompletionStage<Done> joined = Directories.in(
                        session,
                        path,
                        () -> Failures.ofWrite(session.transaction()
                                .create(own, NOTHING, CreateMode.EPHEMERAL)
                                .setData(path, NOTHING)
                                .commit()))
                .thenApply(done -> Done.getInstance());
        return Failures.recover(
                joined,
                failure -> failure instanceof CoordinatorException.NodeExists
                        ? CompletableFuture.completedFuture(Done.getInstance())
                        : CompletableFuture.failedFuture(failure));
    }

    private static void take(CompletableFuture<Done> entered, CompletionStage<Boolean> looked) {
        looked.whenComplete((open, failure) -> {
            if (failure != null) {
                entered.completeExceptionally(Failures.cause(failure));
            } else if (open) {
                entered.complete(Done.getInstance());
            }
        });
    }

    /** Whether it is open; the last one to enter opens. */
    private CompletionStage<Boolean> look() {
        return session.getChildren(path).thenCompose(children -> {
            if (children.names().contains(READY)) {
                return CompletableFuture.completedFuture(true);
            }
            return children.names().size() < members ? CompletableFuture.completedFuture(false) : open();
        });
    }

    private CompletionStage<Boolean> open() {
        CompletionStage<Boolean> made =
                session.create(path + "/" + READY, CreateMode.PERSISTENT).thenApply(done -> true);
        return Failures.recover(
                made,
                failure -> failure instanceof CoordinatorException.NodeExists
                        ? CompletableFuture.completedFuture(true)
                        : CompletableFuture.failedFuture(failure));
    }

    /** Completes once all have left, or one has seen that they had. Fails when the session is over. */
    public CompletionStage<Done> leave() {
        return following.persist(() -> remove(own)).thenCompose(gone -> awaitOthers());
    }

    /**
     * Who is there.
     *
     * @param version of the directory
     * @param last whom to wait for: as Curator, the one whose name is last
     */
    private record Inside(int version, boolean ready, Optional<String> last) {
        private static final Inside NOBODY = new Inside(-1, false, Optional.empty());
    }

    private CompletionStage<Done> awaitOthers() {
        return following.persist(this::inside).thenCompose(inside -> {
            if (!inside.ready()) {
                // One has seen that all had left.
                return CompletableFuture.completedFuture(Done.getInstance());
            } else if (inside.last().isEmpty()) {
                return close(inside.version());
            }
            String last = inside.last().get();
            return following
                    .first(
                            last,
                            WatchMode.NODE,
                            () -> session.exists(last)
                                    .thenApply(stat ->
                                            stat.isPresent() ? Optional.empty() : Optional.of(Done.getInstance())))
                    .thenCompose(gone -> awaitOthers());
        });
    }

    private CompletionStage<Inside> inside() {
        return session.readAll(List.of(path), List.of(path)).thenApply(read -> {
            if (!(read.get(0) instanceof ReadResult.Data directory
                    && read.get(1) instanceof ReadResult.Names children)) {
                return Inside.NOBODY;
            }
            return new Inside(
                    directory.data().stat().version(),
                    children.names().contains(READY),
                    children.names().stream()
                            .filter(name -> !name.equals(READY))
                            .max(Comparator.naturalOrder())
                            .map(name -> path + "/" + name));
        });
    }

    /** Unless somebody has come meanwhile, who has to be waited for. */
    private CompletionStage<Done> close(int version) {
        CompletionStage<Done> closed = following.persist(() -> Failures.ofWrite(session.transaction()
                        .check(path, version)
                        .delete(path + "/" + READY)
                        .commit())
                .thenApply(done -> Done.getInstance()));
        return Failures.recover(closed, failure -> {
            if (failure instanceof CoordinatorException.BadVersion) {
                return awaitOthers();
            }
            return failure instanceof CoordinatorException.NoNode
                    ? CompletableFuture.completedFuture(Done.getInstance())
                    : CompletableFuture.failedFuture(failure);
        });
    }

    private CompletionStage<Done> remove(String znode) {
        return Failures.recover(
                session.delete(znode),
                failure -> failure instanceof CoordinatorException.NoNode
                        ? CompletableFuture.completedFuture(Done.getInstance())
                        : CompletableFuture.failedFuture(failure));
    }
}
