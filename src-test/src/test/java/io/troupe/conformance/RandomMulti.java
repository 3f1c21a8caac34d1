package io.troupe.conformance;

import io.troupe.conformance.frames.Request;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.Stream;
import org.apache.jute.Record;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.CheckVersionRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.CreateTTLRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.MultiHeader;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.SyncRequest;

/** Lists of operations, with some that do not belong into them (contract 2.9). */
final class RandomMulti {
    private static final int MOST = 4;

    private final RandomValues values;

    RandomMulti(RandomValues values) {
        this.values = values;
    }

    private record Sub(String name, int type, Record body) {
        String text() {
            return name + " " + String.valueOf(body).strip();
        }
    }

    /** A multi. */
    Request draw() {
        return list(
                "multi",
                OpCode.multi,
                Stream.generate(this::write).limit(values.below(MOST + 1)).toList());
    }

    /** A multiRead. */
    Request drawRead() {
        return list(
                "multiRead",
                OpCode.multiRead,
                Stream.generate(this::read).limit(values.below(MOST)).toList());
    }

    private static Request list(String name, int type, List<Sub> subs) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Sub sub : subs) {
            body.writeBytes(Request.bytes(new MultiHeader(sub.type(), false, -1), sub.body()));
        }
        body.writeBytes(Request.bytes(new MultiHeader(-1, true, -1)));
        return new Request(name + subs.stream().map(Sub::text).toList(), type, body.toByteArray());
    }

    private Sub write() {
        String path = values.oneIn(20) ? values.ownPath() : values.node();
        int version = values.below(3) - 1;
        return switch (values.below(values.oneIn(20) ? 10 : 9)) {
            case 0, 1, 2, 3 -> create(path);
            case 4, 5 -> new Sub("delete", OpCode.delete, new DeleteRequest(path, version));
            case 6, 7 -> new Sub("setData", OpCode.setData, new SetDataRequest(path, values.data(), version));
            case 8 -> new Sub("check", OpCode.check, new CheckVersionRequest(path, version));
            default -> new Sub("sync", OpCode.sync, new SyncRequest(path));
        };
    }

    private Sub create(String path) {
        byte[] data = values.data();
        var acl = values.acl(4);
        int flags = values.oneIn(30) ? values.any(List.of(9, -1, 5, 6)) : values.below(4);
        return switch (values.below(7)) {
            case 0 -> new Sub("createContainer", OpCode.createContainer, new CreateRequest(path, data, acl, 4));
            case 1 -> {
                long ttl = values.oneIn(8) ? 0 : 86_400_000;
                yield new Sub("createTTL", OpCode.createTTL, new CreateTTLRequest(path, data, acl, 5, ttl));
            }
            case 2, 3 -> new Sub("create2", OpCode.create2, new CreateRequest(path, data, acl, flags));
            default -> new Sub("create", OpCode.create, new CreateRequest(path, data, acl, flags));
        };
    }

    private Sub read() {
        String path = values.node();
        boolean watch = values.oneIn(3);
        if (values.oneIn(40)) {
            return new Sub("delete", OpCode.delete, new DeleteRequest(path, -1));
        }
        return values.oneIn(2)
                ? new Sub("getData", OpCode.getData, new GetDataRequest(path, watch))
                : new Sub("getChildren", OpCode.getChildren, new GetChildrenRequest(path, watch));
    }
}
