package io.troupe.process;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * A connection whose client sends without waiting for answers and never lets the server's silence hold it up for long. Every method
 * fails once the server has closed it, which is the server's right.
 */
final class FuzzConnection implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int STUCK_MILLIS = 2_000;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer answers = ByteBuffer.allocate(64 << 10);

    FuzzConnection(int port) throws IOException {
        channel = SocketChannel.open();
        try {
            channel.socket().connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            selector = Selector.open();
            key = channel.register(selector, 0);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends all of these, and takes whatever comes meanwhile. */
    void send(byte[] bytes) throws IOException {
        if (!send(bytes, true)) {
            throw new IOException("the server has taken nothing for " + STUCK_MILLIS + " ms");
        }
    }

    /** Sends, taking nothing; false when the server has stopped to read. */
    boolean sendDeaf(byte[] bytes) throws IOException {
        return send(bytes, false);
    }

    private boolean send(byte[] bytes, boolean listening) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            int moved = channel.write(rest);
            if (listening) {
                moved += take();
            }
            int interest = listening ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_WRITE;
            if (moved == 0 && !ready(interest, STUCK_MILLIS)) {
                return false;
            }
        }
        return true;
    }

    private int take() throws IOException {
        answers.clear();
        int count = channel.read(answers);
        if (count < 0) {
            throw new EOFException();
        }
        return count;
    }

    /** The next {@code count} bytes of answers; fails when they do not come. */
    byte[] receive(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            int read = channel.read(bytes);
            if (read < 0 || (read == 0 && !ready(SelectionKey.OP_READ, STUCK_MILLIS))) {
                throw new EOFException();
            }
        }
        return bytes.array();
    }

    /** Takes answers until there are none for so long. */
    void listen(int quietMillis) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STUCK_MILLIS);
        while (ready(SelectionKey.OP_READ, quietMillis) && System.nanoTime() < end) {
            take();
        }
    }

    private boolean ready(int interest, int millis) throws IOException {
        key.interestOps(interest);
        selector.selectedKeys().clear();
        return selector.select(millis) > 0;
    }

    /** Ends it without a farewell. */
    void reset() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        close();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
