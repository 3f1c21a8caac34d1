package io.troupe.client.protocol;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection: cuts what is to be sent into blocks that remoting takes, numbers them, has no more of them under way
 * than a window, and puts together what comes. Not thread-safe.
 */
public final class ChannelEnd {
    /** Blocks under way, far below what Akka's remoting keeps for one receiver before it drops some. */
    private static final int WINDOW_BLOCKS = 32;

    /** Bytes under way from which on no further block is sent. */
    private static final int WINDOW_BYTES = 1 << 20;

    /** After so much without anything to send, what was received is acknowledged by itself. */
    private static final int ACK_BLOCKS = WINDOW_BLOCKS / 4;

    private static final int ACK_BYTES = WINDOW_BYTES / 4;

    /** Where blocks go. */
    public interface Wire {
        void block(long sequence, long received, byte[] bytes, boolean more);

        void ack(long received);
    }

    /** What a block that has come is. */
    public sealed interface Receipt {
        /** The next one; with it these bytes are whole. */
        record Whole(byte[] bytes) implements Receipt {}

        /** The next one, of something that is not whole yet; or an old one. */
        record Nothing() implements Receipt {}

        /** Not the next one, or more than allowed: the connection is over. */
        record Broken(String why) implements Receipt {}
    }

    private static final Receipt NOTHING = new Receipt.Nothing();

    private final Wire wire;
    private final long mostWhole;

    private final Deque<byte[]> queue = new ArrayDeque<>();
    private int headSent;
    private long queuedBytes;
    private final Deque<Integer> underWay = new ArrayDeque<>();
    private long underWayBytes;
    private long lastSent;

    private long lastReceived;
    private @Nullable ByteArrayOutputStream parts;
    private int blocksSinceAck;
    private int bytesSinceAck;

    /**
     * @param mostWhole bytes of the longest item that may come
     */
    public ChannelEnd(Wire wire, long mostWhole) {
        this.wire = wire;
        this.mostWhole = mostWhole;
    }

    /** One item, to be sent with the next {@link #flush}. */
    public void offer(byte[] item) {
        queue.add(item);
        queuedBytes += item.length;
    }

    /** Bytes that wait for room in the window. */
    public long queuedBytes() {
        return queuedBytes;
    }

    /** Whether all that was offered has been sent and received. */
    public boolean idle() {
        return queue.isEmpty() && underWay.isEmpty();
    }

    /** Sends what was offered, as far as there is room. */
    public void flush() {
        while (!queue.isEmpty() && underWay.size() < WINDOW_BLOCKS && underWayBytes < WINDOW_BYTES) {
            sendBlock();
        }
    }

    private void sendBlock() {
        int left = queue.element().length - headSent;
        if (left > Coordinator.MOST_BYTES) {
            byte[] part = Arrays.copyOfRange(queue.element(), headSent, headSent + Coordinator.MOST_BYTES);
            headSent += part.length;
            send(part, true);
            return;
        }
        ByteArrayOutputStream block = new ByteArrayOutputStream(left);
        while (!queue.isEmpty() && block.size() + queue.element().length - headSent <= Coordinator.MOST_BYTES) {
            byte[] item = queue.remove();
            block.write(item, headSent, item.length - headSent);
            headSent = 0;
        }
        send(block.toByteArray(), false);
    }

    private void send(byte[] bytes, boolean more) {
        queuedBytes -= bytes.length;
        underWay.add(bytes.length);
        underWayBytes += bytes.length;
        wire.block(++lastSent, lastReceived, bytes, more);
        blocksSinceAck = 0;
        bytesSinceAck = 0;
    }

    /** The other end has everything up to here; there may be room for more. */
    public void acknowledged(long received) {
        long oldest = lastSent - underWay.size() + 1;
        for (; oldest <= received && !underWay.isEmpty(); oldest++) {
            underWayBytes -= underWay.remove();
        }
        flush();
    }

    /** A block has come. */
    public Receipt receive(long sequence, long received, byte[] bytes, boolean more) {
        if (sequence <= lastReceived) {
            return NOTHING;
        }
        if (sequence != lastReceived + 1) {
            return new Receipt.Broken("block " + sequence + " came where " + (lastReceived + 1) + " is due");
        }
        lastReceived = sequence;
        acknowledged(received);
        blocksSinceAck++;
        bytesSinceAck += bytes.length;
        if (blocksSinceAck >= ACK_BLOCKS || bytesSinceAck >= ACK_BYTES) {
            wire.ack(lastReceived);
            blocksSinceAck = 0;
            bytesSinceAck = 0;
        }
        return assemble(bytes, more);
    }

    private Receipt assemble(byte[] bytes, boolean more) {
        ByteArrayOutputStream begun = parts;
        if (begun == null && !more) {
            return new Receipt.Whole(bytes);
        }
        ByteArrayOutputStream sum = begun == null ? new ByteArrayOutputStream(2 * bytes.length) : begun;
        if (sum.size() + (long) bytes.length > mostWhole + Coordinator.MOST_BYTES) {
            return new Receipt.Broken("more than " + mostWhole + " bytes in one piece");
        }
        sum.write(bytes, 0, bytes.length);
        parts = more ? sum : null;
        return more ? NOTHING : new Receipt.Whole(sum.toByteArray());
    }
}
