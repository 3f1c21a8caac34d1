package io.troupe.broadcast;

import akka.actor.typed.ActorRef;
import io.troupe.ensemble.WireMessage;
import io.troupe.link.PeerTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A network that keeps what the broadcast actor sends, for the test to read as the node it was sent to. */
final class RecordingTransport implements PeerTransport {
    private final Map<Integer, Queue<WireMessage>> sent = new ConcurrentHashMap<>();

    @Override
    public void address(int nodeId, String host, int port) {
        // Of learners that are not listed.
    }

    @Override
    public void receiver(Recipient recipient, ActorRef<? extends Object> actor) {
        throw new AssertionError("broadcast does not register itself");
    }

    @Override
    public void send(int nodeId, Recipient recipient, WireMessage message) {
        if (recipient != Recipient.BROADCAST) {
            throw new AssertionError("broadcast talks to broadcast alone, not to " + recipient);
        }
        queue(nodeId).add(message);
    }

    @Override
    public void send(String host, int port, Recipient recipient, WireMessage message) {
        throw new AssertionError("broadcast knows nodes by their ids");
    }

    private Queue<WireMessage> queue(int nodeId) {
        return sent.computeIfAbsent(nodeId, id -> new ConcurrentLinkedQueue<>());
    }

    /** What was sent to a node since the last call, in order. */
    List<WireMessage> drain(int nodeId) {
        List<WireMessage> drained = new ArrayList<>();
        for (WireMessage m = queue(nodeId).poll(); m != null; m = queue(nodeId).poll()) {
            drained.add(m);
        }
        return drained;
    }
}
