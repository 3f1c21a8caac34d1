package io.troupe.sim.invariant;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * On disk, accepted and current epoch never decrease and the accepted one is never the lesser (contract 9.6 items 1 and
 * 2; anchors S18).
 */
public final class EpochsNeverRegress implements Invariant {
    private final Map<Integer, byte[]> lastBytes = new HashMap<>();
    private final Map<Integer, DurableState> last = new HashMap<>();

    @Override
    public Optional<String> onDurable(int nodeId, Map<String, byte[]> files) {
        byte[] meta = files.get("node.meta");
        if (meta == null || Arrays.equals(meta, lastBytes.put(nodeId, meta))) {
            return Optional.empty();
        }
        DurableState now = DurableState.of(Map.of("node.meta", meta));
        DurableState before = last.put(nodeId, now);
        boolean regressed = before != null
                && (now.acceptedEpoch() < before.acceptedEpoch() || now.currentEpoch() < before.currentEpoch());
        return regressed || now.acceptedEpoch() < now.currentEpoch()
                ? Optional.of("n%d's promises on disk went from %s to %s".formatted(nodeId, before, now))
                : Optional.empty();
    }

    /** The node got another disk. */
    public void forget(int nodeId) {
        lastBytes.remove(nodeId);
        last.remove(nodeId);
    }
}
