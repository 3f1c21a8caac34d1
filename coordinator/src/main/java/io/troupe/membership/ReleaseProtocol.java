package io.troupe.membership;

import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Release;
import io.troupe.ensemble.WireMessage;

/** Messages of the actor that knows what the other nodes run. */
public interface ReleaseProtocol {

    sealed interface Command {}

    /** From another node: what it runs. Said again and again, as it may be lost. */
    record Running(int nodeId, Release release) implements Command, WireMessage {}

    /** The ensemble lists other members. */
    record MembersChanged(Membership membership) implements Command {}

    enum Timer implements Command {
        /** Tell the others again. */
        TELL
    }
}
