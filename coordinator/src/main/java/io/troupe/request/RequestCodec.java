package io.troupe.request;

import io.troupe.ensemble.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The encoding of requests inside a section's body, one after the other:
 *
 * <pre>
 * varint identities   0: a list follows and gets the next number of this section; n: the n-th list so far
 * long   sessionId
 * varint attach
 * signed xid
 * byte   kind         of the operation, with 0x80 where quotas are enforced and 0x40 where growth is refused; then its fields in
 *                     the order of the record
 * </pre>
 *
 * A kind, once released, keeps its number and its fields for ever: logs of earlier releases are replayed.
 */
public final class RequestCodec {
    private static final int QUOTAS_ENFORCED = 0x80;
    private static final int GROWTH_REFUSED = 0x40;

    private static final int CREATE = 1;
    private static final int DELETE = 2;
    private static final int SET_DATA = 3;
    private static final int CHECK = 4;
    private static final int REFUSED = 5;
    private static final int MULTI = 6;
    private static final int SET_ACL = 7;
    private static final int CREATE_SESSION = 8;
    private static final int ATTACH_SESSION = 9;
    private static final int CLOSE_SESSION = 10;
    private static final int REAP = 11;
    private static final int CHANGE_MEMBERS = 12;
    private static final int RECONFIGURE = 13;

    private RequestCodec() {}

    /**
     * The requests of a section, as many as it announces.
     *
     * @throws RequestFormatException when the body is damaged, holds more or fewer requests, or a kind of operation this
     *     release does not know
     */
    public static List<Request> decode(Section section) throws RequestFormatException {
        Decoder decoder = new Decoder(new BinaryReader(section.body()));
        List<Request> requests = new ArrayList<>();
        try {
            for (int i = 0; i < section.count(); i++) {
                requests.add(decoder.request());
            }
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new RequestFormatException("a value that its record refuses: " + e.getMessage());
        }
        if (decoder.in.hasRemaining()) {
            throw new RequestFormatException(decoder.in.remaining() + " bytes behind the last request");
        }
        return requests;
    }

    /** Writes the requests of one section. */
    static final class Encoder {
        private final BinaryWriter out;
        private final Map<List<Identity>, Integer> identityLists = new HashMap<>();

        Encoder(BinaryWriter out) {
            this.out = out;
        }

        void encode(Request request) {
            identities(request.identities());
            out.putLong(request.sessionId()).putVarint(request.attach()).putSigned(request.xid());
            int at = out.size();
            operation(request.operation());
            if (request.quotasEnforced()) {
                out.orByte(at, QUOTAS_ENFORCED);
            }
            if (request.growthRefused()) {
                out.orByte(at, GROWTH_REFUSED);
            }
        }

        private void identities(List<Identity> identities) {
            Integer known = identityLists.putIfAbsent(identities, identityLists.size() + 1);
            if (known != null) {
                out.putVarint(known);
                return;
            }
            out.putVarint(0).putVarint(identities.size());
            identities.forEach(this::identity);
        }

        private void identity(Identity identity) {
            out.putString(identity.scheme()).putString(identity.id());
        }

        private void operation(Operation operation) {
            if (operation instanceof Operation.Sub sub) {
                sub(sub);
            } else if (operation instanceof Operation.Multi multi) {
                out.putByte(MULTI).putVarint(multi.ops().size());
                multi.ops().forEach(this::sub);
            } else if (operation instanceof Operation.SetAcl o) {
                out.putByte(SET_ACL).putString(o.path());
                acl(o.acl());
                out.putSigned(o.version());
            } else if (operation instanceof Operation.CreateSession o) {
                out.putByte(CREATE_SESSION).putVarint(o.token()).putSigned(o.timeoutMillis());
            } else if (operation instanceof Operation.AttachSession o) {
                out.putByte(ATTACH_SESSION).putVarint(o.token()).putSigned(o.timeoutMillis());
            } else if (operation instanceof Operation.CloseSession o) {
                out.putByte(CLOSE_SESSION).putVarint(o.expiredAttach()).putVarint(o.epoch());
            } else if (operation instanceof Operation.Reap o) {
                out.putByte(REAP).putString(o.path()).putVarint(o.epoch()).putVarint(o.neverUsedMillis());
            } else if (operation instanceof Operation.ChangeMembers o) {
                out.putByte(CHANGE_MEMBERS);
                members(out, o.members());
            } else if (operation instanceof Operation.Reconfigure o) {
                reconfigure(o);
            } else {
                throw new IllegalArgumentException("no encoding for " + operation);
            }
        }

        private void reconfigure(Operation.Reconfigure o) {
            out.putByte(RECONFIGURE);
            members(out, o.joining());
            out.putVarint(o.leaving().size());
            o.leaving().forEach(out::putSigned);
            List<Member> all = o.members();
            out.putByte(all == null ? 0 : 1);
            if (all != null) {
                members(out, all);
            }
            out.putLong(o.version()).putByte(o.readable() ? 1 : 0);
        }

        private void sub(Operation.Sub sub) {
            if (sub instanceof Operation.Create o) {
                out.putByte(CREATE).putString(o.path()).putBytes(o.data());
                acl(o.acl());
                out.putByte(o.mode().flags()).putByte(o.withStat() ? 1 : 0).putSigned(o.ttlMillis());
            } else if (sub instanceof Operation.Delete o) {
                out.putByte(DELETE).putString(o.path()).putSigned(o.version());
            } else if (sub instanceof Operation.SetData o) {
                out.putByte(SET_DATA).putString(o.path()).putBytes(o.data()).putSigned(o.version());
            } else if (sub instanceof Operation.Check o) {
                out.putByte(CHECK).putString(o.path()).putSigned(o.version());
            } else if (sub instanceof Operation.Refused o) {
                out.putByte(REFUSED).putSigned(o.error().code());
            } else {
                throw new IllegalArgumentException("no encoding for " + sub);
            }
        }

