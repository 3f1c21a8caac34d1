package io.troupe.app.clientport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.troupe.app.clientport.jute.ServerFrame;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The frames one connection has yet to send. They are encoded only while the socket takes them, many in one buffer or a long one in
 * several, and not for a client that does not read: its frames wait here as references into the tree. One event loop only.
 */
final class Outbox {
    /** A buffer is handed to the socket once it has grown to this many bytes. */
    private static final int CHUNK = 64 << 10;

    /** Bytes that wait in the socket's queue, at most, besides the last buffer. */
    private static final int WINDOW = 4 * CHUNK;

    private static final int INITIAL_BUFFER = 512;

    /** Longer than a pause of a client that is well. */
    private static final long STUCK_MILLIS = 2_000;

    private final Channel channel;
    private final PortStatistics statistics;
    private final Unsent unsent;
    private final Runnable taken;
    private final Queue<ServerFrame> waiting = new ArrayDeque<>();
    private ServerFrame.@Nullable Parts begun;
    private int begunBytes;
    private int underWay;
    private long progress;
    private long progressSeen;
    private long progressMillis;
    private boolean last;

    /**
     * Nothing waits.
     *
     * @param taken called when the socket has taken something while this was {@link #blocked}
     */
    Outbox(Channel channel, PortStatistics statistics, Unsent unsent, Runnable taken) {
        this.channel = channel;
        this.statistics = statistics;
        this.unsent = unsent;
        this.taken = taken;
    }

    /** A frame of this port's own. */
    void add(ServerFrame frame) {
        if (!last && unsent.add(frame.heldBytes())) {
            waiting.add(frame);
        }
    }

    /** A frame that counts as unsent already. */
    void addCounted(ServerFrame frame) {
        if (last) {
            unsent.remove(frame.heldBytes());
        } else {
            waiting.add(frame);
        }
    }

    /** Nothing may follow what is waiting now; the connection closes once that is written. */
    void closeAfterThis() {
        last = true;
    }

    /** Whether the socket has stopped taking frames. */
    boolean blocked() {
        return !isEmpty() || underWay >= WINDOW;
    }

    private boolean isEmpty() {
        return waiting.isEmpty() && begun == null;
    }

    /** Whether the socket has taken nothing for long; looks anew at each call. */
    boolean isStuck(long nowMillis) {
        if (!blocked() || progress != progressSeen) {
            progressSeen = progress;
            progressMillis = nowMillis;
        }
        return nowMillis - progressMillis > STUCK_MILLIS;
    }

    void clear() {
        waiting.forEach(frame -> unsent.remove(frame.heldBytes()));
        waiting.clear();
        begun = null;
        last = true;
    }

    /** Writes what the socket takes. */
    void drain() {
        boolean wrote = false;
        while (!isEmpty() && underWay < WINDOW) {
            ByteBuf some = encodeSome();
            int bytes = some.readableBytes();
            underWay += bytes;
            channel.write(some).addListener((ChannelFuture written) -> written(written, bytes));
            wrote = true;
        }
        if (wrote) {
            channel.flush();
        }
        if (last && isEmpty()) {
            channel.writeAndFlush(channel.alloc().buffer(0, 0)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void written(ChannelFuture written, int bytes) {
        boolean wasBlocked = blocked();
        underWay -= bytes;
        progress++;
        if (!written.isSuccess()) {
            channel.pipeline().fireExceptionCaught(written.cause());
        } else if (wasBlocked) {
            taken.run();
        }
    }

    private ByteBuf encodeSome() {
        ServerFrame first = waiting.peek();
        long expected = begun != null ? CHUNK : first == null ? 0 : first.heldBytes();
        ByteBuf buffer = channel.alloc().ioBuffer(INITIAL_BUFFER + (int) Math.min(expected, CHUNK));
        try {
            while (!isEmpty() && buffer.readableBytes() < CHUNK) {
                encodeOn(buffer);
            }
            return buffer;
        } catch (RuntimeException e) {
            buffer.release();
            throw e;
        }
    }

    /** Goes on with the frame that is begun, or begins the next. */
    private void encodeOn(ByteBuf buffer) {
        ServerFrame frame = waiting.element();
        ServerFrame.Parts parts = begun;
        if (parts == null) {
            parts = frame.parts();
            begunBytes = 0;
        }
        int start = buffer.writerIndex();
        boolean whole = parts.append(buffer, CHUNK - buffer.readableBytes());
        begunBytes += buffer.writerIndex() - start;
        begun = whole ? null : parts;
        if (whole) {
            waiting.remove();
            unsent.remove(frame.heldBytes());
            statistics.frameWritten(frame instanceof ServerFrame.Event, begunBytes);
        }
    }
}
