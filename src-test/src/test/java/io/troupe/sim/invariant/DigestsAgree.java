package io.troupe.sim.invariant;

import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Zxid;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Trees at the same zxid are equal (Zab, total order and agreement; architecture section 3, the running digest). */
public final class DigestsAgree implements Invariant {
    private record Seen(String process, long digest) {}

    /** By {@link ZxidKey}. */
    private final Map<Long, Seen> digests = new HashMap<>();

    @Override
    public Optional<String> onStatus(String process, NodeStatus status) {
        if (status.executedZxid() == Zxid.NONE) {
            // A node that begins with a later list of members than the first goes on from a snapshot.
            return Optional.empty();
        }
        Seen seen = digests.putIfAbsent(ZxidKey.of(status.executedZxid()), new Seen(process, status.digest()));
        return seen == null || seen.digest() == status.digest()
                ? Optional.empty()
                : Optional.of("at %s the digest of %s is %x, that of %s is %x"
                        .formatted(
                                Zxid.hex(status.executedZxid()),
                                seen.process(),
                                seen.digest(),
                                process,
                                status.digest()));
    }
}
