package io.troupe.link;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import io.troupe.ensemble.WireMessage;
import java.util.function.BiConsumer;

/** For an actor that sends to its likes on other nodes and leaves places and receivers to the guardian. */
public final class SendOnlyTransport implements PeerTransport {
    private final Recipient likes;
    private final BiConsumer<Integer, WireMessage> sent;

    /**
     * A transport that refuses all else.
     *
     * @param likes to whom messages may be sent
     * @param sent is told of the node and of the message
     */
    public SendOnlyTransport(Recipient likes, BiConsumer<Integer, WireMessage> sent) {
        this.likes = likes;
        this.sent = sent;
    }

    @Override
    public void address(int nodeId, String host, int port) {
        throw new AssertionError("the guardian says where nodes are, not " + likes);
    }

    @Override
    public void receiver(Recipient recipient, ActorRef<? extends Object> actor) {
        throw new AssertionError("the guardian registers receivers, not " + likes);
    }

    @Override
    public void send(int nodeId, Recipient recipient, WireMessage message) {
        assertThat(recipient).isEqualTo(likes);
        sent.accept(nodeId, message);
    }

    @Override
    public void send(String host, int port, Recipient recipient, WireMessage message) {
        throw new AssertionError(likes + " knows nodes by their ids");
    }
}
