package io.troupe.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;

/** ZooKeeper's frames, encoded once: only the xid changes from request to request. */
final class Frames {
    /** Where the xid stands in a request frame. */
    static final int XID_OFFSET = 4;

    private static final int CREATE = 1;
    private static final int GET_DATA = 4;
    private static final int SET_DATA = 5;
    private static final int GET_CHILDREN = 8;
    private static final int SYNC = 9;
    private static final int PING_TYPE = 11;
    private static final int MULTI = 14;
    private static final int CLOSE_SESSION = -11;
    private static final int PERSISTENT = 0;
    private static final int PERSISTENT_SEQUENTIAL = 2;

    private static final byte[] WORLD = "world".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ANYONE = "anyone".getBytes(StandardCharsets.UTF_8);
    private static final int ALL_PERMISSIONS = 31;

    /** Of an operation inside a multi: its type, whether it is the end, an error. */
    private static final int SUB_HEADER = 4 + 1 + 4;

    /** Not to be changed; its xid is put into the copy that is sent. */
    static final byte[] PING = request(PING_TYPE, 0).array();

    /** Ends a session. Not to be changed. */
    static final byte[] CLOSE = request(CLOSE_SESSION, 0).array();

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
        byte[] p = utf8(path);
        return putCreate(request(CREATE, createBytes(p, data)), p, data, PERSISTENT)
                .array();
    }

    /** Creates an open persistent node whose name ends with the next number of its parent. */
    static byte[] createSequential(String path, byte[] data) {
        byte[] p = utf8(path);
        return putCreate(request(CREATE, createBytes(p, data)), p, data, PERSISTENT_SEQUENTIAL)
                .array();
    }

    /** Creates open persistent nodes, all or none. */
    static byte[] createAll(List<String> paths, byte[] data) {
        return multi(
                CREATE,
                paths,
                path -> createBytes(path, data),
                (target, path) -> putCreate(target, path, data, PERSISTENT));
    }

    /** Sets the data of nodes, whatever their versions, all at once. */
    static byte[] setAll(List<String> paths, byte[] data) {
        return multi(SET_DATA, paths, path -> setBytes(path, data), (target, path) -> putSet(target, path, data));
    }

    private static byte[] multi(
            int type, List<String> paths, ToIntFunction<byte[]> bytes, BiConsumer<ByteBuffer, byte[]> operation) {
        List<byte[]> all = paths.stream().map(Frames::utf8).toList();
        int body = all.stream()
                        .mapToInt(path -> SUB_HEADER + bytes.applyAsInt(path))
                        .sum()
                + SUB_HEADER;
        byte[] image = new byte[4 + 8 + body];
        ByteBuffer target = ByteBuffer.wrap(image).putInt(8 + body).putInt(0).putInt(MULTI);
        for (byte[] path : all) {
            operation.accept(target.putInt(type).put((byte) 0).putInt(-1), path);
        }
        target.putInt(-1).put((byte) 1).putInt(-1);
        return image;
    }

    private static int createBytes(byte[] path, byte[] data) {
        return 4 + path.length + 4 + data.length + 4 + 4 + 4 + WORLD.length + 4 + ANYONE.length + 4;
    }

    private static ByteBuffer putCreate(ByteBuffer target, byte[] path, byte[] data, int flags) {
        return putBytes(putBytes(target, path), data)
                .putInt(1)
                .putInt(ALL_PERMISSIONS)
                .putInt(WORLD.length)
                .put(WORLD)
                .putInt(ANYONE.length)
                .put(ANYONE)
                .putInt(flags);
    }

    private static ByteBuffer putBytes(ByteBuffer target, byte[] bytes) {
        return target.putInt(bytes.length).put(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Sets a node's data, whatever its version. */
    static byte[] setData(String path, byte[] data) {
        byte[] p = utf8(path);
        return putSet(request(SET_DATA, setBytes(p, data)), p, data).array();
    }

    private static int setBytes(byte[] path, byte[] data) {
        return 4 + path.length + 4 + data.length + 4;
    }

    private static ByteBuffer putSet(ByteBuffer target, byte[] path, byte[] data) {
        return putBytes(putBytes(target, path), data).putInt(-1);
    }

    /** Reads a node's data, with or without leaving a watch. */
    static byte[] getData(String path, boolean watch) {
        return read(GET_DATA, path, watch);
    }

    /** Waits until the server has what had been acknowledged to anybody when it was asked. */
    static byte[] sync(String path) {
        byte[] p = utf8(path);
        return putBytes(request(SYNC, 4 + p.length), p).array();
    }

    /** Lists a node's children. */
    static byte[] getChildren(String path) {
        return read(GET_CHILDREN, path, false);
    }

    private static byte[] read(int type, String path, boolean watch) {
        byte[] p = utf8(path);
        return putBytes(request(type, 4 + p.length + 1), p)
                .put((byte) (watch ? 1 : 0))
                .array();
    }

    private static ByteBuffer request(int type, int body) {
        return ByteBuffer.allocate(4 + 8 + body).putInt(8 + body).putInt(0).putInt(type);
    }
}
