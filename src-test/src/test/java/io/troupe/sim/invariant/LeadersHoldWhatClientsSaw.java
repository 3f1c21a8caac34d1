package io.troupe.sim.invariant;

import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Role;
import io.troupe.ensemble.Zxid;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a client has seen, at whatever node, is never lost: a leader that is established holds at least what was seen of earlier epochs
 * (Zab, agreement and primary integrity: the initial history of an epoch holds all that was delivered before it).
 */
public final class LeadersHoldWhatClientsSaw implements Invariant {
    private final Set<Long> checkedEpochs = new HashSet<>();
    /** By epoch, the last that a client has seen of it. */
    private final NavigableMap<Long, Long> seen = new TreeMap<>();

    @Override
    public Optional<String> onAnswer(int nodeId, long zxid) {
        seen.merge(Zxid.epoch(zxid), zxid, Math::max);
        return Optional.empty();
    }

    @Override
    public Optional<String> onStatus(String process, NodeStatus status) {
        if (status.role() != Role.LEADING || !status.serving() || !checkedEpochs.add(status.epoch())) {
            return Optional.empty();
        }
        Map.Entry<Long, Long> last = seen.lowerEntry(status.epoch());
        return last == null || status.lastLoggedZxid() >= last.getValue()
                ? Optional.empty()
                : Optional.of("%s leads epoch %d from %s on, a client has seen %s"
                        .formatted(
                                process, status.epoch(), Zxid.hex(status.lastLoggedZxid()), Zxid.hex(last.getValue())));
    }
}
