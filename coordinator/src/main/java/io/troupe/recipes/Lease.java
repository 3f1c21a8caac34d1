package io.troupe.recipes;

import akka.Done;
import io.troupe.client.Created;
import io.troupe.client.Session;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Something is held: a lock, a lead, a permit. Thread-safe. */
public final class Lease implements AutoCloseable {
    private final Session session;
    private final Created znode;
    private final Supplier<CompletionStage<Done>> release;
    private final CompletableFuture<Loss> lost = new CompletableFuture<>();

    /**
     * @param znode that holds it
     * @param release gives it back
     */
    Lease(Session session, Created znode, Supplier<CompletionStage<Done>> release) {
        this.session = session;
        this.znode = znode;
        this.release = release;
    }

    /**
     * A fencing token: greater than that of everybody who held it before alone. Hand it with each request to whatever the lease
     * protects, which refuses those below the greatest it has seen; so the late requests of a paused holder do no harm.
     */
    public long token() {
        return znode.stat().czxid();
    }

    /** The holder's znode. */
    public String path() {
        return znode.path();
    }

    /**
     * Whether nobody else can hold it at the moment of this call, unless somebody else has deleted its znode and that has not been heard of
     * yet. Not any more once {@link Session#validUntil} is over, also where the process stood still and nothing else has been heard.
     */
    public boolean isHeld() {
        return !lost.isDone() && session.isValid();
    }

    /** Completes once it is not held any more, for whatever reason; whoever works under it must stop then. */
    public CompletionStage<Loss> lost() {
        return lost.minimalCompletionStage();
    }

    /**
     * Gives it back; completes once the znode is gone. Tried again until it is, or until the session is over, in which case the ensemble
     * removes it.
     */
    public CompletionStage<Done> release() {
        return release.get();
    }

    /** {@link #release} without waiting for it. */
    @Override
    public void close() {
        release();
    }

    void lose(Loss why) {
        lost.complete(why);
    }
}
