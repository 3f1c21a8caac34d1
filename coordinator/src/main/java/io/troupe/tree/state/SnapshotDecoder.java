package io.troupe.tree.state;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.env.NewerFormatException;
import io.troupe.request.Acl;
import io.troupe.request.BinaryReader;
import io.troupe.request.Identity;
import io.troupe.request.RequestCodec;
import io.troupe.request.RequestFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what {@link SnapshotEncoder} wrote; see {@link SnapshotFormat}. */
public final class SnapshotDecoder {
    private final InputStream input;
    /** Nearly all frames fit. */
    private final byte[] buffer = new byte[2 * SnapshotFormat.FRAME_BYTES];

    private final Map<Integer, List<Acl>> acls = new HashMap<>();
    private @Nullable TreeLoader loader;
    private long zxid;

    private SnapshotDecoder(InputStream input) {
        this.input = input;
    }

    /**
     * The tree a snapshot shows, checked against the count and the digest it carries. Reads up to the end of the
     * snapshot and no further.
     *
     * @throws SnapshotFormatException when it is damaged
     * @throws NewerFormatException when a later release wrote it
     * @throws IOException from the stream
     */
    public static DataTree decode(InputStream input) throws IOException {
        try {
            return new SnapshotDecoder(input).decode();
        } catch (RequestFormatException | IllegalArgumentException | IllegalStateException e) {
            throw new SnapshotFormatException("damaged: " + e.getMessage());
        }
    }

    private DataTree decode() throws IOException, RequestFormatException {
        ByteBuffer header = ByteBuffer.wrap(bytes(2 * Integer.BYTES));
        if (header.getInt() != SnapshotFormat.MAGIC) {
            throw new SnapshotFormatException("this is no snapshot of Troupe");
        }
        int version = header.getInt();
        if (version > SnapshotFormat.VERSION) {
            throw new NewerFormatException("the snapshot", version, SnapshotFormat.VERSION);
        }
        if (version < 1) {
            throw new SnapshotFormatException("damaged: format " + version);
        }
        while (true) {
            int length = ByteBuffer.wrap(bytes(Integer.BYTES)).getInt();
            if (length < 1) {
                throw new SnapshotFormatException("damaged: a frame of " + length + " bytes");
            }
            BinaryReader frame = frame(length);
            int kind = frame.getByte();
            switch (kind) {
                case SnapshotFormat.TABLES -> tables(frame);
                case SnapshotFormat.ZNODES -> znodes(frame);
                case SnapshotFormat.TRAILER -> {
                    return trailer(frame);
                }
                default -> throw new SnapshotFormatException("damaged: a frame of kind " + kind);
            }
        }
    }

    /** What it gives out must not be used behind the next frame. */
    private BinaryReader frame(int length) throws IOException {
        if (length > buffer.length) {
            // A length that damage made must not take memory before the bytes are there.
            return new BinaryReader(bytes(length), 0, length);
        }
        int read = input.readNBytes(buffer, 0, length);
        if (read < length) {
            throw endsEarly(read, length);
        }
        return new BinaryReader(buffer, 0, length);
    }

    private byte[] bytes(int length) throws IOException {
        byte[] bytes = input.readNBytes(length);
        if (bytes.length < length) {
            throw endsEarly(bytes.length, length);
        }
        return bytes;
    }

    private static SnapshotFormatException endsEarly(int read, int length) {
        return new SnapshotFormatException("ends early: " + read + " of " + length + " bytes");
    }

    private void tables(BinaryReader in) throws RequestFormatException {
        if (loader != null) {
            throw new IllegalStateException("the tables come twice");
        }
        zxid = in.getLong();
        String ensembleId = in.getString();
        long version = in.getVarint();
        List<Member> members = RequestCodec.members(in);
        TreeLoader tables = new TreeLoader(new Membership(ensembleId, version, members, null), zxid);
        for (int left = in.getCount(); left > 0; left--) {
            tables.session(new Session(in.getLong(), in.getSignedInt(), in.getVarint()));
        }
        for (int left = in.getCount(); left > 0; left--) {
            tables.origin(in.getSignedInt(), new Origins.Position(in.getVarint(), in.getVarint()));
        }
        for (int left = in.getCount(); left > 0; left--) {
            acls.put((int) in.getVarint(), acl(in));
        }
        loader = tables;
    }

    private static List<Acl> acl(BinaryReader in) throws RequestFormatException {
        List<Acl> acl = new ArrayList<>();
        for (int left = in.getCount(); left > 0; left--) {
            acl.add(new Acl(in.getSignedInt(), new Identity(in.getString(), in.getString())));
        }
        return List.copyOf(acl);
    }

    private void znodes(BinaryReader in) throws RequestFormatException {
        while (in.hasRemaining()) {
            znode(loader(), in);
        }
    }

    private void znode(TreeLoader target, BinaryReader in) throws RequestFormatException {
        int pathLength = in.skipString();
        int path = in.offset() - pathLength;
        int aclId = (int) in.getVarint();
        List<Acl> acl = acls.get(aclId);
        if (acl == null) {
            throw new RequestFormatException("a znode has the unknown ACL " + aclId);
        }
        byte[] data = in.getBytes();
        long czxid = in.getVarint();
        long ctime = in.getSigned();
        long mzxid = in.getVarint();
        long mtime = in.getSigned();
        long pzxid = in.getVarint();
        int version = in.getSignedInt();
        int childCreates = (int) in.getVarint();
        int aversion = in.getSignedInt();
        ZnodeImage image = new ZnodeImage(
                czxid, mzxid, pzxid, ctime, mtime, version, childCreates, aversion, in.getLong(), data, acl);
        target.znode(in.array(), path, pathLength, image);
    }

    private DataTree trailer(BinaryReader in) throws SnapshotFormatException, RequestFormatException {
        if (in.getLong() != zxid) {
            throw new SnapshotFormatException("damaged: beginning and end name different positions");
        }
        long digest = in.getLong();
        DataTree tree = loader().finish(in.getLong());
        if (tree.digest() != digest) {
            throw new SnapshotFormatException("damaged: the digest at " + Zxid.hex(zxid) + " is "
                    + Long.toHexString(tree.digest()) + " and should be " + Long.toHexString(digest));
        }
        return tree;
    }

    private TreeLoader loader() {
        if (loader == null) {
            throw new IllegalStateException("the tables are missing");
        }
        return loader;
    }
}
