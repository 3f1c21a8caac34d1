package io.troupe.app.clientport.jute;

import io.troupe.edge.ReadOperation;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.jute.BinaryInputArchive;
import org.apache.zookeeper.proto.CheckVersionRequest;
import org.apache.zookeeper.proto.MultiHeader;

/** Reads lists of operations (contract 2.9). A list with an operation that does not belong into it is malformed. */
final class MultiDecoder {
    private final CreateDecoder creates;

    MultiDecoder(CreateDecoder creates) {
        this.creates = creates;
    }

    Operation.Multi writes(BinaryInputArchive in, List<Identity> identities) throws IOException {
        List<Operation.Sub> ops = new ArrayList<>();
        for (MultiHeader next = header(in); !next.getDone(); next = header(in)) {
            ops.add(write(next.getType(), in, identities));
        }
        return new Operation.Multi(ops);
    }

    private Operation.Sub write(int type, BinaryInputArchive in, List<Identity> identities) throws IOException {
        return switch (type) {
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL ->
                creates.decodeInMulti(type, in, identities);
            case OpCode.DELETE -> RequestDecoder.delete(in);
            case OpCode.SET_DATA -> RequestDecoder.setData(in);
            case OpCode.CHECK -> {
                CheckVersionRequest r = RequestDecoder.read(in, new CheckVersionRequest());
                yield new Operation.Check(Records.text(r.getPath()), r.getVersion());
            }
            default -> throw new MalformedFrameException("sent a multi with an operation of type " + type);
        };
    }

    ReadOperation.MultiRead reads(BinaryInputArchive in) throws IOException {
        List<ReadOperation.Sub> ops = new ArrayList<>();
        for (MultiHeader next = header(in); !next.getDone(); next = header(in)) {
            ops.add(
                    switch (next.getType()) {
                        case OpCode.GET_DATA -> {
                            ReadOperation.GetData r = RequestDecoder.getData(in);
                            yield new ReadOperation.GetData(r.path(), false);
                        }
                        case OpCode.GET_CHILDREN -> {
                            ReadOperation.GetChildren r = RequestDecoder.getChildren(in, false);
                            yield new ReadOperation.GetChildren(r.path(), false, false);
                        }
                        default ->
                            throw new MalformedFrameException(
                                    "sent a multiRead with an operation of type " + next.getType());
                    });
        }
        return new ReadOperation.MultiRead(ops);
    }

    private static MultiHeader header(BinaryInputArchive in) throws IOException {
        return RequestDecoder.read(in, new MultiHeader());
    }
}
