package io.troupe.app.zookeeper;

import io.troupe.request.Acl;
import io.troupe.request.Identity;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Session;
import io.troupe.tree.state.TreeLoader;
import io.troupe.tree.state.ZnodeImage;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Adler32;
import java.util.zip.CheckedInputStream;
import java.util.zip.GZIPInputStream;
import org.apache.jute.BinaryInputArchive;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.StatPersisted;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.SnappyInputStream;

/**
 * Reads one snapshot (contract 8.2). What it shows is not one moment: it may hold what came after the zxid in its name, which
 * the logs bring in order.
 */
final class SnapshotReader {
    static final int MAGIC = 0x5A4B534E;
    static final int VERSION = 2;
    static final long OPEN_ACL = -1L;

    private static final String END = "/";
    private static final int BUFFER = 256 * 1024;
    private static final int LONGEST = 256 * 1024 * 1024;

    private static final int SEAL_BYTES = Long.BYTES + Integer.BYTES + 1;
    private static final int DIGEST_BYTES = Long.BYTES + Integer.BYTES + Long.BYTES + SEAL_BYTES;
    private static final int LAST_ZXID_BYTES = Long.BYTES + SEAL_BYTES;

    /** More than all of them. */
    private static final int PEEK = 1024;

    private final Path file;
    private final InputStream content;
    private final CheckedInputStream checked;
    private final BinaryInputArchive input;
    private final Map<Long, List<Acl>> acls = new HashMap<>();
    private long znodes;

    /**
     * What a snapshot holds.
     *
     * @param digest of the tree, with the zxid it is of; null where the snapshot has none, or one of an older kind
     */
    record Contents(DataTree tree, @Nullable ZxidDigest digest) {}

    /** The digest of ZooKeeper's tree after a transaction. */
    record ZxidDigest(long zxid, long digest) {}

    private SnapshotReader(Path file, InputStream content) {
        this.file = file;
        this.content = content;
        checked = new CheckedInputStream(content, new Adler32());
        input = new BinaryInputArchive(new DataInputStream(checked), LONGEST, LONGEST);
    }

    /**
     * Reads one as a whole.
     *
     * @throws IOException when it is damaged, incomplete, or cannot be read; the message says where
     */
    static Contents read(Path file, long zxid) throws IOException {
        try (InputStream content = open(file)) {
            return new SnapshotReader(file, content).read(zxid);
        } catch (EOFException e) {
            throw new IOException(file + " ends early, as if its writing was cut off", e);
        } catch (IllegalStateException | IllegalArgumentException | NegativeArraySizeException e) {
            throw new IOException(file + " cannot be understood: " + e.getMessage(), e);
        }
    }

    /** A stream that can be looked ahead in. */
    private static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            String name = file.getFileName().toString();
            if (name.endsWith(".gz")) {
                return new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER);
            }
            return name.endsWith(".snappy") ? new BufferedInputStream(unpackSnappy(raw), BUFFER) : raw;
        } catch (IOException e) {
            raw.close();
            throw new IOException(file + " cannot be unpacked: " + e.getMessage(), e);
        }
    }

    /** Its library brings machine code, which may not run here. */
    private static InputStream unpackSnappy(InputStream raw) throws IOException {
        try {
            return new SnappyInputStream(raw);
        } catch (LinkageError e) {
            throw new IOException(
                    "the library for snappy cannot be loaded (" + e
                            + "); let it unpack itself where programs may run, with -Djava.io.tmpdir=DIR",
                    e);
        }
    }

    private Contents read(long zxid) throws IOException {
        int magic = input.readInt("magic");
        int version = input.readInt("version");
        input.readLong("dbid");
        if (magic != MAGIC || version != VERSION) {
            throw new IOException(file + " is no snapshot of ZooKeeper: its header says " + Integer.toHexString(magic)
                    + ", version " + version);
        }
        TreeLoader loader = new TreeLoader(Placeholder.MEMBERSHIP, zxid);
        Map<Long, Integer> sessions = new HashMap<>();
        for (int left = count(); left > 0; left--) {
            sessions.put(input.readLong("id"), input.readInt("timeout"));
        }
        sessions.forEach((id, timeout) -> loader.session(new Session(id, timeout, 0)));
        acls.put(OPEN_ACL, Acl.OPEN);
        for (int left = count(); left > 0; left--) {
            acls.put(input.readLong("long"), aclList());
        }
        znodes(loader);
        seal();
        return new Contents(loader.finish(znodes), optionalParts());
    }

    private int count() throws IOException {
        int count = input.readInt("count");
        if (count < 0) {
            throw new IOException(file + " has a table of " + count + " entries");
        }
        return count;
    }

    private List<Acl> aclList() throws IOException {
        List<ACL> read = new ArrayList<>();
        for (int left = input.readInt("acls"); left > 0; left--) {
            ACL entry = new ACL();
            entry.deserialize(input, "acl");
            read.add(entry);
        }
        return acl(read);
    }

    /** Ours of theirs; ZooKeeper stores none for one that is open to all. */
    static List<Acl> acl(@Nullable List<ACL> read) {
        if (read == null) {
            return Acl.OPEN;
        }
        List<Acl> acl = new ArrayList<>();
        for (ACL entry : read) {
            Id who = entry.getId();
            acl.add(new Acl(entry.getPerms(), new Identity(orEmpty(who.getScheme()), orEmpty(who.getId()))));
        }
        return List.copyOf(acl);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private void znodes(TreeLoader loader) throws IOException {
        while (true) {
            String path = input.readString("path");
            if (END.equals(path)) {
                return;
            }
            if (path == null) {
                throw new IOException(file + " has a znode without a path");
            }
            byte[] data = input.readBuffer("data");
            long aclId = input.readLong("acl");
            StatPersisted stat = new StatPersisted();
            stat.deserialize(input, "stat");
            List<Acl> acl = acls.get(aclId);
            if (acl == null) {
                throw new IOException(file + ": " + path + " has the unknown ACL " + aclId);
            }
            loader.znode(
                    path.isEmpty() ? END : path,
                    new ZnodeImage(
                            stat.getCzxid(),
                            stat.getMzxid(),
                            stat.getPzxid(),
                            stat.getCtime(),
                            stat.getMtime(),
                            stat.getVersion(),
                            stat.getCversion(),
                            stat.getAversion(),
                            stat.getEphemeralOwner(),
                            data,
                            acl));
            znodes++;
        }
    }

    private void seal() throws IOException {
        long computed = checked.getChecksum().getValue();
        long recorded = input.readLong("val");
        if (computed != recorded) {
            throw new IOException(
                    "%s: its checksum is %x and should be %x: the file is damaged".formatted(file, computed, recorded));
        }
        input.readString("path");
    }

    /** Which of the two parts follow, only their length tells: it depends on the settings of the server that wrote them. */
    private @Nullable ZxidDigest optionalParts() throws IOException {
        content.mark(PEEK);
        int rest = content.readNBytes(PEEK).length;
        content.reset();
        ZxidDigest digest = null;
        if (rest > LAST_ZXID_BYTES) {
            long zxid = input.readLong("zxid");
            if (input.readInt("digestVersion") != TreeDigest.VERSION) {
                return null;
            }
            digest = new ZxidDigest(zxid, input.readLong("digest"));
            seal();
            rest -= DIGEST_BYTES;
        }
        if (rest == LAST_ZXID_BYTES) {
            input.readLong("lastZxid");
            seal();
        }
        return digest;
    }
}
