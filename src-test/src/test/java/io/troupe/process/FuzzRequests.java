package io.troupe.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.proto.AddWatchRequest;
import org.apache.zookeeper.proto.AuthPacket;
import org.apache.zookeeper.proto.CheckWatchesRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.CreateTTLRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.GetACLRequest;
import org.apache.zookeeper.proto.GetAllChildrenNumberRequest;
import org.apache.zookeeper.proto.GetChildren2Request;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetEphemeralsRequest;
import org.apache.zookeeper.proto.ReconfigRequest;
import org.apache.zookeeper.proto.RemoveWatchesRequest;
import org.apache.zookeeper.proto.RequestHeader;
import org.apache.zookeeper.proto.SetACLRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.SetWatches;
import org.apache.zookeeper.proto.SetWatches2;
import org.apache.zookeeper.proto.SyncRequest;
import org.jspecify.annotations.Nullable;

/** Well-formed requests of every type with arguments from anywhere. The same seed makes the same requests. */
final class FuzzRequests {
    /** Where clients without rights may write. */
    static final String OPEN = "/fuzz";

    private static final int XIDS = 1_000;
    private static final int LONG_NAME = 5_000;
    private static final List<String> ODD_PATHS = List.of(
            "",
            "/",
            "//",
            "no",
            OPEN + "/",
            OPEN + "/../x",
            OPEN + "/./x",
            OPEN + "//x",
            OPEN + "/\u0000",
            OPEN + "/\u0000x",
            OPEN + "/\ud800",
            OPEN + "/\uf8ff",
            OPEN + "/\u007f",
            OPEN + "/" + "n".repeat(LONG_NAME),
            "/a".repeat(LONG_NAME),
            "/zookeeper",
            "/zookeeper/config",
            "/zookeeper/quota" + OPEN,
            "/zookeeper/quota" + OPEN + "/zookeeper_limits",
            "/closed",
            "/closed/a",
            "/canaries");
    private static final List<String> SCHEMES =
            List.of("world", "auth", "digest", "ip", "sasl", "x509", "super", "ensemble", "", "\u0000", "nobody");
    private static final List<String> NAMES =
            List.of("anyone", "", "a:b", "a:b:c", "127.0.0.1", "10.0.0.0/8", "::1/999", "x/y@Z", "CN=x", "\u0000");

    /** Those that all servers have to carry out, one behind the other. */
    private static final List<Integer> WRITES = List.of(
            OpCode.create,
            OpCode.create2,
            OpCode.createContainer,
            OpCode.createTTL,
            OpCode.delete,
            OpCode.setData,
            OpCode.setACL,
            OpCode.multi,
            OpCode.reconfig,
            OpCode.sync);

    private static final List<Integer> READS = List.of(
            OpCode.exists,
            OpCode.getData,
            OpCode.getChildren,
            OpCode.getChildren2,
            OpCode.getACL,
            OpCode.multiRead,
            OpCode.getEphemerals,
            OpCode.getAllChildrenNumber,
            OpCode.whoAmI,
            OpCode.ping,
            OpCode.checkWatches,
            OpCode.removeWatches,
            OpCode.addWatch,
            OpCode.setWatches,
            OpCode.setWatches2,
            OpCode.deleteContainer);

    private final Random random;

    FuzzRequests(Random random) {
        this.random = random;
    }

    /** A request after which the connection goes on. */
    byte[] harmless() {
        List<Integer> types = random.nextInt(5) == 0 ? WRITES : READS;
        int type = types.get(random.nextInt(types.size()));
        return encoded(xid(), type, body(type));
    }

    /** A create of an ephemeral, which makes a session known to all. */
    byte[] ephemeral() {
        return encoded(xid(), OpCode.create, new CreateRequest(goodPath(), data(), acl(), 1));
    }

    /** An auth packet that adds an identity. */
    byte[] identity() {
        byte[] proof = ("user" + random.nextInt(5) + ":x").getBytes(UTF_8);
        return encoded(-4, OpCode.auth, new AuthPacket(random.nextInt(), "digest", proof));
    }

    /** An auth packet that is refused. */
    byte[] refusedIdentity() {
        return encoded(-4, OpCode.auth, new AuthPacket(0, random.nextBoolean() ? "nobody" : "digest", data()));
    }

    byte[] closeSession() {
        return encoded(xid(), OpCode.closeSession, null);
    }

    /** A header and nothing else. */
    byte[] bare(int type) {
        return encoded(xid(), type, null);
    }

    private int xid() {
        return random.nextInt(8) == 0 ? random.nextInt(12) - 10 : random.nextInt(XIDS);
    }

