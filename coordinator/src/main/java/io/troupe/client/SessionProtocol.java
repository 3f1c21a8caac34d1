package io.troupe.client;

import io.troupe.client.protocol.Coordinator;

/** Messages of the {@link SessionActor}. */
interface SessionProtocol {

    sealed interface Command {}

    /** Ask the ensemble. */
    record Submit(Pending<?> call) implements Command {}

    /** A call's deadline is over. */
    record TooLate(Pending<?> call) implements Command {}

    record SetWatch(WatchHandle watch) implements Command {}

    record Unwatch(WatchHandle watch) implements Command {}

    /** A step of logging in is done. */
    record LoggingIn(Login.Step step) implements Command {}

    /** From a node. */
    record FromNode(Coordinator.ToClient message) implements Command {}

    enum Timer implements Command {
        /** The node has not given the session in time. */
        ATTEMPT,
        /** Ask the next node. */
        DIAL,
        /** Is the node still there? */
        BEAT,
        /** The node had no time for watches. */
        WATCH,
        /** Nobody can have asked for anything after the end any more. */
        LINGER
    }
}
