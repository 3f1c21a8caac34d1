package io.troupe.overview;

import io.troupe.ensemble.WireMessage;

/** Messages of the {@link OverviewActor}. */
public interface OverviewProtocol {

    sealed interface Command {}

    /** Somebody looks on. */
    record Wanted() implements Command {}

    /** It is time to ask again. */
    record AskAgain() implements Command {}

    /** How does the receiver describe itself? A datagram. */
    record Question(int from, String ensembleId) implements Command, WireMessage {}

    /** So does the sender. A datagram. */
    record Answer(int from, String ensembleId, byte[] text) implements Command, WireMessage {}
}