        private void acl(List<Acl> acl) {
            out.putVarint(acl.size());
            for (Acl entry : acl) {
                out.putSigned(entry.perms());
                identity(entry.who());
            }
        }
    }

    /** Writes a list of members; snapshots and the node's own file use the same encoding. */
    public static void members(BinaryWriter out, List<Member> members) {
        out.putVarint(members.size());
        for (Member m : members) {
            out.putVarint(m.nodeId()).putByte(m.voter() ? 1 : 0).putString(m.host());
            out.putSigned(m.peerPort()).putSigned(m.electionPort());
            out.putString(m.clientHost()).putSigned(m.clientPort()).putLong(m.diskId());
        }
    }

    /** Reads what {@link #members} wrote. */
    public static List<Member> members(BinaryReader in) throws RequestFormatException {
        int size = in.getCount();
        List<Member> members = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            members.add(new Member(
                    (int) in.getVarint(),
                    in.getByte() != 0,
                    in.getString(),
                    in.getSignedInt(),
                    in.getSignedInt(),
                    in.getString(),
                    in.getSignedInt(),
                    in.getLong()));
        }
        return members;
    }

    private static final class Decoder {
        private final BinaryReader in;
        private final List<List<Identity>> identityLists = new ArrayList<>();

        Decoder(BinaryReader in) {
            this.in = in;
        }

        Request request() throws RequestFormatException {
            List<Identity> identities = identities();
            long sessionId = in.getLong();
            long attach = in.getVarint();
            int xid = in.getSignedInt();
            int kind = in.getByte() & 0xff;
            return new Request(
                    sessionId,
                    attach,
                    xid,
                    identities,
                    operation(kind & ~(QUOTAS_ENFORCED | GROWTH_REFUSED)),
                    (kind & QUOTAS_ENFORCED) != 0,
                    (kind & GROWTH_REFUSED) != 0);
        }

        private List<Identity> identities() throws RequestFormatException {
            long number = in.getVarint();
            if (number < 0 || number > identityLists.size()) {
                throw new RequestFormatException("there is no list of identities number " + number);
            }
            if (number > 0) {
                return identityLists.get((int) number - 1);
            }
            int size = in.getCount();
            List<Identity> identities = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                identities.add(identity());
            }
            identityLists.add(List.copyOf(identities));
            return identityLists.get(identityLists.size() - 1);
        }

        private Identity identity() throws RequestFormatException {
            return new Identity(in.getString(), in.getString());
        }

        private Operation operation(int kind) throws RequestFormatException {
            return switch (kind) {
                case MULTI -> multi();
                case SET_ACL -> new Operation.SetAcl(in.getString(), acl(), in.getSignedInt());
                case CREATE_SESSION -> new Operation.CreateSession(in.getVarint(), in.getSignedInt());
                case ATTACH_SESSION -> new Operation.AttachSession(in.getVarint(), in.getSignedInt());
                case CLOSE_SESSION -> new Operation.CloseSession(in.getVarint(), in.getVarint());
                case REAP -> new Operation.Reap(in.getString(), in.getVarint(), in.getVarint());
                case CHANGE_MEMBERS -> new Operation.ChangeMembers(members(in));
                case RECONFIGURE -> reconfigure();
                default -> sub(kind);
            };
        }

        private Operation reconfigure() throws RequestFormatException {
            List<Member> joining = members(in);
            int size = in.getCount();
            List<Integer> leaving = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                leaving.add(in.getSignedInt());
            }
            List<Member> all = in.getByte() == 0 ? null : members(in);
            return new Operation.Reconfigure(joining, leaving, all, in.getLong(), in.getByte() != 0);
        }

        private Operation multi() throws RequestFormatException {
            int size = in.getCount();
            List<Operation.Sub> ops = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                ops.add(sub(in.getByte()));
            }
            return new Operation.Multi(ops);
        }

        private Operation.Sub sub(int kind) throws RequestFormatException {
            return switch (kind) {
                case CREATE -> create();
                case DELETE -> new Operation.Delete(in.getString(), in.getSignedInt());
                case SET_DATA -> new Operation.SetData(in.getString(), in.getBytes(), in.getSignedInt());
                case CHECK -> new Operation.Check(in.getString(), in.getSignedInt());
                case REFUSED -> new Operation.Refused(ErrorCode.of(in.getSignedInt()));
                default -> throw new RequestFormatException("no operation of kind " + kind);
            };
        }

        private Operation.Sub create() throws RequestFormatException {
            String path = in.getString();
            byte[] data = in.getBytes();
            List<Acl> acl = acl();
            int flags = in.getByte();
            CreateMode mode =
                    CreateMode.of(flags).orElseThrow(() -> new RequestFormatException("no create mode " + flags));
            return new Operation.Create(path, data, acl, mode, in.getByte() != 0, in.getSigned());
        }

        private List<Acl> acl() throws RequestFormatException {
            int size = in.getCount();
            List<Acl> acl = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                acl.add(new Acl(in.getSignedInt(), identity()));
            }
            return acl;
        }
    }
}
