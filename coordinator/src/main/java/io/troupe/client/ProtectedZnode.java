package io.troupe.client;

import akka.Done;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.Stat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A znode that is found again when the connection is lost before the answer to its creation comes, by an id in its name; so none stays behind
 * that nobody knows of. Its name begins with {@code _c_<id>-}, where Apache Curator has it ({@code withProtection}). From {@link
 * Session#protectedZnode}; used by one at a time, each call after the outcome of the one before.
 */
public final class ProtectedZnode {
    private static final String MARK = "_c_";

    private final Session session;
    private final String directory;
    private final String prefix;
    private final String name;
    private final byte[] data;
    private final CreateMode mode;
    private final List<Acl> acl;
    private volatile boolean unknown;
    private volatile @Nullable Created created;

    ProtectedZnode(Session session, String path, byte[] data, CreateMode mode, List<Acl> acl, UUID id) {
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("path \"" + path + "\" does not begin with /");
        }
        this.session = session;
        this.directory = path.substring(0, slash);
        this.prefix = MARK + id + "-";
        this.name = path.substring(slash + 1);
        this.data = data.clone();
        this.mode = mode;
        this.acl = List.copyOf(acl);
    }

    /**
     * Makes it; completes once it is there, however many answers are lost on the way. May be tried again when it fails, {@link
     * CoordinatorException#isUnknown} not excepted: what was made is found then.
     */
    public CompletionStage<Created> create() {
        if (unknown) {
            return find().thenCompose(found -> {
                unknown = false;
                return found.isPresent() ? CompletableFuture.completedFuture(remember(found.get())) : create();
            });
        }
        CompletionStage<Created> asked = session.create(directory + "/" + prefix + name, data, mode, acl);
        return recover(asked.thenApply(this::remember), failure -> {
            unknown = failure.isUnknown();
            return unknown ? create() : CompletableFuture.failedFuture(failure);
        });
    }

    private Created remember(Created made) {
        created = made;
        return made;
    }

    /** The session's calls are executed in their order, and none of an earlier connection after one of a later: this is final. */
    private CompletionStage<Optional<Created>> find() {
        CompletionStage<Optional<Created>> found = session.getChildren(directory.isEmpty() ? "/" : directory)
                .thenCompose(children -> children.names().stream()
                        .filter(child -> child.startsWith(prefix))
                        .findFirst()
                        .map(child -> stat(directory + "/" + child))
                        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty())));
        return recover(
                found,
                failure -> failure instanceof CoordinatorException.NoNode
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletionStage<Optional<Created>> stat(String path) {
        CompletionStage<Optional<Stat>> stat = session.exists(path);
        return stat.thenApply(present -> present.map(there -> new Created(path, there)));
    }

    /** Completes once it is not there, whatever became of its creation; may be tried again when it fails. */
    public CompletionStage<Done> delete() {
        Created known = created;
        if (known != null) {
            return recover(
                    session.delete(known.path()),
                    failure -> failure instanceof CoordinatorException.NoNode
                            ? CompletableFuture.completedFuture(Done.getInstance())
                            : CompletableFuture.failedFuture(failure));
        } else if (unknown) {
            return find().thenCompose(found -> {
                unknown = false;
                found.ifPresent(this::remember);
                return delete();
            });
        }
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    /** {@link #delete} for one who has nobody to try it again: tried until it is known to be gone, or cannot be deleted. */
    public void remove() {
        CompletionStage<Done> deleted = delete();
        deleted.whenComplete((done, failure) -> {
            if (failure != null && cause(failure) instanceof CoordinatorException known && known.isUnknown()) {
                remove();
            }
        });
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static <T> CompletionStage<T> recover(
            CompletionStage<T> stage, Function<CoordinatorException, CompletionStage<T>> answer) {
        return stage.handle((value, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.<T>completedFuture(value);
                    }
                    Throwable cause = cause(failure);
                    return cause instanceof CoordinatorException known
                            ? answer.apply(known)
                            : CompletableFuture.<T>failedFuture(cause);
                })
                .thenCompose(Function.identity());
    }
}
