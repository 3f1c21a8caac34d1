package io.troupe.conformance.frames;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.Create2Response;
import org.apache.zookeeper.proto.CreateResponse;
import org.apache.zookeeper.proto.ErrorResponse;
import org.apache.zookeeper.proto.GetACLResponse;
import org.apache.zookeeper.proto.GetAllChildrenNumberResponse;
import org.apache.zookeeper.proto.GetChildren2Response;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.GetEphemeralsResponse;
import org.apache.zookeeper.proto.GetSASLRequest;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.SetDataResponse;
import org.apache.zookeeper.proto.SyncResponse;
import org.apache.zookeeper.proto.WatcherEvent;
import org.apache.zookeeper.proto.WhoAmIResponse;

/** A frame that a server sent, and what it says in words. */
public final class Reply {
    private static final int EVENT_XID = -1;

    private final byte[] frame;
    private final ReplyHeader header = new ReplyHeader();

    /** Takes a frame that begins with a header, as all but the first do. */
    public Reply(byte[] frame) throws IOException {
        this.frame = frame;
        archive().readRecord(header, "");
    }

    public boolean isEvent() {
        return header.getXid() == EVENT_XID;
    }

    public int xid() {
        return header.getXid();
    }

    public long zxid() {
        return header.getZxid();
    }

    public int error() {
        return header.getErr();
    }

    /** Reads the body as one record. */
    public <R extends Record> R body(R record) throws IOException {
        BinaryInputArchive in = afterHeader(new ByteArrayInputStream(frame));
        in.readRecord(record, "");
        return record;
    }

    private BinaryInputArchive archive() {
        return BinaryInputArchive.getArchive(new ByteArrayInputStream(frame));
    }

    private static BinaryInputArchive afterHeader(ByteArrayInputStream bytes) throws IOException {
        BinaryInputArchive in = BinaryInputArchive.getArchive(bytes);
        in.readRecord(new ReplyHeader(), "");
        return in;
    }

    /**
     * Header and body to the last byte; what has no order is sorted, and times are left out.
     *
     * @param type of the request that this answers
     */
    public String text(int type, Names names) throws IOException {
        ByteArrayInputStream bytes = new ByteArrayInputStream(frame);
        BinaryInputArchive in = afterHeader(bytes);
        StringBuilder text = new StringBuilder();
        if (isEvent()) {
            WatcherEvent event = new WatcherEvent();
            in.readRecord(event, "");
            text.append("event ").append(event.getType()).append(" state ").append(event.getState());
            text.append(' ').append(event.getPath());
        } else {
            text.append("reply ").append(header.getXid()).append(" error ").append(header.getErr());
        }
        text.append(" zxid ").append(names.zxid(header.getZxid()));
        if (!isEvent() && bytes.available() > 0) {
            text.append(": ").append(header.getErr() == 0 ? body(type, in, names) : "");
        }
        if (bytes.available() > 0) {
            text.append(" and bytes ").append(HexFormat.of().formatHex(bytes.readAllBytes()));
        }
        return text.toString();
    }

    private static String body(int type, BinaryInputArchive in, Names names) throws IOException {
        return switch (type) {
            case OpCode.multi, OpCode.multiRead -> results(in, names);
            case OpCode.create -> read(in, new CreateResponse()).getPath();
            case OpCode.create2, OpCode.createContainer, OpCode.createTTL -> created(in, names);
            case OpCode.exists, OpCode.setData, OpCode.setACL ->
                shown(read(in, new SetDataResponse()).getStat(), names);
            case OpCode.getData, OpCode.reconfig -> data(in, names);
            case OpCode.getChildren ->
                sorted(read(in, new GetChildrenResponse()).getChildren());
            case OpCode.getChildren2 -> {
                GetChildren2Response r = read(in, new GetChildren2Response());
                yield sorted(r.getChildren()) + " " + shown(r.getStat(), names);
            }
            case OpCode.getACL -> {
                GetACLResponse r = read(in, new GetACLResponse());
                yield shown(r.getAcl()) + " " + shown(r.getStat(), names);
            }
            default -> rareBody(type, in);
        };
    }

    private static String rareBody(int type, BinaryInputArchive in) throws IOException {
        return switch (type) {
            case OpCode.getAllChildrenNumber ->
                "" + read(in, new GetAllChildrenNumberResponse()).getTotalNumber();
            case OpCode.getEphemerals ->
                sorted(read(in, new GetEphemeralsResponse()).getEphemerals());
            case OpCode.sync -> "" + read(in, new SyncResponse()).getPath();
            case OpCode.addWatch -> "" + read(in, new ErrorResponse()).getErr();
            case OpCode.whoAmI -> identities(read(in, new WhoAmIResponse()).getClientInfo());
            case OpCode.sasl -> "token " + (read(in, new GetSASLRequest()).getToken() == null ? "null" : "given");
            default -> "";
        };
    }

    private static String created(BinaryInputArchive in, Names names) throws IOException {
        Create2Response r = read(in, new Create2Response());
        return r.getPath() + " " + shown(r.getStat(), names);
    }

    private static String data(BinaryInputArchive in, Names names) throws IOException {
        GetDataResponse r = read(in, new GetDataResponse());
        String data = r.getData() == null ? "null" : HexFormat.of().formatHex(r.getData());
        return "data " + data + " " + shown(r.getStat(), names);
    }

    private static String results(BinaryInputArchive in, Names names) throws IOException {
        List<String> all = new ArrayList<>();
        while (true) {
            int type = in.readInt("");
            boolean done = in.readBool("");
            int error = in.readInt("");
            if (done) {
                return all + " end " + type + " " + error;
            }
            String body = type == OpCode.error
                    ? "error " + read(in, new ErrorResponse()).getErr()
                    : body(type, in, names);
            all.add(type + "/" + error + " " + body);
        }
    }

    private static String sorted(List<String> texts) {
        return texts.stream().sorted().toList().toString();
    }

    private static String identities(List<ClientInfo> identities) {
        return sorted(identities.stream()
                .map(who -> who.getAuthScheme() + ":" + who.getUser())
                .toList());
    }

    private static String shown(List<ACL> acl) {
        return acl.stream()
                .map(a -> a.getPerms() + "=" + a.getId().getScheme() + ":"
                        + a.getId().getId())
                .toList()
                .toString();
    }

    private static String shown(Stat s, Names names) {
        return "v%d c%d a%d owner %s length %d children %d c %s m %s p %s"
                .formatted(
                        s.getVersion(),
                        s.getCversion(),
                        s.getAversion(),
                        s.getEphemeralOwner() == 0 ? "0" : names.session(s.getEphemeralOwner()),
                        s.getDataLength(),
                        s.getNumChildren(),
                        names.zxid(s.getCzxid()),
                        names.zxid(s.getMzxid()),
                        names.zxid(s.getPzxid()));
    }

    private static <R extends Record> R read(BinaryInputArchive in, R record) throws IOException {
        record.deserialize(in, "");
        return record;
    }
}
