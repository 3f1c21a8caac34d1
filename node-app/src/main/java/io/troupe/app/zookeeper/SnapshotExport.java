package io.troupe.app.zookeeper;

import io.troupe.request.Acl;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.Session;
import io.troupe.tree.state.Znode;
import io.troupe.tree.state.ZnodePath;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Adler32;
import java.util.zip.CheckedOutputStream;
import org.apache.jute.BinaryOutputArchive;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.StatPersisted;

/** Writes a tree as the data directory of a ZooKeeper 3.9 server: one snapshot, and the epochs (contract 8.1, 8.2). */
public final class SnapshotExport {
    private static final int BUFFER = 256 * 1024;

    private final DataTree tree;
    private final CheckedOutputStream checked;
    private final BinaryOutputArchive output;
    private final Map<List<Acl>, Long> acls = new LinkedHashMap<>();

    private SnapshotExport(DataTree tree, BufferedOutputStream target) {
        this.tree = tree;
        checked = new CheckedOutputStream(target, new Adler32());
        output = new BinaryOutputArchive(new DataOutputStream(checked));
    }

    /**
     * Writes it, and reads it back. Whatever was written is removed when that fails.
     *
     * @param directory the server's {@code dataDir}; it must not exist, or be empty
     * @param epoch the greatest that any node has promised: the server's first will be a later one
     * @return the snapshot
     * @throws MoveException when the directory is in use, or what was written cannot be read as it should be
     * @throws IOException when it cannot be written
     */
    public static Path write(DataTree tree, long epoch, Path directory) throws IOException, MoveException {
        try (NewDirectory target = NewDirectory.of(directory)) {
            Path version = target.create("version-2");
            Path file = version.resolve("snapshot." + Long.toHexString(tree.lastZxid()));
            try (FileOutputStream raw = new FileOutputStream(file.toFile());
                    BufferedOutputStream buffered = new BufferedOutputStream(raw, BUFFER)) {
                new SnapshotExport(tree, buffered).write();
            }
            Files.writeString(version.resolve("acceptedEpoch"), Long.toString(epoch), StandardCharsets.UTF_8);
            Files.writeString(version.resolve("currentEpoch"), Long.toString(epoch), StandardCharsets.UTF_8);
            Optional<String> difference = TreeComparison.difference(
                    tree, SnapshotReader.read(file, tree.lastZxid()).tree());
            if (difference.isPresent()) {
                throw new MoveException(
                        file + " was written, but reads differently: " + difference.get() + "; nothing was kept");
            }
            target.keep();
            return file;
        }
    }

    private void write() throws IOException {
        output.writeInt(SnapshotReader.MAGIC, "magic");
        output.writeInt(SnapshotReader.VERSION, "version");
        output.writeLong(-1, "dbid");
        List<Session> sessions = tree.sessions().all();
        output.writeInt(sessions.size(), "count");
        for (Session session : sessions) {
            output.writeLong(session.id(), "id");
            output.writeInt(session.timeoutMillis(), "timeout");
        }
        acls();
        TreeWalk.<IOException>walk(tree, this::znode);
        output.writeString("/", "path");
        seal();
        output.writeLong(tree.lastZxid(), "zxid");
        output.writeInt(TreeDigest.VERSION, "digestVersion");
        output.writeLong(TreeDigest.of(tree), "digest");
        seal();
        output.writeLong(tree.lastZxid(), "lastZxid");
        seal();
    }

    private void acls() throws IOException {
        acls.put(Acl.OPEN, SnapshotReader.OPEN_ACL);
        TreeWalk.walk(tree, (path, node) -> acls.putIfAbsent(tree.acl(node), (long) acls.size()));
        output.writeInt(acls.size() - 1, "map");
        for (Map.Entry<List<Acl>, Long> list : acls.entrySet()) {
            if (list.getValue() != SnapshotReader.OPEN_ACL) {
                output.writeLong(list.getValue(), "long");
                List<ACL> theirs = new ArrayList<>();
                for (Acl entry : list.getKey()) {
                    theirs.add(new ACL(
                            entry.perms(),
                            new Id(entry.who().scheme(), entry.who().id())));
                }
                output.startVector(theirs, "acls");
                for (ACL entry : theirs) {
                    entry.serialize(output, "acl");
                }
                output.endVector(theirs, "acls");
            }
        }
    }

    private void znode(String path, Znode node) throws IOException {
        output.writeString(path.equals(ZnodePath.ROOT) ? "" : path, "path");
        // The members are others there; a server of an ensemble writes its own list, one alone has none.
        boolean config = path.equals(ZnodePath.CONFIG);
        output.writeBuffer(config ? new byte[0] : node.data(), "data");
        output.writeLong(acls.getOrDefault(tree.acl(node), SnapshotReader.OPEN_ACL), "acl");
        new StatPersisted(
                        node.czxid(),
                        node.mzxid(),
                        node.ctime(),
                        node.mtime(),
                        config ? 0 : node.version(),
                        node.childCreates(),
                        node.aversion(),
                        node.owner(),
                        node.pzxid())
                .serialize(output, "stat");
    }

    private void seal() throws IOException {
        output.writeLong(checked.getChecksum().getValue(), "val");
        output.writeString("/", "path");
    }
}
