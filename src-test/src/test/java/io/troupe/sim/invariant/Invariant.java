package io.troupe.sim.invariant;

import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.WireMessage;
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

    /** An answer of a node that reflects everything up to {@code zxid} has reached a client. */
    default Optional<String> onAnswer(int nodeId, long zxid) {
        return Optional.empty();
    }

    /** A message leaves a node, whether or not it arrives. */
    default Optional<String> onSent(int from, int to, WireMessage message) {
        return Optional.empty();
    }

    /** Something became durable on a node's disk; {@code files} are some of its files, as a power loss would leave them at least. */
    default Optional<String> onDurable(int nodeId, Map<String, byte[]> files) {
        return Optional.empty();
    }
}
