package io.troupe.membership;

import io.troupe.ensemble.WireMessage;

/** Messages of the {@link NewcomerActor}. */
public interface NewcomerProtocol {

    sealed interface Command {}

    /** From the leader: this id is the newcomer's, once the ensemble lists it under it. */
    record IdOffered(int nodeId) implements Command, WireMessage {}

    /** From the leader: there is no id to be had. */
    record NoIdLeft(String reason) implements Command, WireMessage {}

    enum Timer implements Command {
        /** Ask again. */
        ASK
    }
}
