package io.troupe.akka;

import io.troupe.client.Event;
import io.troupe.client.Session;
import io.troupe.client.SessionState;
import io.troupe.client.ZnodeData;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What {@link LeaseActor} is told. */
interface LeaseProtocol {

    interface Command {}

    /**
     * Its owner wants it.
     *
     * @param onLost told of its loss from now on; null for whoever was told before
     */
    record Acquire(
            CompletableFuture<Boolean> answer, @Nullable Consumer<Optional<Throwable>> onLost) implements Command {}

    /** Its owner wants it no longer. */
    record Release(CompletableFuture<Boolean> answer) implements Command {}

    /** One of the two has waited long enough. */
    record Late(Command request) implements Command {}

    record Opened(@Nullable Session session, @Nullable Throwable failure) implements Command {}

    record Looked(
            Session session,
            @Nullable ZnodeData found,
            @Nullable Throwable failure) implements Command {}

    record Deleted(Session session, @Nullable Throwable failure) implements Command {}

    record SessionChanged(Session session, SessionState state) implements Command {}

    /** Something has happened to the znode: it may be gone. */
    record Stirred(Session session, Event event) implements Command {}

    record WatchFailed(Session session) implements Command {}

    enum Timer implements Command {
        /** A call failed for a reason that passes. */
        RETRY,
        /** No node has answered for too long. */
        DOUBT,
        /** A grant has certainly been noticed. */
        SETTLED
    }
}
