package io.troupe.app.zookeeper;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.txn.CheckVersionTxn;
import org.apache.zookeeper.txn.CloseSessionTxn;
import org.apache.zookeeper.txn.CreateContainerTxn;
import org.apache.zookeeper.txn.CreateSessionTxn;
import org.apache.zookeeper.txn.CreateTTLTxn;
import org.apache.zookeeper.txn.CreateTxn;
import org.apache.zookeeper.txn.CreateTxnV0;
import org.apache.zookeeper.txn.DeleteTxn;
import org.apache.zookeeper.txn.ErrorTxn;
import org.apache.zookeeper.txn.MultiTxn;
import org.apache.zookeeper.txn.SetACLTxn;
import org.apache.zookeeper.txn.SetDataTxn;
import org.apache.zookeeper.txn.TxnDigest;
import org.apache.zookeeper.txn.TxnHeader;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of a log.
 *
 * @param transaction what it did; null for the end of a session in logs of older releases, which do not list its ephemerals
 * @param digest of the tree after it; null where the log has none
 */
record LogEntry(
        TxnHeader header,
        @Nullable Record transaction,
        @Nullable Long digest) {
    static final int CREATE = 1;
    static final int DELETE = 2;
    static final int SET_DATA = 5;
    static final int SET_ACL = 7;
    static final int CHECK = 13;
    static final int MULTI = 14;
    static final int CREATE2 = 15;
    static final int RECONFIG = 16;
    static final int CREATE_CONTAINER = 19;
    static final int DELETE_CONTAINER = 20;
    static final int CREATE_TTL = 21;
    static final int CREATE_SESSION = -10;
    static final int CLOSE_SESSION = -11;
    static final int ERROR = -1;

    private static final int DIGEST_BYTES = Integer.BYTES + Long.BYTES;

    /** As before 3.5: the parent's counter goes on by one. */
    static final int NEXT = -1;

    /**
     * Reads one.
     *
     * @throws IOException when it cannot be understood
     */
    static LogEntry read(byte[] bytes) throws IOException {
        ByteArrayInputStream stream = new ByteArrayInputStream(bytes);
        BinaryInputArchive input = archive(stream, bytes.length);
        TxnHeader header = new TxnHeader();
        header.deserialize(input, "hdr");
        int bodyAt = bytes.length - stream.available();
        Record transaction;
        if (header.getType() == CLOSE_SESSION && !listsEphemerals(bytes, bodyAt)) {
            transaction = null;
        } else {
            transaction = body(header.getType()).get();
            try {
                transaction.deserialize(input, "txn");
            } catch (EOFException e) {
                if (header.getType() != CREATE) {
                    throw e;
                }
                transaction = oldCreate(bytes, bodyAt);
            }
        }
        return new LogEntry(header, transaction, digest(bytes, stream.available()));
    }

    private static BinaryInputArchive archive(ByteArrayInputStream stream, int bytes) {
        return new BinaryInputArchive(new DataInputStream(stream), bytes, bytes);
    }

    private static boolean listsEphemerals(byte[] bytes, int bodyAt) {
        int rest = bytes.length - bodyAt;
        boolean digestAlone = rest == DIGEST_BYTES && ByteBuffer.wrap(bytes).getInt(bodyAt) == TreeDigest.VERSION;
        return rest > 0 && !digestAlone;
    }

    private static CreateTxn oldCreate(byte[] bytes, int bodyAt) throws IOException {
        CreateTxnV0 old = new CreateTxnV0();
        old.deserialize(archive(new ByteArrayInputStream(bytes, bodyAt, bytes.length - bodyAt), bytes.length), "txn");
        return new CreateTxn(old.getPath(), old.getData(), old.getAcl(), old.getEphemeral(), NEXT);
    }

    private static @Nullable Long digest(byte[] bytes, int rest) throws IOException {
        if (rest < DIGEST_BYTES) {
            return null;
        }
        TxnDigest digest = new TxnDigest();
        digest.deserialize(archive(new ByteArrayInputStream(bytes, bytes.length - rest, rest), bytes.length), "digest");
        return digest.getVersion() == TreeDigest.VERSION ? digest.getTreeDigest() : null;
    }

    /** A part of a multi. */
    static Record part(int type, byte[] bytes) throws IOException {
        Record part = body(type).get();
        part.deserialize(archive(new ByteArrayInputStream(bytes), bytes.length), "txn");
        return part;
    }

    /** The type in words. */
    static String kind(int type) {
        return switch (type) {
            case CREATE -> "create";
            case CREATE2 -> "create2";
            case CREATE_CONTAINER -> "createContainer";
            case CREATE_TTL -> "createTTL";
            case DELETE -> "delete";
            case DELETE_CONTAINER -> "deleteContainer";
            case SET_DATA -> "setData";
            case RECONFIG -> "reconfig";
            case SET_ACL -> "setACL";
            case CHECK -> "check";
            case CREATE_SESSION -> "createSession";
            case CLOSE_SESSION -> "closeSession";
            case MULTI -> "multi";
            case ERROR -> "error";
            default -> "type " + type;
        };
    }

    private static Supplier<Record> body(int type) throws IOException {
        return switch (type) {
            case CREATE, CREATE2 -> CreateTxn::new;
            case CREATE_CONTAINER -> CreateContainerTxn::new;
            case CREATE_TTL -> CreateTTLTxn::new;
            case DELETE, DELETE_CONTAINER -> DeleteTxn::new;
            case SET_DATA, RECONFIG -> SetDataTxn::new;
            case SET_ACL -> SetACLTxn::new;
            case CHECK -> CheckVersionTxn::new;
            case CREATE_SESSION -> CreateSessionTxn::new;
            case CLOSE_SESSION -> CloseSessionTxn::new;
            case MULTI -> MultiTxn::new;
            case ERROR -> ErrorTxn::new;
            default -> throw new IOException("a transaction of the unknown type " + type);
        };
    }
}
