package io.troupe.conformance;

import io.troupe.conformance.frames.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.jute.Record;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.AddWatchRequest;
import org.apache.zookeeper.proto.CheckVersionRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.CreateTTLRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.GetACLRequest;
import org.apache.zookeeper.proto.GetAllChildrenNumberRequest;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetEphemeralsRequest;
import org.apache.zookeeper.proto.RemoveWatchesRequest;
import org.apache.zookeeper.proto.SetACLRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.SyncRequest;

/** Requests with all their parameters drawn, to be sent to several servers alike. */
final class RandomOperation {
    /** Longer than any run of the tests. */
    private static final long LONG_TTL_MILLIS = 86_400_000;

    private static final int TTL_FLAGS = 5;
    private static final int SEQUENTIAL_TTL_FLAGS = 6;
    private static final int CONTAINER_FLAGS = 4;

    private final RandomValues values;
    private final RandomMulti multis;
    private final boolean malformed;

    /**
     * A source of requests.
     *
     * @param ensemble no body is cut off or damaged, which stalls an ensemble of ZooKeeper's (contract 2.1)
     */
    RandomOperation(Random random, String base, boolean ensemble) {
        this.values = new RandomValues(random, base, ensemble);
        this.multis = new RandomMulti(values);
        this.malformed = !ensemble;
    }

    /** Any request that leaves the connection as it is. */
    Request draw() {
        Request request = wellFormed();
        return malformed && values.oneIn(25) ? damaged(request) : request;
    }

    private Request wellFormed() {
        int kind = values.below(100);
        if (kind < 20) {
            return create();
        }
        if (kind < 48) {
            return write(kind);
        }
        if (kind < 78) {
            return read(kind);
        }
        if (kind < 90) {
            return watch();
        }
        return rare();
    }

    /** Cut off, or with a length in it that cannot be. */
    private Request damaged(Request request) {
        int length = request.body().length;
        if (length < Integer.BYTES) {
            return request;
        }
        if (values.oneIn(3)) {
            byte[] body = request.body().clone();
            int[] odd = {-2, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x100000};
            ByteBuffer.wrap(body).putInt(0, odd[values.below(odd.length)]);
            return request.with("with a length that cannot be", body);
        }
        return values.oneIn(4)
                ? request.with("and more", java.util.Arrays.copyOf(request.body(), length + 1 + values.below(9)))
                : request.cut(values.below(length));
    }

    private Request create() {
        String path = values.path();
        byte[] data = values.data();
        var acl = values.acl();
        int flags = values.oneIn(30) ? values.any(List.of(-1, 7, 8, 100)) : values.below(4);
        return switch (values.below(10)) {
            case 0 ->
                named("createContainer", OpCode.createContainer, new CreateRequest(path, data, acl, CONTAINER_FLAGS));
            case 1 -> {
                long ttl = values.oneIn(4) ? values.any(List.of(0L, -1L, -5L, 1L << 40)) : LONG_TTL_MILLIS;
                int ttlFlags = values.oneIn(2) ? TTL_FLAGS : SEQUENTIAL_TTL_FLAGS;
                yield named("createTTL", OpCode.createTTL, new CreateTTLRequest(path, data, acl, ttlFlags, ttl));
            }
            case 2, 3, 4 -> named("create2", OpCode.create2, new CreateRequest(path, data, acl, flags));
            default -> named("create", OpCode.create, new CreateRequest(path, data, acl, values.oneIn(3) ? flags : 0));
        };
    }

    private Request write(int kind) {
        if (kind < 28) {
            return named("delete", OpCode.delete, new DeleteRequest(values.path(), values.version()));
        }
        if (kind < 35) {
            return named(
                    "setData", OpCode.setData, new SetDataRequest(values.ownPath(), values.data(), values.version()));
        }
        if (kind < 38) {
            return named("setACL", OpCode.setACL, new SetACLRequest(values.ownPath(), values.acl(), values.version()));
        }
        return multis.draw();
    }

    private Request read(int kind) {
        String path = values.path();
        boolean watch = values.oneIn(3);
        if (kind < 54) {
            return named("getData", OpCode.getData, new GetDataRequest(path, watch));
        }
        if (kind < 60) {
            return named("exists", OpCode.exists, new ExistsRequest(path, watch));
        }
        if (kind < 67) {
            int type = values.oneIn(2) ? OpCode.getChildren : OpCode.getChildren2;
            return named("getChildren", type, new GetChildrenRequest(path, watch));
        }
        if (kind < 71) {
            return named("getACL", OpCode.getACL, new GetACLRequest(path));
        }
        if (kind < 74) {
            return named("count", OpCode.getAllChildrenNumber, new GetAllChildrenNumberRequest(values.ownPath()));
        }
        return kind < 76
                ? named("getEphemerals", OpCode.getEphemerals, new GetEphemeralsRequest(values.node()))
                : multis.drawRead();
    }

    private Request watch() {
        String path = values.oneIn(3) ? values.ownPath() : values.node();
        int wrong = values.oneIn(25) ? 9 : 0;
        if (values.oneIn(2)) {
            return named("addWatch", OpCode.addWatch, new AddWatchRequest(path, values.below(2) + wrong));
        }
        int type = values.oneIn(2) ? OpCode.removeWatches : OpCode.checkWatches;
        String name = type == OpCode.removeWatches ? "removeWatches" : "checkWatches";
        return named(name, type, new RemoveWatchesRequest(path, values.below(5) + 1 + wrong));
    }

    private Request rare() {
        return switch (values.below(8)) {
            case 0, 1 -> named("whoAmI", OpCode.whoAmI);
            case 2, 3 -> named("sync", OpCode.sync, new SyncRequest(values.node()));
            case 4 -> named("ping", OpCode.ping);
            case 5 ->
                named(
                        "getEphemerals",
                        OpCode.getEphemerals,
                        new GetEphemeralsRequest(values.any(List.of("/", "", " ", "/no"))));
            case 6 -> multis.drawRead();
            default -> multis.draw();
        };
    }

    /** A request that no server knows, or none from a client, which ends the connection. */
    Request ending() {
        return switch (values.below(3)) {
            case 0 -> new Request("unknown type", values.any(List.of(99, 1000, -7, 10, 23)), new byte[0]);
            case 1 -> named("notification", OpCode.notification);
            default -> named("check alone", OpCode.check, new CheckVersionRequest(values.node(), -1));
        };
    }

    /** Lists of one to three paths. */
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        for (int i = values.below(3); i >= 0; i--) {
            paths.add(values.node());
        }
        return paths;
    }

    static Request named(String name, int type, Record... body) {
        String fields = body.length == 0 ? "" : " " + String.valueOf(body[0]).strip();
        return Request.of(name + fields, type, body);
    }
}
