package io.troupe.resources;

import io.troupe.conformance.frames.Request;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.jute.BinaryInputArchive;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.SetWatches;
import org.jspecify.annotations.Nullable;

/**
 * One of a {@link Crowd}: a session by hand that pings, comes back with its session when it loses its connection, and then sets its
 * watches again. The crowd's thread only.
 */
final class CheapClient {
    private static final int XID_OFFSET = 0;
    private static final int ERROR_OFFSET = 12;
    private static final int HEADER = 16;
    private static final ByteBuffer PING =
            framed(List.of(new Request("ping", OpCode.ping, new byte[0]).frame(Request.PING_XID)));

    private final Crowd crowd;
    private final int index;
    private final List<String> watched = new ArrayList<>();
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private boolean open;
    private boolean deaf;
    private long sessionId;
    private byte[] password = new byte[16];
    private int timeoutMillis;
    private long lastZxid;
    private int nextXid = 1;
    private long nextPing;
    private long retryAt;
    private int tries;
    private @Nullable ByteBuffer out;
    private ByteBuffer in = ByteBuffer.allocate(256);

    CheapClient(Crowd crowd, int index, int timeoutMillis) {
        this.crowd = crowd;
        this.index = index;
        this.timeoutMillis = timeoutMillis;
    }

    private static ByteBuffer framed(List<byte[]> frames) {
        int bytes =
                frames.stream().mapToInt(frame -> Integer.BYTES + frame.length).sum();
        ByteBuffer all = ByteBuffer.allocate(bytes);
        frames.forEach(frame -> all.putInt(frame.length).put(frame));
        return all.flip();
    }

    boolean isOpen() {
        return open;
    }

    /** Whether it has neither a connection nor one under way. */
    boolean isAway() {
        return channel == null;
    }

    /** Never reads again. */
    void stopReading() {
        deaf = true;
        interest();
    }

    /** Reads what has gathered, and whatever comes. */
    void readAgain() {
        deaf = false;
        interest();
    }

    /** Dials the server whose turn it is, if its time has come. */
    void dial(Selector selector, long now) throws IOException {
        if (now < retryAt) {
            return;
        }
        List<Integer> ports = crowd.ports();
        int port = ports.get((index + tries++) % ports.size());
        SocketChannel dialled = SocketChannel.open();
        dialled.configureBlocking(false);
        dialled.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel = dialled;
        key = dialled.register(selector, SelectionKey.OP_CONNECT, this);
        try {
            if (dialled.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                greet();
            }
        } catch (IOException refused) {
            lost(now);
        }
    }

    /** Something can be done on its connection. */
    void ready(long now) {
        SelectionKey ready = key;
        SocketChannel connected = channel;
        if (ready == null || connected == null) {
            return;
        }
        try {
            if (ready.isConnectable() && connected.finishConnect()) {
                greet();
            }
            if (ready.isValid() && ready.isWritable()) {
                flush();
            }
            if (ready.isValid() && ready.isReadable()) {
                read(now);
            }
        } catch (IOException e) {
            lost(now);
        }
    }

    private void greet() throws IOException {
        in.clear();
        out = null;
        write(framed(
                List.of(Request.bytes(new ConnectRequest(0, lastZxid, timeoutMillis, sessionId, password, false)))));
    }

    /** Pings when it is due. */
    void tick(long now) {
        if (open && now >= nextPing) {
            nextPing = now + timeoutMillis / 3;
            try {
                write(PING.duplicate());
            } catch (IOException e) {
                lost(now);
            }
        }
    }

    /** Sends requests in one go; not to be called before the session is open. */
    void ask(List<Request> requests, long now) {
        List<byte[]> frames = new ArrayList<>();
        for (Request request : requests) {
            frames.add(request.frame(request.xid(nextXid++)));
        }
        try {
            write(framed(frames));
        } catch (IOException e) {
            lost(now);
        }
    }

    /** These paths have data watches of this client, which it sets again when it comes back. */
    void watches(List<String> paths) {
        watched.addAll(paths);
    }

    private void write(ByteBuffer bytes) throws IOException {
        if (out == null) {
            out = bytes;
        } else {
            out = ByteBuffer.allocate(out.remaining() + bytes.remaining())
                    .put(out)
                    .put(bytes)
                    .flip();
        }
        flush();
    }

    private void flush() throws IOException {
        SocketChannel connected = channel;
        if (connected != null && out != null) {
            connected.write(out);
            if (!out.hasRemaining()) {
                out = null;
            }
        }
        interest();
    }

    private void interest() {
        if (key != null && key.isValid()) {
            key.interestOps((deaf ? 0 : SelectionKey.OP_READ) | (out == null ? 0 : SelectionKey.OP_WRITE));
        }
    }

    private void read(long now) throws IOException {
        SocketChannel connected = channel;
        if (connected == null || connected.read(in) < 0) {
            throw new EOFException("the server closed the connection");
        }
        in.flip();
        while (in.remaining() >= Integer.BYTES && in.remaining() >= Integer.BYTES + in.getInt(in.position())) {
            int length = in.getInt();
            int start = in.position();
            frame(start, length, now);
            if (key == null) {
                return;
            }
            in.position(start + length);
        }
        if (in.remaining() >= Integer.BYTES && in.getInt(in.position()) + Integer.BYTES > in.capacity()) {
            in = ByteBuffer.allocate(in.getInt(in.position()) + Integer.BYTES).put(in);
        } else {
            in.compact();
        }
    }

    private void frame(int start, int length, long now) throws IOException {
        if (!open) {
            opened(start, length, now);
            return;
        }
        int xid = in.getInt(start + XID_OFFSET);
        long zxid = in.getLong(start + XID_OFFSET + Integer.BYTES);
        if (xid >= 0 && zxid > 0) {
            lastZxid = zxid;
        }
        crowd.heard(xid, length < HEADER ? 0 : in.getInt(start + ERROR_OFFSET));
    }

    private void opened(int start, int length, long now) throws IOException {
        byte[] frame = new byte[length];
        in.get(start, frame);
        ConnectResponse response = new ConnectResponse();
        BinaryInputArchive.getArchive(new ByteArrayInputStream(frame)).readRecord(response, "");
        if (response.getTimeOut() <= 0) {
            crowd.expired();
            close();
            retryAt = Long.MAX_VALUE;
            return;
        }
        boolean again = sessionId != 0;
        sessionId = response.getSessionId();
        password = response.getPasswd();
        timeoutMillis = response.getTimeOut();
        open = true;
        tries = 0;
        // Not all at the same moment.
        nextPing = now + timeoutMillis / 3L * (index % 64) / 64;
        crowd.opened();
        if (again && !watched.isEmpty()) {
            SetWatches all = new SetWatches(lastZxid, watched, List.of(), List.of());
            ask(List.of(Request.of("setWatches", OpCode.setWatches, all)), now);
        }
    }

    private void lost(long now) {
        close();
        // As impatient as clients may be; after a round of all servers a little less.
        retryAt = crowd.comesBack() ? now + (tries % crowd.ports().size() == 0 ? 100 : 0) : Long.MAX_VALUE;
    }

    /** Drops the connection, and says nothing. */
    void close() {
        if (open) {
            open = false;
            crowd.closed();
        }
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        channel = null;
        key = null;
    }
}
