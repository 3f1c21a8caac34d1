package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.AddWatchRequest;
import org.apache.zookeeper.proto.AuthPacket;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.CreateTTLRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.GetACLRequest;
import org.apache.zookeeper.proto.GetChildren2Request;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.RemoveWatchesRequest;
import org.apache.zookeeper.proto.RequestHeader;
import org.apache.zookeeper.proto.SetACLRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.SetWatches2;
import org.apache.zookeeper.proto.SyncRequest;

/**
 * A client that keeps no rule: right requests, damaged ones, half ones and noise, in any state of the connection, answers
 * left unread. The same seed is the same bytes.
 */
final class FrameFuzzer {
    private static final int PATIENCE_MILLIS = 50;
    private static final int MOST_FRAMES = 30;
    private static final List<String> WORDS =
            List.of("ruok", "srvr", "stat", "mntr", "cons", "dump", "wchp", "hash", "xxxx");

    private final Random random;
    private long frames;

    FrameFuzzer(long seed) {
        this.random = new Random(seed);
    }

    /** Frames sent so far, whole or not. */
    long frames() {
        return frames;
    }

    /** One connection, from its beginning to its end; that the server ends it earlier is to be expected. */
    void connection(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
            socket.setSoTimeout(PATIENCE_MILLIS);
            if (random.nextInt(10) > 0) {
                send(socket, random.nextInt(8) == 0 ? damaged(handshake()) : framed(handshake()));
                read(socket);
            }
            int count = random.nextInt(MOST_FRAMES);
            ByteArrayOutputStream burst = new ByteArrayOutputStream();
            for (int i = 0; i < count; i++) {
                burst.writeBytes(anything());
                if (random.nextInt(4) == 0) {
                    send(socket, burst.toByteArray());
                    burst.reset();
                }
                if (random.nextInt(12) == 0) {
                    read(socket);
                }
            }
            send(socket, burst.toByteArray());
            if (random.nextBoolean()) {
                read(socket);
            }
        } catch (IOException e) {
            // The server has closed the connection, which is its right.
        }
    }

    private void send(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        frames++;
    }

    private static void read(Socket socket) throws IOException {
        byte[] some = new byte[4096];
        try {
            if (socket.getInputStream().read(some) < 0) {
                throw new IOException("closed");
            }
        } catch (SocketTimeoutException e) {
            // No answer is an answer too.
        }
    }

    private byte[] anything() {
        frames++;
        return switch (random.nextInt(12)) {
            case 0 -> noise();
            case 1 -> ByteBuffer.allocate(4).putInt(random.nextInt()).array();
            case 2 -> framed(noise());
            case 3 -> WORDS.get(random.nextInt(WORDS.size())).getBytes(UTF_8);
            case 4 -> framed(handshake());
            case 5, 6, 7 -> damaged(request());
            default -> framed(request());
        };
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(random.nextInt(20) == 0 ? 70_000 : 100)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] framed(byte[] body) {
        return ByteBuffer.allocate(4 + body.length)
                .putInt(body.length)
                .put(body)
                .array();
    }

    /** Cut short, longer than it is, with other bytes or with another number in it. */
    private byte[] damaged(byte[] body) {
        byte[] bytes = body.clone();
        switch (random.nextInt(5)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(20));
            case 2 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            case 3 -> {
                if (bytes.length >= 12) {
                    ByteBuffer.wrap(bytes).putInt(random.nextInt(bytes.length - 4), oddNumber());
                }
            }
            default -> {
                byte[] whole = framed(bytes);
                return Arrays.copyOf(whole, random.nextInt(whole.length));
            }
        }
        return framed(bytes);
    }

    private int oddNumber() {
        int[] odd = {-1, -2, 0, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xfffff, 0x7fffff, random.nextInt()};
        return odd[random.nextInt(odd.length)];
    }

    private byte[] handshake() {
        return ByteBuffer.allocate(45)
                .putInt(0)
                .putLong(random.nextInt(10) == 0 ? random.nextLong() : 0)
                .putInt(random.nextInt(5) == 0 ? random.nextInt() : 4_000)
                .putLong(random.nextInt(5) == 0 ? random.nextLong() : 0)
                .putInt(16)
                .put(new byte[16])
                .put((byte) random.nextInt(2))
                .array();
    }

    private String path() {
        String[] paths = {
            "/fuzz",
            "/fuzz/a",
            "/fuzz/a/b",
            "/",
            "",
            "//",
            "/fuzz/",
            "/fuzz/../x",
            "/zookeeper/quota",
            "no",
            "/fuzz/\u0000",
            "/fuzz/" + random.nextInt(50)
        };
        return paths[random.nextInt(paths.length)];
    }

    private byte[] request() {
        byte[] data = new byte[random.nextInt(64)];
        String path = path();
        var open = OfficialClient.OPEN;
        int version = random.nextInt(4) - 1;
        return switch (random.nextInt(18)) {
            case 0 -> request(OpCode.create, new CreateRequest(path, data, open, random.nextInt(8)));
            case 1 -> request(OpCode.create2, new CreateRequest(path, data, open, random.nextInt(4)));
            case 2 -> request(OpCode.createContainer, new CreateRequest(path, data, open, 4));
            case 3 ->
                request(OpCode.createTTL, new CreateTTLRequest(path, data, open, 5, random.nextInt(3) * 1000L - 1));
            case 4 -> request(OpCode.delete, new DeleteRequest(path, version));
            case 5 -> request(OpCode.setData, new SetDataRequest(path, data, version));
            case 6 -> request(OpCode.getData, new GetDataRequest(path, random.nextBoolean()));
            case 7 -> request(OpCode.exists, new GetDataRequest(path, random.nextBoolean()));
            case 8 -> request(OpCode.getChildren2, new GetChildren2Request(path, random.nextBoolean()));
            case 9 -> request(OpCode.getACL, new GetACLRequest(path));
            case 10 -> request(OpCode.setACL, new SetACLRequest(path, open, version));
            case 11 -> request(OpCode.sync, new SyncRequest(path));
            case 12 -> request(OpCode.addWatch, new AddWatchRequest(path, random.nextInt(4)));
            case 13 -> request(OpCode.removeWatches, new RemoveWatchesRequest(path, random.nextInt(7)));
            case 14 ->
                request(
                        OpCode.setWatches2,
                        new SetWatches2(0, List.of(path), List.of(path), List.of(path), List.of(path), List.of(path)));
            case 15 -> request(OpCode.auth, new AuthPacket(0, random.nextBoolean() ? "digest" : "none", data));
            case 16 -> request(OpCode.multi, multi(path, data, version));
            default ->
                ByteBuffer.allocate(8)
                        .putInt(random.nextInt(10) - 5)
                        .putInt(random.nextInt(120) - 12)
                        .array();
        };
    }

    private MultiOperationRecord multi(String path, byte[] data, int version) {
        List<Op> ops = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            ops.add(
                    switch (random.nextInt(4)) {
                        case 0 -> Op.create(path, data, OfficialClient.OPEN, random.nextInt(4));
                        case 1 -> Op.delete(path, version);
                        case 2 -> Op.setData(path, data, version);
                        default -> Op.check(path, version);
                    });
        }
        return new MultiOperationRecord(ops);
    }

    private byte[] request(int type, Record body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            BinaryOutputArchive archive = BinaryOutputArchive.getArchive(bytes);
            new RequestHeader(random.nextInt(1000), type).serialize(archive, "header");
            body.serialize(archive, "request");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
