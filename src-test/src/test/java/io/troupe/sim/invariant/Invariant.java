package io.troupe.sim.invariant;

import io.troupe.edge.NodeStatus;
import java.util.Map;
import java.util.Optional;

/** One property. Each method is told of one kind of observation and answers with a contradiction, if it is one. */
public interface Invariant {
    /**
     * A node published a new picture of itself.
     *
     * @param process the incarnation of the node, unique in the run
     */
    default Optional<String> onStatus(String process, NodeStatus status) {
        return Optional.empty();
    }

    /** Something became durable on a node's disk; {@code files} is what a power loss would leave at least. */
    default Optional<String> onDurable(int nodeId, Map<String, byte[]> files) {
        return Optional.empty();
    }

    /** A client was told that a write succeeded; the write's zxid is at most {@code zxid}. */
    default Optional<String> onAcknowledged(long zxid) {
        return Optional.empty();
    }
}
