package io.troupe.sim.invariant;

import io.troupe.broadcast.BroadcastProtocol.Frame;
import io.troupe.broadcast.PeerMessage;
import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.Commit;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.broadcast.PeerMessage.UpToDate;
import io.troupe.ensemble.WireMessage;
import io.troupe.ensemble.Zxid;
import io.troupe.link.ConnectionId;
import io.troupe.request.Batch;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * On one connection a leader proposes its history in order and without a gap, beginning exactly where the learner said
 * that its own ends, and what it calls committed never goes back (Zab, local primary order; contract 9.6 items 3, 15 and
 * 23; anchors S5, S12).
 */
public final class LocalPrimaryOrder implements Invariant {
    private final Map<ConnectionId, Long> proposed = new HashMap<>();
    private final Map<ConnectionId, Long> committed = new HashMap<>();

    @Override
    public Optional<String> onSent(int from, int to, WireMessage message) {
        if (!(message instanceof Frame frame)) {
            return Optional.empty();
        }
        PeerMessage said = frame.message();
        ConnectionId connection = frame.connection();
        if (said instanceof AckEpoch ack) {
            proposed.put(connection, ack.lastZxid());
            return Optional.empty();
        }
        if (said instanceof Propose propose) {
            return proposes(from, to, connection, Batch.of(propose.batch()))
                    .or(() -> commits(from, to, connection, propose.commitZxid()));
        }
        if (said instanceof Commit commit) {
            return commits(from, to, connection, commit.zxid());
        }
        return said instanceof UpToDate upToDate
                ? commits(from, to, connection, upToDate.commitZxid())
                : Optional.empty();
    }

    private Optional<String> proposes(int from, int to, ConnectionId connection, Batch batch) {
        Long before = proposed.put(connection, batch.lastZxid());
        boolean follows = before == null || batch.previousZxid() == before;
        return follows && Zxid.counter(batch.firstZxid()) > 0
                ? Optional.empty()
                : Optional.of("n%d proposes %s, which follows %s, to n%d, which has %s"
                        .formatted(
                                from,
                                Zxid.hex(batch.firstZxid()),
                                Zxid.hex(batch.previousZxid()),
                                to,
                                before == null ? "told nothing" : Zxid.hex(before)));
    }

    private Optional<String> commits(int from, int to, ConnectionId connection, long zxid) {
        Long before = committed.put(connection, zxid);
        return before == null || before <= zxid
                ? Optional.empty()
                : Optional.of(
                        "n%d calls %s committed to n%d after %s".formatted(from, Zxid.hex(zxid), to, Zxid.hex(before)));
    }
}
