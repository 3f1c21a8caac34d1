package io.troupe.client;

import org.jspecify.annotations.Nullable;

/**
 * Told by a watch, in order with the answers of the session's calls: an event before any answer that shows what it tells of. Called by
 * one thread at a time, of the actor system; what it does delays all other events and answers of the session.
 */
@FunctionalInterface
public interface WatchListener {
    void onEvent(Event event);

    /**
     * Nothing more will be told.
     *
     * @param cause why, null when the watch was cancelled or the session closed by its owner
     */
    default void onEnd(@Nullable CoordinatorException cause) {
        // Most learn it from the session.
    }
}
