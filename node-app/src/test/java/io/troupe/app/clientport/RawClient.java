package io.troupe.app.clientport;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.RequestHeader;

/** A client that writes and reads single frames, as wrong as a test wants them. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;
    static final int TIMEOUT = 10_000;

    final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    RawClient(InetSocketAddress address) throws IOException {
        this(connected(address));
    }

    private static Socket connected(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address, PATIENCE_MILLIS);
        return socket;
    }

    /** A client on a connection that is there. */
    RawClient(Socket connection) throws IOException {
        socket = connection;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** A client with an open session. */
    static RawClient open(InetSocketAddress address) throws IOException {
        RawClient client = new RawClient(address);
        client.handshake();
        return client;
    }

    ConnectResponse handshake() throws IOException {
        sendFrame(bytes(new ConnectRequest(0, 0, TIMEOUT, 0, new byte[16], false)));
        return read(new ConnectResponse());
    }

    static byte[] bytes(Record... records) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryOutputArchive archive = BinaryOutputArchive.getArchive(bytes);
        for (Record record : records) {
            record.serialize(archive, "");
        }
        return bytes.toByteArray();
    }

    static byte[] request(int xid, int type, Record... body) throws IOException {
        Record[] all = new Record[body.length + 1];
        all[0] = new RequestHeader(xid, type);
        System.arraycopy(body, 0, all, 1, body.length);
        return bytes(all);
    }

    /** The bytes of one or more frames, lengths included. */
    static byte[] frames(byte[]... frames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes);
        for (byte[] frame : frames) {
            data.writeInt(frame.length);
            data.write(frame);
        }
        return bytes.toByteArray();
    }

    void sendRaw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void sendFrame(byte[] frame) throws IOException {
        sendRaw(frames(frame));
    }

    void send(int xid, int type, Record... body) throws IOException {
        sendFrame(request(xid, type, body));
    }

    byte[] readFrame() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return frame;
    }

    /** Reads one frame as these records, one after the other. */
    <R extends Record> R read(R record) throws IOException {
        archive(readFrame()).readRecord(record, "");
        return record;
    }

    ReplyHeader readHeader() throws IOException {
        return read(new ReplyHeader());
    }

    /** Sends a request and reads the header of its reply. */
    ReplyHeader ask(byte[] request) throws IOException {
        sendFrame(request);
        return readHeader();
    }

    /** Reads a reply with this body. */
    <R extends Record> R readReply(int xid, R body) throws IOException {
        BinaryInputArchive archive = archive(readFrame());
        ReplyHeader header = new ReplyHeader();
        archive.readRecord(header, "");
        if (header.getXid() != xid || header.getErr() != 0) {
            throw new IOException("expected a reply to " + xid + ", got " + header);
        }
        archive.readRecord(body, "");
        return body;
    }

    static BinaryInputArchive archive(byte[] frame) {
        return BinaryInputArchive.getArchive(new java.io.ByteArrayInputStream(frame));
    }

    /** Whether the server has closed the connection; waits for that, and fails when bytes come instead. */
    boolean isClosedByServer() throws IOException {
        try {
            int next = in.read();
            if (next >= 0) {
                throw new IOException("a byte came where the end was expected");
            }
            return true;
        } catch (SocketException reset) {
            return true;
        }
    }

    byte[] readToEnd() throws IOException {
        return in.readAllBytes();
    }

    static byte[] cut(byte[] frame, int length) {
        return Arrays.copyOf(frame, length);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
