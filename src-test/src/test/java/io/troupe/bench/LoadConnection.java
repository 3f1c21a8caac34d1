package io.troupe.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** One session on a raw socket: blocking while it is set up, then driven by {@link LoadGenerator}. */
final class LoadConnection implements AutoCloseable {
    private static final int BUFFER = 256 * 1024;

    final SocketChannel channel;
    final byte[] frame;
    final Deque<Long> sentAt = new ArrayDeque<>();
    private final ByteBuffer out = ByteBuffer.allocate(BUFFER);
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER);
    private int xid;

    /**
     * @param frame the request it will send
     * @param patienceMillis how long a {@link #call} may wait, as a client's read timeout
     */
    LoadConnection(int port, byte[] frame, int patienceMillis) throws IOException {
        this.frame = frame.clone();
        channel = SocketChannel.open();
        try {
            channel.socket().connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), patienceMillis);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().setSoTimeout(patienceMillis);
            channel.write(ByteBuffer.wrap(Frames.connect(30_000)));
            readFrame();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends one request and waits for its answer; returns the error code. */
    int call(byte[] request) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(request.clone());
        buffer.putInt(Frames.XID_OFFSET, ++xid);
        channel.write(buffer);
        return readFrame().getInt(12);
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

    /** Puts one request into the output buffer. */
    void request(long now) {
        int at = out.position();
        out.put(frame);
        out.putInt(at + Frames.XID_OFFSET, ++xid);
        sentAt.add(now);
    }

    int outstanding() {
        return sentAt.size();
    }

    /** Writes what fits; true when everything went out. */
    boolean flush() throws IOException {
        out.flip();
        channel.write(out);
        boolean all = !out.hasRemaining();
        out.compact();
        return all;
    }

    /** Told of each answer: its error code and when its request was (to be) sent. */
    interface Answers {
        void onAnswer(int error, long sentNanos);
    }

    void read(Answers answers) throws IOException {
        if (channel.read(in) < 0) {
            throw new EOFException("the server closed the connection");
        }
        in.flip();
        while (in.remaining() >= 4 && in.remaining() >= 4 + in.getInt(in.position())) {
            int length = in.getInt();
            int error = in.getInt(in.position() + 12);
            in.position(in.position() + length);
            answers.onAnswer(error, sentAt.removeFirst());
        }
        in.compact();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