    private @Nullable Record body(int type) {
        return switch (type) {
            case OpCode.create, OpCode.create2 -> new CreateRequest(path(), data(), acl(), random.nextInt(5));
            case OpCode.createContainer -> new CreateRequest(path(), data(), acl(), 4);
            case OpCode.createTTL ->
                new CreateTTLRequest(path(), data(), acl(), 5, random.nextInt(8) == 0 ? random.nextLong() : 3_000);
            case OpCode.delete -> new DeleteRequest(path(), version());
            case OpCode.setData -> new SetDataRequest(path(), data(), version());
            case OpCode.setACL -> new SetACLRequest(path(), acl(), version());
            case OpCode.multi -> multi();
            case OpCode.multiRead -> multiRead();
            case OpCode.reconfig -> new ReconfigRequest(text(), text(), text(), random.nextInt(3) - 1);
            case OpCode.setWatches -> new SetWatches(random.nextInt(9), paths(), paths(), paths());
            case OpCode.setWatches2 -> new SetWatches2(random.nextInt(9), paths(), paths(), paths(), paths(), paths());
            default -> read(type);
        };
    }

    private @Nullable Record read(int type) {
        return switch (type) {
            case OpCode.exists -> new ExistsRequest(path(), random.nextBoolean());
            case OpCode.getData -> new GetDataRequest(path(), random.nextBoolean());
            case OpCode.getChildren -> new GetChildrenRequest(path(), random.nextBoolean());
            case OpCode.getChildren2 -> new GetChildren2Request(path(), random.nextBoolean());
            case OpCode.getACL -> new GetACLRequest(path());
            case OpCode.getEphemerals -> new GetEphemeralsRequest(path());
            case OpCode.getAllChildrenNumber -> new GetAllChildrenNumberRequest(path());
            case OpCode.checkWatches -> new CheckWatchesRequest(path(), random.nextInt(7));
            case OpCode.removeWatches -> new RemoveWatchesRequest(path(), random.nextInt(7));
            case OpCode.addWatch -> new AddWatchRequest(path(), random.nextInt(4) - 1);
            case OpCode.sync, OpCode.deleteContainer -> new SyncRequest(path());
            default -> null;
        };
    }

    private String goodPath() {
        String parent = random.nextInt(4) == 0 ? OPEN + "/" + random.nextInt(20) : OPEN;
        return parent + "/" + random.nextInt(50);
    }

    private String path() {
        return random.nextInt(4) == 0 ? ODD_PATHS.get(random.nextInt(ODD_PATHS.size())) : goodPath();
    }

    private List<String> paths() {
        List<String> paths = new ArrayList<>();
        for (int i = random.nextInt(random.nextInt(50) == 0 ? 300 : 4); i > 0; i--) {
            paths.add(path());
        }
        return paths;
    }

    private byte @Nullable [] data() {
        if (random.nextInt(16) == 0) {
            return null;
        }
        byte[] data = new byte[random.nextInt(random.nextInt(200) == 0 ? 30_000 : 64)];
        random.nextBytes(data);
        return data;
    }

    private int version() {
        return random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(4) - 1;
    }

    private List<ACL> acl() {
        if (random.nextInt(4) > 0) {
            return OfficialClient.OPEN;
        }
        List<ACL> list = new ArrayList<>();
        for (int i = random.nextInt(random.nextInt(50) == 0 ? 500 : 4); i > 0; i--) {
            Id id = new Id(SCHEMES.get(random.nextInt(SCHEMES.size())), NAMES.get(random.nextInt(NAMES.size())));
            list.add(new ACL(random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(32), id));
        }
        return list;
    }

    private @Nullable String text() {
        return switch (random.nextInt(5)) {
            case 0 -> null;
            case 1 -> "";
            case 2 -> "server.9=127.0.0.1:1:2:participant;3";
            case 3 -> "1,2," + random.nextInt();
            default -> path();
        };
    }

    private MultiOperationRecord multi() {
        List<Op> ops = new ArrayList<>();
        for (int i = random.nextInt(random.nextInt(50) == 0 ? 200 : 5); i > 0; i--) {
            String path = path();
            ops.add(
                    switch (random.nextInt(4)) {
                        case 0 -> Op.create(path, data(), acl(), random.nextInt(4));
                        case 1 -> Op.delete(path, version());
                        case 2 -> Op.setData(path, data(), version());
                        default -> Op.check(path, version());
                    });
        }
        return new MultiOperationRecord(ops);
    }

    private MultiOperationRecord multiRead() {
        List<Op> ops = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            ops.add(random.nextBoolean() ? Op.getData(path()) : Op.getChildren(path()));
        }
        return new MultiOperationRecord(ops);
    }

    static byte[] encoded(int xid, int type, @Nullable Record body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            BinaryOutputArchive archive = BinaryOutputArchive.getArchive(bytes);
            new RequestHeader(xid, type).serialize(archive, "header");
            if (body != null) {
                body.serialize(archive, "request");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
