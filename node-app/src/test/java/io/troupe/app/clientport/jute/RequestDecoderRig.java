package io.troupe.app.clientport.jute;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.edge.ReadOperation;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.CreateTTLRequest;
import org.apache.zookeeper.proto.MultiHeader;
import org.apache.zookeeper.proto.RequestHeader;

/** Requests as clients encode them. */
abstract class RequestDecoderRig {
    static final byte[] DATA = {1, 2, 3};
    static final int HEADER = 8;

    final RequestDecoder plain =
            new RequestDecoder(false, false, Authenticators.usual().aclSyntax());
    final RequestDecoder withTtl =
            new RequestDecoder(true, true, Authenticators.usual().aclSyntax());

    static byte[] frame(int type, Record... body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryOutputArchive archive = BinaryOutputArchive.getArchive(bytes);
        new RequestHeader(7, type).serialize(archive, "");
        for (Record record : body) {
            record.serialize(archive, "");
        }
        return bytes.toByteArray();
    }

    static ClientFrame.Body decode(RequestDecoder decoder, byte[] frame) throws IOException {
        ClientFrame decoded = decoder.decode(Unpooled.wrappedBuffer(frame), List.of());
        assertThat(decoded.xid()).isEqualTo(7);
        return decoded.body();
    }

    Operation write(int type, Record... body) throws IOException {
        return ((ClientFrame.Write) decode(withTtl, frame(type, body))).operation();
    }

    static ErrorCode refusal(ClientFrame.Body body) {
        return ((ReadOperation.Refused) ((ClientFrame.Read) body).operation()).error();
    }

    static CreateRequest create(int flags) {
        return new CreateRequest("/a", DATA, Ids.OPEN_ACL_UNSAFE, flags);
    }

    static CreateTTLRequest createTtl(int flags, long ttl) {
        return new CreateTTLRequest("/a", DATA, Ids.OPEN_ACL_UNSAFE, flags, ttl);
    }

    static final MultiHeader END = new MultiHeader(-1, true, -1);

    static MultiHeader op(int type) {
        return new MultiHeader(type, false, -1);
    }
}
