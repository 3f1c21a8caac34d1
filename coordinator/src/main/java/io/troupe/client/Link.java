package io.troupe.client;

import akka.actor.typed.ActorRef;
import io.troupe.client.protocol.Ask;
import io.troupe.client.protocol.Call;
import io.troupe.client.protocol.ChannelEnd;
import io.troupe.client.protocol.Coordinator.Ack;
import io.troupe.client.protocol.Coordinator.Block;
import io.troupe.client.protocol.Coordinator.Opened;
import io.troupe.client.protocol.Coordinator.Probe;
import io.troupe.client.protocol.Coordinator.Reset;
import io.troupe.client.protocol.Coordinator.ToClient;
import io.troupe.client.protocol.Coordinator.ToNode;
import io.troupe.client.protocol.Delivery;
import io.troupe.client.protocol.WireCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A session's connection to one node. */
final class Link {
    /** Answers are as long as the nodes' data make them; this keeps a broken node from filling the heap. */
    private static final long MOST_BYTES = 256L << 20;

    private static final int BEATS = 6;
    private static final Duration LEAST_BEAT = Duration.ofMillis(20);
    private static final Duration MOST_BEAT = Duration.ofSeconds(1);

    private final ActorRef<ToNode> node;
    private final Opened opened;
    private final ChannelEnd channel;
    private final Duration beat;
    private final long silenceAllowed;
    private int silentBeats;
    private boolean idle;

    Link(ActorRef<ToNode> node, Opened opened, Duration silence) {
        this.node = node;
        this.opened = opened;
        long number = opened.channel();
        this.channel = new ChannelEnd(
                new ChannelEnd.Wire() {
                    @Override
                    public void block(long sequence, long received, byte[] bytes, boolean more) {
                        node.tell(new Block(number, sequence, received, bytes, more));
                    }

                    @Override
                    public void ack(long received) {
                        node.tell(new Ack(number, received));
                    }
                },
                MOST_BYTES);
        Duration part = Duration.ofMillis(opened.timeoutMillis()).dividedBy(BEATS);
        this.beat = part.compareTo(MOST_BEAT) > 0 ? MOST_BEAT : part.compareTo(LEAST_BEAT) < 0 ? LEAST_BEAT : part;
        this.silenceAllowed = Math.min(opened.timeoutMillis() / 3, silence.toMillis());
    }

    /** How often to look whether the node is still there. */
    Duration beat() {
        return beat;
    }

    int maxOutstanding() {
        return opened.maxOutstanding();
    }

    /** Takes a call to be sent, unless the node would not. */
    Optional<CoordinatorException> offer(Pending<?> call) {
        byte[] encoded = WireCodec.encode(new Call(call.xid(), call.ask()));
        if (encoded.length > opened.maxRequestBytes() && !(call.ask() instanceof Ask.ResumeWatches)) {
            return Optional.of(
                    new CoordinatorException.TooLarge(call.what(), encoded.length, opened.maxRequestBytes()));
        }
        channel.offer(encoded);
        idle = false;
        return Optional.empty();
    }

    void flush() {
        channel.flush();
    }

    /**
     * What has come with a block, nothing where it is not whole yet.
     *
     * @throws IOException when the connection is broken, or what comes cannot be read
     */
    List<Delivery> receive(Block block) throws IOException {
        silentBeats = 0;
        ChannelEnd.Receipt receipt = channel.receive(block.sequence(), block.received(), block.bytes(), block.more());
        if (receipt instanceof ChannelEnd.Receipt.Broken broken) {
            throw new IOException(broken.why());
        }
        return receipt instanceof ChannelEnd.Receipt.Whole whole ? WireCodec.deliveries(whole.bytes()) : List.of();
    }

    void acknowledged(long received) {
        channel.acknowledged(received);
    }

    /** Another beat without a word from the node; whether that is too long. */
    boolean silentFor() {
        return beat.multipliedBy(silentBeats++).toMillis() > silenceAllowed;
    }

    /** Whether nothing was sent since the last time that this was asked: the ensemble counts from what it is sent. */
    boolean takeIdle() {
        boolean was = idle;
        idle = true;
        return was;
    }

    /** Whether nothing was heard in the last beat. */
    boolean isSilent() {
        return silentBeats > 1;
    }

    /** Has the node started again, and does not know of this any more? */
    void probe(ActorRef<ToClient> client) {
        node.tell(new Probe(opened.channel(), client, opened.attempt()));
    }

    /** The node need not keep it. */
    void giveUp() {
        node.tell(new Reset(opened.channel()));
    }
}
