package io.troupe.sim.invariant;

import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.AckNewLeader;
import io.troupe.ensemble.WireMessage;
import io.troupe.ensemble.Zxid;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;

/**
 * Nothing is acknowledged that a power loss at this very moment could take back: an epoch before it is accepted on disk,
 * NEWLEADER before history and epoch are, a proposal before it is (contract 9.6 items 1, 2 and 25; anchors S1, S2, S31).
 */
public final class PromisesAreDurable implements Invariant {
    private final IntFunction<DurableState> promises;
    private final IntToLongFunction logEnds;

    /** {@code promises} reads the epochs on a node's disk, {@code logEnds} the end of the log on it. */
    public PromisesAreDurable(IntFunction<DurableState> promises, IntToLongFunction logEnds) {
        this.promises = promises;
        this.logEnds = logEnds;
    }

    @Override
    public Optional<String> onSent(int from, int to, WireMessage message) {
        return Wire.message(message, AckEpoch.class)
                .flatMap(ack -> epoch(from, ack))
                .or(() -> Wire.message(message, AckNewLeader.class).flatMap(ack -> newLeader(from, ack)))
                .or(() -> Wire.message(message, Ack.class).flatMap(ack -> log(from, ack.zxid())));
    }

    private Optional<String> epoch(int from, AckEpoch ack) {
        long durable = promises.apply(from).acceptedEpoch();
        return durable >= ack.epoch()
                ? Optional.empty()
                : Optional.of("n%d promises epoch %d, on its disk is %d".formatted(from, ack.epoch(), durable));
    }

    private Optional<String> newLeader(int from, AckNewLeader ack) {
        long durable = promises.apply(from).currentEpoch();
        return durable >= ack.epoch()
                ? log(from, ack.lastZxid())
                : Optional.of("n%d acknowledges NEWLEADER %d, on its disk is %d".formatted(from, ack.epoch(), durable));
    }

    private Optional<String> log(int from, long zxid) {
        long durable = logEnds.applyAsLong(from);
        return durable >= zxid
                ? Optional.empty()
                : Optional.of(
                        "n%d acknowledges %s, on its disk is %s".formatted(from, Zxid.hex(zxid), Zxid.hex(durable)));
    }
}
