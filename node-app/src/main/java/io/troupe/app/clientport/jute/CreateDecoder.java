package io.troupe.app.clientport.jute;

import io.troupe.app.clientport.auth.AclSyntax;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.jute.BinaryInputArchive;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.CreateTTLRequest;

/** Reads the four request types that create a znode and makes the checks that need no tree (contract 2.5, 1 to 3). */
final class CreateDecoder {
    /** 40 bits of milliseconds. */
    static final long MAX_TTL_MILLIS = 1_099_511_627_775L;

    private static final long NO_TTL = -1;

    private final boolean ttlEnabled;
    private final AclSyntax aclSyntax;

    CreateDecoder(boolean ttlEnabled, AclSyntax aclSyntax) {
        this.ttlEnabled = ttlEnabled;
        this.aclSyntax = aclSyntax;
    }

    /** The creation, or the refusal of its flags. */
    Operation.Sub decode(int type, BinaryInputArchive in, List<Identity> identities) throws IOException {
        if (type == OpCode.CREATE_TTL) {
            return checked(RequestDecoder.read(in, new CreateTTLRequest()), type, identities);
        }
        CreateRequest r = RequestDecoder.read(in, new CreateRequest());
        return checked(
                new CreateTTLRequest(r.getPath(), r.getData(), r.getAcl(), r.getFlags(), NO_TTL), type, identities);
    }

    private Operation.Sub checked(CreateTTLRequest fields, int type, List<Identity> identities) throws IOException {
        String path = Records.text(fields.getPath());
        Optional<CreateMode> known = CreateMode.of(fields.getFlags());
        if (known.isEmpty()) {
            return new Operation.Refused(ErrorCode.BAD_ARGUMENTS);
        }
        CreateMode mode = known.get();
        if (mode.ttl() && !ttlEnabled) {
            return new Operation.Refused(ErrorCode.UNIMPLEMENTED);
        }
        if (!typeMatches(type, mode) || !ttlMatches(mode, fields.getTtl())) {
            return new Operation.Refused(ErrorCode.BAD_ARGUMENTS);
        }
        return new Operation.Create(
                path,
                fields.getData(),
                aclSyntax.resolve(Records.acl(fields.getAcl()), identities),
                mode,
                type != OpCode.CREATE,
                mode.ttl() ? fields.getTtl() : NO_TTL);
    }

    private static boolean typeMatches(int type, CreateMode mode) {
        return switch (type) {
            case OpCode.CREATE_TTL -> mode.ttl();
            case OpCode.CREATE_CONTAINER -> mode == CreateMode.CONTAINER;
            default -> mode != CreateMode.CONTAINER && !mode.ttl();
        };
    }

    private static boolean ttlMatches(CreateMode mode, long ttlMillis) {
        return !mode.ttl() || (ttlMillis > 0 && ttlMillis <= MAX_TTL_MILLIS);
    }
}
