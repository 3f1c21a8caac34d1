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
 * several, and not for a client that does not read: its frames wait here as references into the tree. A little is written at once, more
 * than that a window at a time, in turn with other connections. One event loop only.
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
    private final WriteTurns turns;
    private final Progress progress;
    private final Queue<ServerFrame> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private ServerFrame.@Nullable Parts begun;
    private int begunBytes;
    private int underWay;
    private int writes;
    private int writesSeen = -1;
    private long writesSeenMillis;
    private boolean awaitsTurn;
    private boolean last;

    /** Who waits for frames to leave. */
    interface Progress {
        /** The socket has taken something while the outbox was {@link #blocked}, or it has had its turn. */
        void progressed();
    }

    /** Nothing waits. */
    Outbox(Channel channel, PortStatistics statistics, Unsent unsent, WriteTurns turns, Progress progress) {
        this.channel = channel;
        this.statistics = statistics;
        this.unsent = unsent;
        this.turns = turns;
        this.progress = progress;
    }

    /** A frame of this port's own. */
    void add(ServerFrame frame) {
        if (!last && unsent.add(frame.heldBytes())) {
            append(frame);
        }
    }

    /** A frame that counts as unsent already. */
    void addCounted(ServerFrame frame) {
        if (last) {
            unsent.remove(frame.heldBytes());
        } else {
            append(frame);
        }
    }

    private void append(ServerFrame frame) {
        waiting.add(frame);
        waitingBytes += frame.heldBytes();
    }

    /** Nothing may follow what is waiting now; the connection closes once that is written. */
    void closeAfterThis() {
        last = true;
    }

    /** Whether frames wait for the socket, or for their turn. */
    boolean blocked() {
        return !isEmpty() || underWay >= WINDOW;
    }

    /** Whether it is the client who keeps frames waiting. */
    boolean awaitsSocket() {
        return blocked() && underWay > 0;
    }

    /** Whether it holds nothing and waits for nothing: another may take its place. */
    boolean isIdle() {
        return isEmpty() && underWay == 0 && !awaitsTurn && !last;
    }

    private boolean isEmpty() {
        return waiting.isEmpty() && begun == null;
    }

    /** Whether the socket has taken nothing for long; looks anew at each call. */
    boolean isStuck(long nowMillis) {
        if (!awaitsSocket() || writes != writesSeen) {
            writesSeen = writes;
            writesSeenMillis = nowMillis;
        }
        return nowMillis - writesSeenMillis > STUCK_MILLIS;
    }

    void clear() {
        waiting.forEach(frame -> unsent.remove(frame.heldBytes()));
        waiting.clear();
        waitingBytes = 0;
        begun = null;
        last = true;
    }

    /** Writes what the socket takes, at once or in turn. */
    void drain() {
        if (begun == null && waitingBytes <= CHUNK) {
            write();
        } else if (!awaitsTurn && underWay < WINDOW) {
            awaitsTurn = true;
            turns.await(this::turn);
        }
    }

    private void turn() {
        awaitsTurn = false;
        if (isEmpty()) {
            return;
        }
        try {
            write();
            progress.progressed();
        } catch (RuntimeException e) {
            channel.pipeline().fireExceptionCaught(e);
        }
    }

    private void write() {
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
        writes++;
        if (!written.isSuccess()) {
            channel.pipeline().fireExceptionCaught(written.cause());
        } else if (wasBlocked) {
            progress.progressed();
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
            waitingBytes -= frame.heldBytes();
            unsent.remove(frame.heldBytes());
            statistics.frameWritten(frame instanceof ServerFrame.Event, begunBytes);
        }
    }
}
