package io.troupe.conformance.frames;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.jute.BinaryInputArchive;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;
import org.jspecify.annotations.Nullable;

/** A client by hand: a connection, the session on it, and which request the next reply answers. One thread. */
public final class FrameSession implements AutoCloseable {
    /** Longer than any test keeps a session. */
    public static final int TIMEOUT_MILLIS = 30_000;

    private final FrameConnection connection;
    private final Deque<Request> due = new ArrayDeque<>();
    private long id;
    private byte[] password = new byte[16];
    private int timeoutMillis;
    private int nextXid = 1;

    /**
     * What a server sent.
     *
     * @param request that it answers; null for an event
     */
    public record Received(Reply reply, @Nullable Request request) {
        /** In words, see {@link Reply#text}. */
        public String text(Names names) {
            try {
                return reply.text(request == null ? 0 : request.type(), names);
            } catch (IOException e) {
                return "unreadable: " + e + " in an answer to " + request;
            }
        }
    }

    private FrameSession(FrameConnection connection) {
        this.connection = connection;
    }

    /** A new session. */
    public static FrameSession open(int port) throws IOException {
        FrameSession session = connected(port);
        if (!session.handshake(0, TIMEOUT_MILLIS, 0, new byte[16])) {
            throw new IOException("the server closed the connection instead of opening a session");
        }
        return session;
    }

    /** A connection without a session yet. */
    public static FrameSession connected(int port) throws IOException {
        return new FrameSession(FrameConnection.to(port));
    }

    /** Asks for a session, a new one where the id is 0; false when the server closed the connection without an answer. */
    public boolean handshake(long lastZxid, int timeout, long sessionId, byte[] passwordThen) throws IOException {
        ask(lastZxid, timeout, sessionId, passwordThen);
        byte[] answer = connection.read();
        if (answer == null) {
            return false;
        }
        ConnectResponse response = new ConnectResponse();
        BinaryInputArchive.getArchive(new ByteArrayInputStream(answer)).readRecord(response, "");
        id = response.getSessionId();
        password = response.getPasswd();
        timeoutMillis = response.getTimeOut();
        return true;
    }

    private void ask(long lastZxid, int timeout, long sessionId, byte[] passwordThen) throws IOException {
        connection.write(
                List.of(Request.bytes(new ConnectRequest(0, lastZxid, timeout, sessionId, passwordThen, false))));
    }

    public FrameConnection connection() {
        return connection;
    }

    public long id() {
        return id;
    }

    public byte[] password() {
        return password.clone();
    }

    /** The timeout that the server granted; 0 when it knows no such session. */
    public int timeoutMillis() {
        return timeoutMillis;
    }

    /** Sends requests in one go. */
    public void send(List<Request> requests) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        for (Request request : requests) {
            int xid = request.xid(nextXid);
            if (xid == nextXid) {
                nextXid++;
            }
            frames.add(request.frame(xid));
            due.add(request);
        }
        connection.write(frames);
    }

    /** The next reply or event; null when the server has closed the connection. */
    public @Nullable Received receive() throws IOException {
        byte[] frame = connection.read();
        if (frame == null) {
            return null;
        }
        Reply reply = new Reply(frame);
        return new Received(reply, reply.isEvent() ? null : due.poll());
    }

    /** The next reply or event, which must come. */
    public Received next() throws IOException {
        Received received = receive();
        if (received == null) {
            throw new IOException("the server closed the connection before it answered " + due);
        }
        return received;
    }

    /** Replies that are still due. */
    public int due() {
        return due.size();
    }

    /** Sends one request and reads up to its reply; events before it are lost. */
    public Reply ask(Request request) throws IOException {
        send(List.of(request));
        Received received = next();
        while (received.request() == null) {
            received = next();
        }
        return received.reply();
    }

    /** Whether the server has nothing more to say and closes the connection; waits for that. */
    public boolean isClosedByServer() throws IOException {
        return connection.read() == null;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
