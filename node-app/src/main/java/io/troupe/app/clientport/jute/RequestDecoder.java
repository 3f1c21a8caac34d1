package io.troupe.app.clientport.jute;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.troupe.app.clientport.auth.AclSyntax;
import io.troupe.app.clientport.jute.ClientFrame.Body;
import io.troupe.edge.ReadOperation;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import java.io.IOException;
import java.util.List;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.proto.AddWatchRequest;
import org.apache.zookeeper.proto.AuthPacket;
import org.apache.zookeeper.proto.CheckWatchesRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.GetACLRequest;
import org.apache.zookeeper.proto.GetAllChildrenNumberRequest;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetEphemeralsRequest;
import org.apache.zookeeper.proto.GetSASLRequest;
import org.apache.zookeeper.proto.RemoveWatchesRequest;
import org.apache.zookeeper.proto.SetACLRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.SetWatches;
import org.apache.zookeeper.proto.SetWatches2;
import org.apache.zookeeper.proto.SyncRequest;

/**
 * Reads the frames of an open session. What the contract refuses before it looks at session or tree (a malformed body,
 * an unknown type, flags) becomes a refusal that travels in order with the other requests. Immutable.
 */
public final class RequestDecoder {
    /** What every ping is answered with, whatever xid it came with (contract 1.3). */
    private static final int PING_XID = -2;

    /** An xid and a type. */
    private static final int HEADER = 8;

    private static final int PERSISTENT_RECURSIVE = 1;
    private static final int FIRST_WATCHER_TYPE = 1;
    private static final int LAST_WATCHER_TYPE = 5;

    private final boolean reconfigEnabled;
    private final AclSyntax aclSyntax;
    private final CreateDecoder creates;
    private final MultiDecoder multis;

    /**
     * A decoder that refuses what this node does not allow.
     *
     * @param ttlEnabled whether znodes with a time to live may be created
     * @param reconfigEnabled whether clients may ask for other members of the ensemble
     * @param aclSyntax how access control lists are read
     */
    public RequestDecoder(boolean ttlEnabled, boolean reconfigEnabled, AclSyntax aclSyntax) {
        this.reconfigEnabled = reconfigEnabled;
        this.aclSyntax = aclSyntax;
        this.creates = new CreateDecoder(ttlEnabled, aclSyntax);
        this.multis = new MultiDecoder(creates);
    }

    /**
     * Reads one frame.
     *
     * @param identities the sender's, for access control entries that stand for them
     * @throws MalformedFrameException when it is too short to be answered
     */
    public ClientFrame decode(ByteBuf frame, List<Identity> identities) throws MalformedFrameException {
        if (frame.readableBytes() < HEADER) {
            throw new MalformedFrameException(
                    "sent a frame of " + frame.readableBytes() + " bytes, too short for a request header");
        }
        int xid = frame.readInt();
        int type = frame.readInt();
        return new ClientFrame(type == OpCode.PING ? PING_XID : xid, type, body(type, archive(frame), identities));
    }

    /** An archive that accepts no string or buffer longer than what is left of the frame. */
    static BinaryInputArchive archive(ByteBuf frame) {
        return new BinaryInputArchive(new ByteBufInputStream(frame), frame.readableBytes(), 0);
    }

    private Body body(int type, BinaryInputArchive in, List<Identity> identities) {
        try {
            return switch (type) {
                case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL ->
                    create(type, in, identities);
                case OpCode.DELETE, OpCode.SET_DATA, OpCode.SET_ACL, OpCode.CLOSE_SESSION ->
                    new ClientFrame.Write(write(type, in, identities));
                case OpCode.MULTI -> new ClientFrame.Write(multis.writes(in, identities));
                case OpCode.MULTI_READ -> new ClientFrame.Read(multis.reads(in));
                case OpCode.SET_WATCHES, OpCode.SET_WATCHES2 -> new ClientFrame.Read(setWatches(type, in));
                case OpCode.ADD_WATCH, OpCode.CHECK_WATCHES, OpCode.REMOVE_WATCHES ->
                    new ClientFrame.Read(watcherChange(type, in));
                case OpCode.AUTH -> authenticate(in);
                case OpCode.SASL ->
                    new ClientFrame.Sasl(read(in, new GetSASLRequest()).getToken());
                case OpCode.RECONFIG ->
                    reconfigEnabled
                            ? new ClientFrame.Write(ReconfigDecoder.decode(in))
                            : refused(ErrorCode.RECONFIG_DISABLED);
                // Reaping is the servers' own business.
                case OpCode.DELETE_CONTAINER -> refused(ErrorCode.UNIMPLEMENTED);
                default -> read(type, in);
            };
        } catch (IOException | IllegalArgumentException malformed) {
            return type == OpCode.AUTH || type == OpCode.SASL
                    ? new ClientFrame.BrokenAuthentication()
                    : refused(ErrorCode.MARSHALLING_ERROR);
        }
    }

    private static Body refused(ErrorCode error) {
        return new ClientFrame.Read(new ReadOperation.Refused(error));
    }

    private Body create(int type, BinaryInputArchive in, List<Identity> identities) throws IOException {
        Operation.Sub create = creates.decode(type, in, identities);
        return create instanceof Operation.Refused bad ? refused(bad.error()) : new ClientFrame.Write(create);
    }

