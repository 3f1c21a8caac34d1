package io.troupe.sim;

import akka.actor.typed.ActorSystem;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Session;
import io.troupe.recipes.Recipes;
import java.time.Clock;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

/** What an application works with in one session, all of it in the name of its process. */
final class AppSession {
    private final SimWorld world;
    private final SimProcess process;
    private final int application;
    private final Session session;
    private final Recipes recipes;
    private final Host host;
    private final SplittableRandom random;
    private boolean over;

    /**
     * What outlives the session.
     *
     * @param clock of the process
     */
    record Host(ActorSystem<?> system, CoordinatorClient client, Clock clock) {}

    AppSession(
            SimWorld world,
            SimProcess process,
            int application,
            Session session,
            Recipes recipes,
            Host host,
            SplittableRandom random) {
        this.world = world;
        this.process = process;
        this.application = application;
        this.session = session;
        this.recipes = recipes;
        this.host = host;
        this.random = random;
    }

    /** Of the application, from 1. */
    int application() {
        return application;
    }

    SimWorld world() {
        return world;
    }

    Session session() {
        return session;
    }

    Recipes recipes() {
        return recipes;
    }

    ActorSystem<?> system() {
        return host.system();
    }

    CoordinatorClient client() {
        return host.client();
    }

    /** What its process takes for the time. */
    long wallMillis() {
        return host.clock().millis();
    }

    SplittableRandom random() {
        return random;
    }

    /** The session is over: nothing more is begun in it. */
    void end() {
        over = true;
    }

    /** Whether nothing more will come of what was begun in it. */
    boolean isOver() {
        return over || process.dead();
    }

    /** Does something after some milliseconds, unless the session is over by then. */
    void later(int leastMillis, int mostMillis, Runnable action) {
        world.schedule(process, random.nextLong(leastMillis, mostMillis + 1L) * 1_000_000, () -> {
            if (!over) {
                action.run();
            }
        });
    }

    /** For the reader of a trace. */
    void says(String what) {
        world.trace().log(process + " " + what);
    }

    /** What a recipe may fail with: what the ensemble says, or that somebody wanted it. Anything else is a bug. */
    void failed(String what, Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        says("fails: %s: %s".formatted(what, cause));
        boolean expected = cause instanceof CoordinatorException.SessionExpired
                || cause instanceof CoordinatorException.SessionClosed
                || cause instanceof CancellationException
                || (cause instanceof CoordinatorException known && known.isRetryable());
        if (!expected) {
            world.fail("%s: %s failed with %s".formatted(process, what, cause));
        }
    }

    @Override
    public String toString() {
        return process.name();
    }
}
