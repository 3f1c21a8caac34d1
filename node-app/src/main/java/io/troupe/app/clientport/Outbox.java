package io.troupe.app.clientport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.troupe.app.clientport.jute.ServerFrame;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The frames one connection has yet to send. They are encoded only while the socket takes them: many in one buffer, and
 * none for a client that does not read, whose frames wait here as references into the tree. One event loop only.
 */
final class Outbox {
    /** A buffer is handed to the socket once it has grown to this many bytes. */
    private static final int CHUNK = 256 << 10;

    private static final int INITIAL_BUFFER = 512;

    private final Channel channel;
    private final PortStatistics statistics;
    private final Queue<ServerFrame> waiting = new ArrayDeque<>();
    private long heldBytes;
    private boolean last;

    Outbox(Channel channel, PortStatistics statistics) {
        this.channel = channel;
        this.statistics = statistics;
    }

    void add(ServerFrame frame) {
        if (!last) {
            waiting.add(frame);
            heldBytes += frame.heldBytes();
        }
    }

    /** Nothing may follow what is waiting now; the connection closes once that is written. */
    void closeAfterThis() {
        last = true;
    }

    /** Whether the socket has stopped taking frames. */
    boolean blocked() {
        return !waiting.isEmpty() || !channel.isWritable();
    }

    long heldBytes() {
        return heldBytes;
    }

    void clear() {
        waiting.clear();
        heldBytes = 0;
        last = true;
    }

    /** Writes what the socket takes. */
    void drain() {
        boolean wrote = false;
        while (!waiting.isEmpty() && channel.isWritable()) {
            channel.write(encodeSome()).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
            wrote = true;
        }
        if (wrote) {
            channel.flush();
        }
        if (last && waiting.isEmpty()) {
            channel.writeAndFlush(channel.alloc().buffer(0, 0)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private ByteBuf encodeSome() {
        ServerFrame first = waiting.peek();
        long expected = first == null ? 0 : first.heldBytes();
        ByteBuf buffer = channel.alloc().ioBuffer(INITIAL_BUFFER + (int) Math.min(expected, CHUNK * 4L));
        try {
            for (ServerFrame next = waiting.poll(); next != null; next = waiting.poll()) {
                heldBytes -= next.heldBytes();
                int start = buffer.writerIndex();
                next.encode(buffer);
                statistics.frameWritten(next instanceof ServerFrame.Event, buffer.writerIndex() - start);
                if (buffer.readableBytes() >= CHUNK) {
                    break;
                }
            }
            return buffer;
        } catch (RuntimeException e) {
            buffer.release();
            throw e;
        }
    }
}
