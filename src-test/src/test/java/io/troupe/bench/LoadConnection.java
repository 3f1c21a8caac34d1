package io.troupe.bench;

import io.troupe.process.ServerAddress;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * One session on a raw socket: blocking while it is set up, then driven by {@link LoadGenerator}. Requests are encoded
 * beforehand, and answers matched by their order, so that neither allocates.
 */
final class LoadConnection implements AutoCloseable {
    private static final int SESSION_TIMEOUT_MILLIS = 40_000;
    private static final int EVENT_XID = -1;
    private static final int PING_XID = -2;

    /** Of an answer behind its length: xid, zxid, error. */
    private static final int HEADER = 16;

    private static final int ERROR_OFFSET = 12;
    private static final int LEAST_BUFFER = 1024;

    /** A busy connection's buffer grows to this; a larger answer gets a larger one. */
    private static final int USUAL_BUFFER = 128 * 1024;

    final SocketChannel channel;
    private ByteBuffer out = ByteBuffer.allocateDirect(LEAST_BUFFER);
    /** So much of {@link #out} has gone already. */
    private int gone;

    private ByteBuffer in = ByteBuffer.allocateDirect(LEAST_BUFFER);
    private byte[][] frames = {};
    private int nextFrame;
    private int xid;

    // A ring of when the requests under way were (to be) sent, the oldest at head.
    private long[] sentAt = new long[16];
    private int head;
    private int outstanding;

    private LoadConnection(SocketChannel channel) {
        this.channel = channel;
    }

    /** A connection whose new session has been asked for; {@link #greeted} must follow. */
    static LoadConnection dial(ServerAddress server, int patienceMillis) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(new InetSocketAddress(server.host(), server.clientPort()), patienceMillis);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().setSoTimeout(patienceMillis);
            channel.write(ByteBuffer.wrap(Frames.connect(SESSION_TIMEOUT_MILLIS)));
            return new LoadConnection(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Waits until the session is open. */
    LoadConnection greeted() throws IOException {
        try {
            readFrame();
            return this;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * A connection with a session.
     *
     * @param patienceMillis how long a {@link #call} may wait, as a client's read timeout
     */
    static LoadConnection open(ServerAddress server, int patienceMillis) throws IOException {
        return dial(server, patienceMillis).greeted();
    }

    /** What {@link #request} sends, in turn. */
    LoadConnection sending(byte[]... requests) {
        frames = requests.clone();
        nextFrame = 0;
        return this;
    }

    /** Sends one request and waits for its answer; returns the error code. */
    int call(byte[] request) throws IOException {
        send(request);
        return receive();
    }

    /** Sends one request, whose answer must be {@link #receive}d. */
    void send(byte[] request) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(request.clone());
        buffer.putInt(Frames.XID_OFFSET, ++xid);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Waits for the answer to what was sent; returns the error code. */
    int receive() throws IOException {
        return readFrame().getInt(ERROR_OFFSET);
    }

    private ByteBuffer readFrame() throws IOException {
        return ByteBuffer.wrap(read(ByteBuffer.wrap(read(4)).getInt()));
    }

    /** Through the socket, whose reads have a timeout. */
    private byte[] read(int length) throws IOException {
        byte[] bytes = channel.socket().getInputStream().readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the server closed the connection");
        }
        return bytes;
    }

    /** Puts the next request into the output buffer; its latency counts from {@code now}. */
    void request(long now) {
        request(frames[nextFrame], now);
        nextFrame = nextFrame + 1 == frames.length ? 0 : nextFrame + 1;
    }

    /** Puts a request into the output buffer. */
    void request(byte[] frame, long now) {
        append(frame, ++xid);
        if (outstanding == sentAt.length) {
            long[] longer = new long[2 * sentAt.length];
            for (int i = 0; i < outstanding; i++) {
                longer[i] = sentAt[(head + i) & (sentAt.length - 1)];
            }
            sentAt = longer;
            head = 0;
        }
        sentAt[(head + outstanding++) & (sentAt.length - 1)] = now;
    }

    /** Puts a ping into the output buffer, whose answer counts for nothing. */
    void ping() {
        append(Frames.PING, PING_XID);
    }

    private void append(byte[] frame, int number) {
        if (out.remaining() < frame.length && gone > 0) {
            out.flip().position(gone);
            out.compact();
            gone = 0;
        }
        if (out.remaining() < frame.length) {
            out = larger(out, frame.length);
        }
        int at = out.position();
        out.put(frame).putInt(at + Frames.XID_OFFSET, number);
    }

    private static ByteBuffer larger(ByteBuffer full, int room) {
        int capacity = Integer.highestOneBit(full.position() + room) << 1;
        return ByteBuffer.allocateDirect(capacity).put(full.flip());
    }

    int outstanding() {
        return outstanding;
    }

    /** Writes what fits; true when everything went out. */
    boolean flush() throws IOException {
        int end = out.position();
        if (end == 0) {
            return true;
        }
        out.flip().position(gone);
        channel.write(out);
        boolean all = !out.hasRemaining();
        gone = all ? 0 : out.position();
        out.limit(out.capacity()).position(all ? 0 : end);
        return all;
    }

    /** Told of what comes from the server. */
    interface Answers {
        /** An answer: its error code and when its request was (to be) sent. */
        void onAnswer(LoadConnection from, int error, long sentNanos);

        /** A watch fired. */
        default void onEvent(LoadConnection from) {}
    }

    /** Takes what has arrived. */
    void read(Answers answers) throws IOException {
        if (channel.read(in) < 0) {
            throw new EOFException("the server closed the connection");
        }
        boolean full = !in.hasRemaining();
        in.flip();
        while (in.remaining() >= 4 && in.remaining() >= 4 + in.getInt(in.position())) {
            int length = in.getInt();
            int start = in.position();
            if (length < HEADER) {
                throw new IOException("an answer of " + length + " bytes");
            }
            in.position(start + length);
            taken(in.getInt(start), in.getInt(start + ERROR_OFFSET), answers);
        }
        int missing = in.remaining() < 4 ? 0 : 4 + in.getInt(in.position()) - in.remaining();
        in.compact();
        if (in.remaining() < missing) {
            in = larger(in, missing);
        } else if (full && in.capacity() < USUAL_BUFFER) {
            in = larger(in, in.capacity());
        }
    }

    private void taken(int number, int error, Answers answers) throws IOException {
        if (number == EVENT_XID) {
            answers.onEvent(this);
        } else if (number != PING_XID) {
            if (outstanding == 0 || number != xid - outstanding + 1) {
                throw new IOException("an answer to " + number + " instead of " + (xid - outstanding + 1));
            }
            long sent = sentAt[head];
            head = (head + 1) & (sentAt.length - 1);
            outstanding--;
            answers.onAnswer(this, error, sent);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
