package io.troupe.recipes;

import akka.Done;
import akka.actor.typed.ActorRef;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * That somebody is there, as long as his session lives and until he leaves. His znode is made again when it is deleted; a session that has
 * expired takes it along, and somebody new must join in another. Thread-safe.
 */
public final class Membership implements AutoCloseable {
    private final ActorRef<PresenceActor.Command> actor;
    private final CompletableFuture<Lease> joined = new CompletableFuture<>();
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private volatile @Nullable Lease lease;

    Membership(Recipes recipes, String path, byte[] data) {
        this.actor = recipes.spawn(PresenceActor.create(recipes.session(), path, data.clone(), this::tell), "member");
    }

    private void tell(Standing standing) {
        if (standing instanceof Standing.Granted granted) {
            lease = granted.lease();
            joined.complete(granted.lease());
        } else if (standing instanceof Standing.Ended end) {
            Throwable cause = end.cause();
            joined.completeExceptionally(
                    cause == null ? new IllegalStateException("left before it had joined") : cause);
            if (cause == null) {
                ended.complete(Done.getInstance());
            } else {
                ended.completeExceptionally(cause);
            }
        }
    }

    /** Completes once he is there, for the first time. Another of the same name, of a session that lives, must go first. */
    public CompletionStage<Lease> joined() {
        return joined.minimalCompletionStage();
    }

    /** Whether the others see him, as far as his session has heard. */
    public boolean isMember() {
        Lease now = lease;
        return now != null && now.isHeld();
    }

    /** Tells something else of himself; completes once the others can see it, at once while they do not see him. */
    public CompletionStage<Done> setData(byte[] data) {
        CompletableFuture<Done> changed = new CompletableFuture<>();
        CompletionStage<Done> end = ended;
        end.whenComplete((done, failure) ->
                changed.completeExceptionally(failure == null ? new IllegalStateException("has left") : failure));
        actor.tell(new PresenceActor.Change(data.clone(), changed));
        return changed;
    }

    /** Leaves; completes once his znode is gone. */
    public CompletionStage<Done> leave() {
        actor.tell(new Release());
        return ended.minimalCompletionStage();
    }

    /** {@link #leave} without waiting for it. */
    @Override
    public void close() {
        actor.tell(new Release());
    }
}
