package io.troupe.client;

import akka.Done;
import akka.actor.typed.ActorRef;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One watch, at both its ends: its owner's, and the session's actor's. */
final class WatchHandle implements Watch {
    private final WatchTable.Key key;
    private final WatchListener listener;
    private final ActorRef<SessionProtocol.Command> session;
    private final CompletableFuture<Done> established = new CompletableFuture<>();
    private final CompletableFuture<Done> cancelled = new CompletableFuture<>();

    WatchHandle(WatchTable.Key key, WatchListener listener, ActorRef<SessionProtocol.Command> session) {
        this.key = key;
        this.listener = listener;
        this.session = session;
    }

    WatchTable.Key key() {
        return key;
    }

    WatchListener listener() {
        return listener;
    }

    /** Completed by the session's actor. */
    CompletableFuture<Done> whenEstablished() {
        return established;
    }

    /**
     * Nothing more will be told.
     *
     * @param told to the listener
     * @param unestablished why it was not set, if it was not
     */
    void ended(@Nullable CoordinatorException told, CoordinatorException unestablished) {
        established.completeExceptionally(unestablished);
        if (cancelled.complete(Done.getInstance())) {
            listener.onEnd(told);
        }
    }

    @Override
    public CompletionStage<Done> established() {
        return established;
    }

    @Override
    public CompletionStage<Done> cancel() {
        session.tell(new SessionProtocol.Unwatch(this));
        return cancelled;
    }
}