    private Operation write(int type, BinaryInputArchive in, List<Identity> identities) throws IOException {
        switch (type) {
            case OpCode.DELETE -> {
                return delete(in);
            }
            case OpCode.SET_DATA -> {
                return setData(in);
            }
            case OpCode.SET_ACL -> {
                SetACLRequest r = read(in, new SetACLRequest());
                return new Operation.SetAcl(
                        Records.text(r.getPath()),
                        aclSyntax.resolve(Records.acl(r.getAcl()), identities),
                        r.getVersion());
            }
            default -> {
                return new Operation.CloseSession(0, 0);
            }
        }
    }

    static Operation.Delete delete(BinaryInputArchive in) throws IOException {
        DeleteRequest r = read(in, new DeleteRequest());
        return new Operation.Delete(Records.text(r.getPath()), r.getVersion());
    }

    static Operation.SetData setData(BinaryInputArchive in) throws IOException {
        SetDataRequest r = read(in, new SetDataRequest());
        return new Operation.SetData(Records.text(r.getPath()), r.getData(), r.getVersion());
    }

    static ReadOperation.GetData getData(BinaryInputArchive in) throws IOException {
        GetDataRequest r = read(in, new GetDataRequest());
        return new ReadOperation.GetData(Records.text(r.getPath()), r.getWatch());
    }

    static ReadOperation.GetChildren getChildren(BinaryInputArchive in, boolean withStat) throws IOException {
        GetChildrenRequest r = read(in, new GetChildrenRequest());
        return new ReadOperation.GetChildren(Records.text(r.getPath()), r.getWatch(), withStat);
    }

    private static Body read(int type, BinaryInputArchive in) throws IOException {
        return switch (type) {
            case OpCode.PING -> new ClientFrame.Read(new ReadOperation.Ping());
            case OpCode.EXISTS -> {
                ExistsRequest r = read(in, new ExistsRequest());
                yield new ClientFrame.Read(new ReadOperation.Exists(Records.text(r.getPath()), r.getWatch()));
            }
            case OpCode.GET_DATA -> new ClientFrame.Read(getData(in));
            case OpCode.GET_CHILDREN -> new ClientFrame.Read(getChildren(in, false));
            case OpCode.GET_CHILDREN2 -> new ClientFrame.Read(getChildren(in, true));
            case OpCode.GET_ACL ->
                new ClientFrame.Read(new ReadOperation.GetAcl(
                        Records.text(read(in, new GetACLRequest()).getPath())));
            case OpCode.SYNC ->
                new ClientFrame.Read(new ReadOperation.Sync(
                        Records.text(read(in, new SyncRequest()).getPath())));
            case OpCode.GET_ALL_CHILDREN_NUMBER ->
                new ClientFrame.Read(new ReadOperation.GetAllChildrenNumber(
                        Records.text(read(in, new GetAllChildrenNumberRequest()).getPath())));
            case OpCode.GET_EPHEMERALS ->
                new ClientFrame.Read(new ReadOperation.GetEphemerals(
                        Records.textOrEmpty(read(in, new GetEphemeralsRequest()).getPrefixPath())));
            case OpCode.WHO_AM_I -> new ClientFrame.Read(new ReadOperation.WhoAmI());
            default -> new ClientFrame.Unknown();
        };
    }

    private static ReadOperation watcherChange(int type, BinaryInputArchive in) throws IOException {
        if (type == OpCode.ADD_WATCH) {
            AddWatchRequest r = read(in, new AddWatchRequest());
            requireBetween(0, r.getMode(), PERSISTENT_RECURSIVE);
            return new ReadOperation.AddWatch(Records.text(r.getPath()), r.getMode());
        }
        if (type == OpCode.CHECK_WATCHES) {
            CheckWatchesRequest r = read(in, new CheckWatchesRequest());
            requireBetween(FIRST_WATCHER_TYPE, r.getType(), LAST_WATCHER_TYPE);
            return new ReadOperation.CheckWatches(Records.text(r.getPath()), r.getType());
        }
        RemoveWatchesRequest r = read(in, new RemoveWatchesRequest());
        requireBetween(FIRST_WATCHER_TYPE, r.getType(), LAST_WATCHER_TYPE);
        return new ReadOperation.RemoveWatches(Records.text(r.getPath()), r.getType());
    }

    private static void requireBetween(int least, int number, int most) throws MalformedFrameException {
        if (number < least || number > most) {
            throw new MalformedFrameException(number + " is not one of the protocol's watch kinds");
        }
    }

    private static ReadOperation setWatches(int type, BinaryInputArchive in) throws IOException {
        if (type == OpCode.SET_WATCHES) {
            SetWatches r = read(in, new SetWatches());
            return new ReadOperation.SetWatches(
                    r.getRelativeZxid(),
                    Records.texts(r.getDataWatches()),
                    Records.texts(r.getExistWatches()),
                    Records.texts(r.getChildWatches()),
                    List.of(),
                    List.of());
        }
        SetWatches2 r = read(in, new SetWatches2());
        return new ReadOperation.SetWatches(
                r.getRelativeZxid(),
                Records.texts(r.getDataWatches()),
                Records.texts(r.getExistWatches()),
                Records.texts(r.getChildWatches()),
                Records.texts(r.getPersistentWatches()),
                Records.texts(r.getPersistentRecursiveWatches()));
    }

    private static Body authenticate(BinaryInputArchive in) throws IOException {
        AuthPacket packet = read(in, new AuthPacket());
        return new ClientFrame.Authenticate(packet.getScheme(), packet.getAuth());
    }

    static <R extends Record> R read(BinaryInputArchive in, R record) throws IOException {
        record.deserialize(in, "");
        return record;
    }
}
