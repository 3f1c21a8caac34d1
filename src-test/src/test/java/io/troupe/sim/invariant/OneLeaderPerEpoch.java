package io.troupe.sim.invariant;

import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** No epoch is ever led by two processes (Zab, section 3: at most one primary per epoch). */
public final class OneLeaderPerEpoch implements Invariant {
    private final Map<Long, String> leaders = new HashMap<>();

    @Override
    public Optional<String> onStatus(String process, NodeStatus status) {
        if (status.role() != Role.LEADING || !status.serving()) {
            return Optional.empty();
        }
        String other = leaders.putIfAbsent(status.epoch(), process);
        return other == null || other.equals(process)
                ? Optional.empty()
                : Optional.of("epoch %d is led by %s and %s".formatted(status.epoch(), other, process));
    }

    /** How many epochs have had an established leader. */
    public int epochs() {
        return leaders.size();
    }
}
