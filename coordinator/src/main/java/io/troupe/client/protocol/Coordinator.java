package io.troupe.client.protocol;

import akka.actor.typed.ActorRef;
import io.troupe.ensemble.Role;
import java.util.List;

/**
 * The protocol between an actor system of any name, a member of no cluster of the nodes', and one node of an ensemble. {@link
 * io.troupe.client.CoordinatorClient} speaks it; an actor of your own can too.
 *
 * <p>A client opens a connection by {@link Open} to the actor {@link #pathAt}; then {@link Block}s go both ways, a stream of {@link
 * Call}s there and of {@link Delivery}s back, in the form of {@link WireCodec}. Akka's remoting loses, delays and reorders
 * messages, and delivers old ones to processes that have restarted; so each block carries a number that the receiver has
 * chosen for this one connection, and its place in it. A block that is not the next one, or of no connection that is known, is what
 * a reset is in TCP: the connection is over, and the client opens another. At no time more is under way than {@link
 * ChannelEnd} has room for, and no message is longer than {@link #MOST_BYTES} and a little, so that remoting takes it as it is
 * configured by default.
 *
 * <p>Names and fields of these records are what is sent: they only grow. Fields that the receiver does not know are ignored, kinds
 * of calls that a node does not know are answered by UNIMPLEMENTED.
 */
public interface Coordinator {
    /** Of this protocol. Raised when old and new no longer understand each other. */
    int VERSION = 1;

    /** Bytes that one message holds besides its envelope; half of the least frame that remoting has by default. */
    int MOST_BYTES = 128 << 10;

    /** Bytes of the longest {@link Ask.ResumeWatches}, which may be longer than other calls: a session's watches have no more. */
    int MOST_WATCH_BYTES = 8 << 20;

    /** The name of a node's actor system. */
    String SYSTEM = "troupe";

    /** The name of the actor of each node that answers, below {@code /user}. */
    String NAME = "coordinator";

    /** Where the actor of a node answers. It bears no number of an incarnation: it is whichever runs there. */
    static String pathAt(String host, int port) {
        return "akka://" + SYSTEM + "@" + host + ":" + port + "/user/" + NAME;
    }

    /** Everything that is sent. */
    sealed interface Message {}

    /** From a client. */
    sealed interface ToNode extends Message {}

    /** From a node. */
    sealed interface ToClient extends Message {}

    /**
     * A client wants a session, or its session back; answered by {@link Opened} or {@link Refused}.
     *
     * @param version that the client speaks
     * @param client where answers go
     * @param attempt the client's name for the connection, greater than all before; blocks to the client carry it
     * @param sessionId 0 for a new session
     * @param password of the session
     * @param timeoutMillis wanted
     * @param lastZxidSeen a node that is behind refuses
     * @param proofs who the client is
     */
    record Open(
            int version,
            ActorRef<ToClient> client,
            long attempt,
            long sessionId,
            byte[] password,
            int timeoutMillis,
            long lastZxidSeen,
            List<Proof> proofs)
            implements ToNode {
        public Open {
            proofs = List.copyOf(proofs);
        }
    }

    /** What proves who a client is: {@code digest} and {@code user:password}, say. */
    record Proof(String scheme, byte[] data) {}

    /**
     * The session is open.
     *
     * @param version that the node speaks
     * @param attempt of {@link Open}
     * @param channel the node's name for the connection; blocks to the node carry it
     * @param timeoutMillis agreed
     * @param maxRequestBytes longest call
     * @param maxOutstanding calls that may be unanswered at a time
     * @param nodes where the members of the ensemble answer, {@code host:port}
     */
    record Opened(
            int version,
            long attempt,
            long channel,
            long sessionId,
            byte[] password,
            int timeoutMillis,
            int maxRequestBytes,
            int maxOutstanding,
            int nodeId,
            List<String> nodes)
            implements ToClient {
        public Opened {
            nodes = List.copyOf(nodes);
        }
    }

    /** No session. {@code attempt} is that of {@link Open}; {@code text} tells the reader of a log more. */
    record Refused(long attempt, Refusal reason, String text) implements ToClient {}

    /** Why a client does not get a session. */
    enum Refusal {
        /** The node serves nobody at the moment, or no actor systems; another may. */
        NOT_SERVING,
        /** The client has seen more than the node has; another may have got further. */
        CLIENT_AHEAD,
        /** There is no such session, or not any more, or its password is another. */
        EXPIRED,
        /** The client does not prove what it says. */
        AUTH_FAILED,
        /** Client and node do not speak the same version. */
        VERSION,
        /** The node has as many clients as it may, of all or at the client's address, or too many came at once; another may not. */
        TOO_MANY
    }

    /**
     * A piece of the stream, either way.
     *
     * @param connection by the receiver's name for it
     * @param sequence of this piece, from 1
     * @param received the last piece in order that the sender has of the other direction
     * @param bytes whole calls or deliveries, unless {@code more}
     * @param more whether the last of them goes on in the next piece
     */
    record Block(long connection, long sequence, long received, byte[] bytes, boolean more)
            implements ToNode, ToClient {}

    /** The sender, who has nothing else to say, has this much of the other direction; it carries no place in the stream. */
    record Ack(long connection, long received) implements ToNode, ToClient {}

    /** The receiver knows no such connection, or some of it is missing: it is over. */
    record Reset(long connection) implements ToNode, ToClient {}

    /**
     * A client that has heard nothing for a while asks whether the node knows the connection at all; if not, it answers by {@link
     * Reset}.
     *
     * @param connection by the node's name for it
     * @param client where the answer goes
     * @param attempt the client's name for it
     */
    record Probe(long connection, ActorRef<ToClient> client, long attempt) implements ToNode {}

    /** How is the node? Answered by {@link Health}. */
    record AskHealth(ActorRef<Health> client) implements ToNode {}

    /**
     * How a node is.
     *
     * @param serving whether it serves clients now
     * @param leaderId the leader's id, 0 for none that the node knows
     * @param epoch of the leader
     * @param zxid last one executed here
     * @param sessions that the ensemble has
     * @param nodes where the members of the ensemble answer, {@code host:port}
     */
    record Health(
            int version,
            int nodeId,
            Role role,
            boolean serving,
            int leaderId,
            long epoch,
            long zxid,
            int znodes,
            int sessions,
            int watches,
            List<String> nodes)
            implements Message {
        public Health {
            nodes = List.copyOf(nodes);
        }
    }
}
