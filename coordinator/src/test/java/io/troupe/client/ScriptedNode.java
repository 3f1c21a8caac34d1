package io.troupe.client;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.troupe.client.protocol.Answer;
import io.troupe.client.protocol.Ask;
import io.troupe.client.protocol.Call;
import io.troupe.client.protocol.ChannelEnd;
import io.troupe.client.protocol.Coordinator;
import io.troupe.client.protocol.Coordinator.Ack;
import io.troupe.client.protocol.Coordinator.Block;
import io.troupe.client.protocol.Coordinator.Open;
import io.troupe.client.protocol.Coordinator.Opened;
import io.troupe.client.protocol.Coordinator.Reset;
import io.troupe.client.protocol.Coordinator.ToClient;
import io.troupe.client.protocol.Coordinator.ToNode;
import io.troupe.client.protocol.Delivery;
import io.troupe.client.protocol.WireCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of which the test is the mind. */
final class ScriptedNode {
    private static final int LONGEST = 1 << 20;

    private final TestProbe<ToNode> probe;
    private final Deque<Call> calls = new ArrayDeque<>();
    private @Nullable ActorRef<ToClient> client;
    private @Nullable ChannelEnd channel;
    private long attempt;

    ScriptedNode(ActorTestKit kit) {
        this.probe = kit.createTestProbe();
    }

    NodeFinder finder() {
        return contact -> probe.ref();
    }

    /** The next question for a session, whatever comes before it. */
    Open awaitOpen() {
        while (true) {
            if (next() instanceof Open open) {
                calls.clear();
                return open;
            }
        }
    }

    private ToNode next() {
        return probe.receiveMessage(Duration.ofMinutes(1));
    }

    /** Gives the session. */
    void give(Open open, int timeoutMillis) {
        ActorRef<ToClient> to = open.client();
        long connection = open.attempt();
        client = to;
        attempt = connection;
        channel = new ChannelEnd(
                new ChannelEnd.Wire() {
                    @Override
                    public void block(long sequence, long received, byte[] bytes, boolean more) {
                        to.tell(new Block(connection, sequence, received, bytes, more));
                    }

                    @Override
                    public void ack(long received) {
                        to.tell(new Ack(connection, received));
                    }
                },
                LONGEST);
        to.tell(new Opened(
                Coordinator.VERSION,
                connection,
                connection,
                7,
                new byte[16],
                timeoutMillis,
                LONGEST,
                100,
                1,
                List.of("127.0.0.1:1")));
    }

    /** The next call of this kind; those before it are answered. */
    Call await(Class<? extends Ask> kind) throws IOException {
        while (true) {
            Call call = awaitCall();
            if (kind.isInstance(call.ask())) {
                return call;
            }
            answer(call, new Answer.Done());
        }
    }

    private Call awaitCall() throws IOException {
        while (calls.isEmpty()) {
            if (next() instanceof Block block
                    && channel != null
                    && channel.receive(block.sequence(), block.received(), block.bytes(), block.more())
                            instanceof ChannelEnd.Receipt.Whole whole) {
                calls.addAll(WireCodec.calls(whole.bytes()));
            }
        }
        return calls.remove();
    }

    /** Calls are to be answered in their order. */
    void answer(Call call, Answer answer) {
        deliver(new Delivery.Reply(call.xid(), 1, answer));
    }

    void deliver(Delivery delivery) {
        if (channel != null) {
            channel.offer(WireCodec.encode(delivery));
            channel.flush();
        }
    }

    /** The connection is over. */
    void reset() {
        if (client != null) {
            client.tell(new Reset(attempt));
        }
    }
}
