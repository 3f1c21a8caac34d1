package io.troupe.recipes;

import akka.util.ByteString;
import io.troupe.client.Children;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Created;
import io.troupe.client.Session;
import io.troupe.client.ZnodeData;
import io.troupe.request.CreateMode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the first element of a queue that is due and that nobody else has: who creates the lock of the element's name has it, and it is still
 * there when it is read after that.
 */
final class QueueLook {
    private static final Logger LOG = LoggerFactory.getLogger(QueueLook.class);

    private final Session session;
    private final Following following;
    private final String path;
    private final String locks;
    private final QueueOrder order;
    private final Clock clock;
    private final byte[] own;
    private final Set<String> unreadable;

    /**
     * What was found.
     *
     * @param taken null for nothing
     * @param due when the next element is, null for none that is known
     */
    record Found(@Nullable Taken taken, @Nullable Duration due) {}

    /**
     * For one taker, whose looks come one after the other.
     *
     * @param unreadable names of elements that are none; it is said once of each
     */
    QueueLook(Recipes recipes, String path, String locks, QueueOrder order, Set<String> unreadable) {
        this.session = recipes.session();
        this.following = new Following(recipes);
        this.path = path;
        this.locks = locks;
        this.order = order;
        this.clock = recipes.clock();
        this.unreadable = unreadable;
        this.own = recipes.ids().get().toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Where something must happen before another look shows anything else. */
    List<String> directories() {
        return List.of(path, locks);
    }

    CompletionStage<Found> take() {
        return names(path)
                .thenCompose(names -> names(locks).thenCompose(locked -> {
                    Set<String> others = new HashSet<>(locked);
                    List<String> free = order.sorted(names).stream()
                            .filter(name -> !others.contains(name) && !unreadable.contains(name))
                            .toList();
                    return first(free.iterator());
                }));
    }

    private CompletionStage<List<String>> names(String directory) {
        CompletionStage<List<String>> names = session.getChildren(directory).thenApply(Children::names);
        return Failures.recover(
                names,
                failure -> failure instanceof CoordinatorException.NoNode
                        ? CompletableFuture.completedFuture(List.of())
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletionStage<Found> first(Iterator<String> names) {
        if (!names.hasNext()) {
            return CompletableFuture.completedFuture(new Found(null, null));
        }
        String name = names.next();
        long wait = order.due(name) - clock.millis();
        if (wait > 0) {
            return CompletableFuture.completedFuture(new Found(null, Duration.ofMillis(wait)));
        }
        return lock(name)
                .thenCompose(lock -> lock.isEmpty()
                        ? first(names)
                        : read(name, lock.get())
                                .thenCompose(taken -> taken.isEmpty()
                                        ? first(names)
                                        : CompletableFuture.completedFuture(new Found(taken.get(), null))));
    }

    /** Empty when somebody else has it. */
    private CompletionStage<Optional<Created>> lock(String name) {
        String lock = locks + "/" + name;
        CompletionStage<Optional<Created>> made = Directories.in(
                        session, locks, () -> session.create(lock, own, CreateMode.EPHEMERAL))
                .thenApply(Optional::of);
        return Failures.recover(
                made,
                failure -> failure instanceof CoordinatorException.NodeExists || Failures.isUnknown(failure)
                        ? following.persist(() -> found(lock))
                        : CompletableFuture.failedFuture(failure));
    }

    /** The lock, if it is there and this taker's, whose answer was lost. */
    private CompletionStage<Optional<Created>> found(String lock) {
        return data(lock)
                .thenApply(found -> found.filter(data ->
                                Arrays.equals(data.bytes(), own) && data.stat().ephemeralOwner() == session.id())
                        .map(data -> new Created(lock, data.stat())));
    }

    private CompletionStage<Optional<ZnodeData>> data(String znode) {
        CompletionStage<Optional<ZnodeData>> data = session.getData(znode).thenApply(Optional::of);
        return Failures.recover(
                data,
                failure -> failure instanceof CoordinatorException.NoNode
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : CompletableFuture.failedFuture(failure));
    }

    /** Whoever had the lock before may be done with it. */
    private CompletionStage<Optional<Taken>> read(String name, Created lock) {
        String element = path + "/" + name;
        CompletionStage<Optional<ZnodeData>> read = following.persist(() -> data(element));
        CompletionStage<Optional<Taken>> taken = read.thenCompose(data -> {
            Optional<List<ByteString>> items = data.flatMap(there -> QueueItems.read(there.bytes()));
            if (data.isPresent() && items.isEmpty() && unreadable.add(name)) {
                LOG.error(
                        "{} holds what no queue has written; it is left where it is, look at it and delete it",
                        element);
            }
            return items.isPresent()
                    ? CompletableFuture.completedFuture(
                            Optional.of(new Taken(session, following, element, lock, items.get())))
                    : Taken.unlock(session, following, lock).thenApply(done -> Optional.empty());
        });
        return Failures.recover(
                taken,
                failure -> Taken.unlock(session, following, lock)
                        .thenCompose(done -> CompletableFuture.failedFuture(failure)));
    }
}
