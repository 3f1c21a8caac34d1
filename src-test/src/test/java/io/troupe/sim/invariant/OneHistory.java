package io.troupe.sim.invariant;

import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.ensemble.WireMessage;
import io.troupe.ensemble.Zxid;
import io.troupe.request.Batch;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A zxid is one request: whoever proposes it, in broadcast or in synchronization, at any time, proposes the same bytes
 * (Zab, primary integrity; contract 9.6 item 15). No message ever carries half of a batch or another batch that overlaps.
 * What is new in an epoch comes from one node.
 */
public final class OneHistory implements Invariant {
    private record Seen(int proposer, long firstZxid, int bytes) {}

    /** By {@link ZxidKey}. */
    private final Map<Long, Seen> seen = new HashMap<>();

    private final Map<Long, Integer> primaries = new HashMap<>();

    @Override
    public Optional<String> onSent(int from, int to, WireMessage message) {
        return Wire.message(message, Propose.class).flatMap(propose -> check(from, Batch.of(propose.batch())));
    }

    private Optional<String> check(int from, Batch batch) {
        int bytes = Arrays.hashCode(batch.image());
        for (long zxid = batch.firstZxid(); zxid <= batch.lastZxid(); zxid++) {
            Long key = ZxidKey.of(zxid);
            Seen before = seen.get(key);
            if (before == null) {
                seen.put(key, new Seen(from, batch.firstZxid(), bytes));
            }
            Integer primary = before == null ? primaries.putIfAbsent(Zxid.epoch(zxid), from) : Integer.valueOf(from);
            if (primary != null && primary != from) {
                return Optional.of("n%d proposes %s, which n%d alone may".formatted(from, Zxid.hex(zxid), primary));
            }
            if (before != null && (before.firstZxid() != batch.firstZxid() || before.bytes() != bytes)) {
                return Optional.of("n%d proposes another request for %s than n%d did"
                        .formatted(from, Zxid.hex(zxid), before.proposer()));
            }
        }
        return Optional.empty();
    }
}
