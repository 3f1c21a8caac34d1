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
        return checked(fields(type, in), type, identities);
    }

    /**
     * A creation of a multi, or the refusal of its flags.
     *
     * @throws MalformedFrameException when its flags are those of no creation without a time to live: nobody can tell what to do
     */
    Operation.Sub decodeInMulti(int type, BinaryInputArchive in, List<Identity> identities) throws IOException {
        CreateTTLRequest fields = fields(type, in);
        if (type != OpCode.CREATE_TTL
                && CreateMode.of(fields.getFlags()).filter(mode -> !mode.ttl()).isEmpty()) {
            throw new MalformedFrameException("sent a multi with a creation of flags " + fields.getFlags());
        }
        return checked(fields, type, identities);
    }

    private static CreateTTLRequest fields(int type, BinaryInputArchive in) throws IOException {
        if (type == OpCode.CREATE_TTL) {
            return RequestDecoder.read(in, new CreateTTLRequest());
        }
        CreateRequest r = RequestDecoder.read(in, new CreateRequest());
        return new CreateTTLRequest(r.getPath(), r.getData(), r.getAcl(), r.getFlags(), NO_TTL);
    }

    private Operation.Sub checked(CreateTTLRequest fields, int type, List<Identity> identities) throws IOException {
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
                Records.text(fields.getPath()),
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
