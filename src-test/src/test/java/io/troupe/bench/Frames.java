package io.troupe.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** ZooKeeper's frames, encoded once: only the xid changes from request to request. */
final class Frames {
    /** Where the xid stands in a request frame. */
    static final int XID_OFFSET = 4;

    private static final int CREATE = 1;
    private static final int SET_DATA = 5;
    private static final int GET_DATA = 4;

    private Frames() {}

    /** A handshake for a new session. */
    static byte[] connect(int timeoutMillis) {
        return ByteBuffer.allocate(4 + 45)
                .putInt(45)
                .putInt(0)
                .putLong(0)
                .putInt(timeoutMillis)
                .putLong(0)
                .putInt(16)
                .put(new byte[16])
                .put((byte) 0)
                .array();
    }

    /** Creates an open persistent node. */
    static byte[] create(String path, byte[] data) {
        byte[] p = path.getBytes(StandardCharsets.UTF_8);
        byte[] world = "world".getBytes(StandardCharsets.UTF_8);
        byte[] anyone = "anyone".getBytes(StandardCharsets.UTF_8);
        int body = 4 + p.length + 4 + data.length + 4 + 4 + 4 + world.length + 4 + anyone.length + 4;
        return request(CREATE, body)
                .putInt(p.length)
                .put(p)
                .putInt(data.length)
                .put(data)
                .putInt(1)
                .putInt(31)
                .putInt(world.length)
                .put(world)
                .putInt(anyone.length)
                .put(anyone)
                .putInt(0)
                .array();
    }

    /** Sets a node's data, whatever its version. */
    static byte[] setData(String path, byte[] data) {
        byte[] p = path.getBytes(StandardCharsets.UTF_8);
        return request(SET_DATA, 4 + p.length + 4 + data.length + 4)
                .putInt(p.length)
                .put(p)
                .putInt(data.length)
                .put(data)
                .putInt(-1)
                .array();
    }

    /** Reads a node's data without a watch. */
    static byte[] getData(String path) {
        byte[] p = path.getBytes(StandardCharsets.UTF_8);
        return request(GET_DATA, 4 + p.length + 1)
                .putInt(p.length)
                .put(p)
                .put((byte) 0)
                .array();
    }

    private static ByteBuffer request(int type, int body) {
        return ByteBuffer.allocate(4 + 8 + body).putInt(8 + body).putInt(0).putInt(type);
    }
}
