package io.troupe.app.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;

/** Fills a server with every kind of znode that there is, in every state that its fields can tell of. */
final class EveryKind {
    static final String LASTING = "/ephemerals/lasting";
    static final String DOOMED = "/ephemerals/doomed";

    private static final List<ACL> OPEN = ZooDefs.Ids.OPEN_ACL_UNSAFE;
    private static final int LARGE = 700 * 1024;

    private EveryKind() {}

    /** All that needs no session that lasts. */
    static void fill(ZooKeeper client) throws Exception {
        client.create("/data", bytes("first"), OPEN, CreateMode.PERSISTENT);
        client.setData("/data", bytes("second"), 0);
        client.setData("/data", bytes("third"), 1);
        client.create("/data/empty", new byte[0], OPEN, CreateMode.PERSISTENT);
        client.create("/data/null", null, OPEN, CreateMode.PERSISTENT);
        client.create("/data/large", new byte[LARGE], OPEN, CreateMode.PERSISTENT);
        client.create("/data/näme with ü", bytes("ä"), OPEN, CreateMode.PERSISTENT);
        acls(client);
        numbered(client);
        String path = "";
        for (int i = 0; i < 60; i++) {
            path += "/deep";
            client.create(path, bytes("" + i), OPEN, CreateMode.PERSISTENT);
        }
        client.create("/container", null, OPEN, CreateMode.CONTAINER);
        client.create("/container/child", null, OPEN, CreateMode.PERSISTENT);
        client.create("/ttl", bytes("t"), OPEN, CreateMode.PERSISTENT_WITH_TTL, new Stat(), 3_600_000);
        client.create("/quota", null, OPEN, CreateMode.PERSISTENT);
        client.create("/zookeeper/quota/quota", null, OPEN, CreateMode.PERSISTENT);
        client.create(
                "/zookeeper/quota/quota/zookeeper_limits",
                bytes("count=50,bytes=1000=;byteHardLimit=2000;countHardLimit=100"),
                OPEN,
                CreateMode.PERSISTENT);
        client.create("/zookeeper/quota/quota/zookeeper_stats", bytes("count=0,bytes=0"), OPEN, CreateMode.PERSISTENT);
        client.create("/quota/a", bytes("0123456789"), OPEN, CreateMode.PERSISTENT);
        client.multi(List.of(
                Op.create("/multi", bytes("m"), OPEN, CreateMode.PERSISTENT),
                Op.create("/multi/a", bytes("a"), OPEN, CreateMode.PERSISTENT),
                Op.setData("/multi", bytes("changed"), 0),
                Op.check("/multi/a", 0),
                Op.delete("/multi/a", 0),
                Op.create("/multi/b", bytes("b"), OPEN, CreateMode.PERSISTENT_SEQUENTIAL)));
        try {
            client.multi(List.of(Op.create("/never", null, OPEN, CreateMode.PERSISTENT), Op.check("/missing", 0)));
            throw new AssertionError("a check of a znode that is not there");
        } catch (org.apache.zookeeper.KeeperException.NoNodeException expected) {
            // A failed multi is in the log, too.
        }
        client.create("/ephemerals", null, OPEN, CreateMode.PERSISTENT);
    }

    private static void acls(ZooKeeper client) throws Exception {
        client.create("/acls", null, OPEN, CreateMode.PERSISTENT);
        client.create("/acls/creator", bytes("c"), ZooDefs.Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        List<ACL> several = Arrays.asList(
                new ACL(ZooDefs.Perms.READ, ZooDefs.Ids.ANYONE_ID_UNSAFE),
                new ACL(ZooDefs.Perms.ALL, new Id("ip", "127.0.0.1/8")),
                new ACL(ZooDefs.Perms.WRITE | ZooDefs.Perms.ADMIN, new Id("digest", "other:hash=")));
        client.create("/acls/several", bytes("s"), several, CreateMode.PERSISTENT);
        client.setACL("/acls/several", several, 0);
        client.setACL("/acls/several", several, 1);
    }

    private static void numbered(ZooKeeper client) throws Exception {
        client.create("/numbered", null, OPEN, CreateMode.PERSISTENT);
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            made.add(client.create("/numbered/n-", null, OPEN, CreateMode.PERSISTENT_SEQUENTIAL));
        }
        client.delete(made.get(11), -1);
        client.delete(made.get(3), -1);
        client.create("/gone", null, OPEN, CreateMode.PERSISTENT);
        client.create("/gone/child", null, OPEN, CreateMode.PERSISTENT);
        client.delete("/gone/child", -1);
        client.delete("/gone", -1);
        client.create("/gone", bytes("again"), OPEN, CreateMode.PERSISTENT);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
