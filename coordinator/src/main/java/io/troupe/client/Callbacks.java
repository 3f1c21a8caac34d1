package io.troupe.client;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what belongs to the owner of a session, one after the other: what completes with his calls, and his listeners. Apart from the
 * session's own actor, so that one who waits in it does not cost him the session.
 */
final class Callbacks {
    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

    private Callbacks() {}

    static Behavior<Runnable> create() {
        return Behaviors.receiveMessage(callback -> {
            try {
                callback.run();
            } catch (RuntimeException e) {
                LOG.error("A listener of a session has failed", e);
            }
            return Behaviors.same();
        });
    }
}
