package io.troupe.sim.invariant;

import io.troupe.broadcast.BroadcastProtocol.Frame;
import io.troupe.broadcast.PeerMessage;
import io.troupe.ensemble.WireMessage;
import java.util.Optional;

/** What a message between nodes says, for invariants that only look at one kind. */
final class Wire {
    private Wire() {}

    /** The protocol message inside, when it is of this kind. */
    static <T extends PeerMessage> Optional<T> message(WireMessage message, Class<T> kind) {
        return message instanceof Frame frame && kind.isInstance(frame.message())
                ? Optional.of(kind.cast(frame.message()))
                : Optional.empty();
    }
}
