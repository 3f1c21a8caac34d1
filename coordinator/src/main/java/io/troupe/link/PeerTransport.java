package io.troupe.link;

import akka.actor.typed.ActorRef;
import io.troupe.ensemble.WireMessage;

/**
 * Carries messages to other nodes without any promise: a message may be lost, delayed by minutes, overtaken by a later
 * one, or delivered to a later incarnation of the receiver. Never blocks, never throws. In production Artery, in
 * simulations a seeded network.
 */
public interface PeerTransport {
    /** Which actor of the receiving node a message is for. */
    enum Recipient {
        ELECTION,
        BROADCAST,
        HEARTBEAT,
        SNAPSHOT,
        MEMBERSHIP,
        NEWCOMER,
        CLUSTER,
        OVERVIEW,
        RELEASE
    }

    /** Tells where a node is; the latest word wins. */
    void address(int nodeId, String host, int port);

    /** Tells which local actor receives messages for {@code recipient}. It must understand whatever peers send there. */
    void receiver(Recipient recipient, ActorRef<? extends Object> actor);

    /** Sends to a node whose address is known; to any other the message is lost. */
    void send(int nodeId, Recipient recipient, WireMessage message);

    /** Sends to a node that may have no id yet, or is not listed, by its place. */
    void send(String host, int port, Recipient recipient, WireMessage message);
}
