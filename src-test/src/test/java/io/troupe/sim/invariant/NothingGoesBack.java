package io.troupe.sim.invariant;

import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Zxid;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Within one process the executed position and the epoch only grow (Zab, integrity; contract 9.6 items 1 and 2). */
public final class NothingGoesBack implements Invariant {
    private record Position(long executed, long epoch) {}

    private final Map<String, Position> last = new HashMap<>();

    @Override
    public Optional<String> onStatus(String process, NodeStatus status) {
        Position now = new Position(status.executedZxid(), status.epoch());
        Position before = last.put(process, now);
        if (before == null || (before.executed() <= now.executed() && before.epoch() <= now.epoch())) {
            return Optional.empty();
        }
        return Optional.of("%s went back from %s in epoch %d to %s in epoch %d"
                .formatted(
                        process, Zxid.hex(before.executed()), before.epoch(), Zxid.hex(now.executed()), now.epoch()));
    }
}
