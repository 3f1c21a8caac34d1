package io.troupe.recipes;

import akka.Done;
import akka.util.ByteString;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Created;
import io.troupe.client.Session;
import io.troupe.request.Stat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An element of a queue that nobody else has: it stays in the queue, under a lock that goes with the session, until it is {@link #done}. If that
 * never comes, because its taker dies, say, somebody else takes it. So each element is processed once at least, and twice where its taker has
 * done the work but not said so. Thread-safe.
 */
public final class Taken {
    private final Session session;
    private final Following following;
    private final String path;
    private final Created lock;
    private final List<ByteString> items;
    private final AtomicBoolean over = new AtomicBoolean();

    /**
     * @param path of the element
     * @param lock that its taker holds
     */
    Taken(Session session, Following following, String path, Created lock, List<ByteString> items) {
        this.session = session;
        this.following = following;
        this.path = path;
        this.lock = lock;
        this.items = List.copyOf(items);
    }

    /** What was put; one, unless several were put together. */
    public List<ByteString> items() {
        return items;
    }

    /** Of the element's znode: its name tells it from all others of the queue. */
    public String path() {
        return path;
    }

    /** A fencing token: greater than that of everybody who has taken the same element before. */
    public long token() {
        return lock.stat().czxid();
    }

    /** Whether nobody else can have it at the moment of this call. */
    public boolean isHeld() {
        return !over.get() && session.isValid();
    }

    /**
     * Takes it out of the queue; completes once it is out. Tried again until that is known. Fails when the session is over, or when its lock was
     * deleted: somebody else may process it again then.
     */
    public CompletionStage<Done> done() {
        over.set(true);
        CompletionStage<Done> removed = following.persist(this::remove);
        return Failures.recover(
                removed,
                failure -> failure instanceof CoordinatorException.TransactionRefused refused
                                && refused.index() == 1
                                && refused.refused() instanceof CoordinatorException.NoNode
                        ? giveBack()
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletionStage<Done> remove() {
        CompletionStage<Done> removed = session.transaction()
                .delete(lock.path())
                .delete(path)
                .commit()
                .thenApply(results -> Done.getInstance());
        return Failures.recover(
                removed,
                failure -> Failures.isUnknown(failure)
                        ? following.persist(() -> session.exists(path)).thenCompose(this::onUnknown)
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletionStage<Done> onUnknown(Optional<Stat> stat) {
        return stat.isEmpty() ? giveBack() : remove();
    }

    /** Leaves it in the queue, for whoever takes it next. Tried again until it is there for others, or the session is over. */
    public CompletionStage<Done> giveBack() {
        over.set(true);
        return unlock(session, following, lock);
    }

    static CompletionStage<Done> unlock(Session session, Following following, Created lock) {
        return following.persist(() -> deleteOwn(session, lock));
    }

    /** When it is tried again somebody else may have the element, and a lock of the same path. */
    private static CompletionStage<Done> deleteOwn(Session session, Created lock) {
        CompletionStage<Optional<Stat>> found = session.exists(lock.path());
        CompletionStage<Done> deleted = found.thenCompose(
                there -> there.isPresent() && there.get().czxid() == lock.stat().czxid()
                        ? session.delete(lock.path())
                        : CompletableFuture.completedFuture(Done.getInstance()));
        return Failures.recover(
                deleted,
                failure -> failure instanceof CoordinatorException.NoNode
                        ? CompletableFuture.completedFuture(Done.getInstance())
                        : CompletableFuture.failedFuture(failure));
    }
}
