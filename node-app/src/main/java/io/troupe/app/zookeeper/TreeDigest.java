package io.troupe.app.zookeeper;

import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Znode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** The digest by which ZooKeeper's servers compare their trees (contract 8.3), in its second version. */
final class TreeDigest {
    static final int VERSION = 2;

    private static final int STAT_BYTES = 60;
    private static final String OWN = "/zookeeper/";

    private TreeDigest() {}

    /** Of a whole tree. */
    static long of(DataTree tree) {
        long[] sum = new long[1];
        TreeWalk.walk(tree, (path, node) -> sum[0] += of(path, node));
        return sum[0];
    }

    private static long of(String path, Znode node) {
        if (path.startsWith(OWN)) {
            return 0;
        }
        CRC32 crc = new CRC32();
        crc.update((path.length() == 1 ? "" : path).getBytes(StandardCharsets.UTF_8));
        byte[] data = node.data();
        if (data != null) {
            crc.update(data);
        }
        ByteBuffer stat = ByteBuffer.allocate(STAT_BYTES)
                .putLong(node.czxid())
                .putLong(node.mzxid())
                .putLong(node.pzxid())
                .putLong(node.ctime())
                .putLong(node.mtime())
                .putInt(node.version())
                .putInt(node.childCreates())
                .putInt(node.aversion())
                .putLong(node.owner());
        crc.update(stat.flip());
        return crc.getValue();
    }
}
