package io.troupe.app.backup;

import io.troupe.app.zookeeper.MoveException;
import io.troupe.app.zookeeper.TreeImport;
import io.troupe.app.zookeeper.TreeWalk;
import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.env.system.ReadOnlyDirectory;
import io.troupe.env.system.SystemDisk;
import io.troupe.offline.StoredHistory;
import io.troupe.snapshot.SnapshotInspection;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.SnapshotDecoder;
import io.troupe.tree.state.TreeLoader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A backup that was read as a whole: its checksum, its count of znodes and the digest of its tree are what was written.
 *
 * @param bytes of the file
 */
public record Backup(Path file, long bytes, DataTree tree) {
    /**
     * So many epochs lie between a backup and what begins with it: the ensemble it is of may have gone on, one epoch for each
     * change of leader, and none of its clients may meet a zxid that it has seen with another meaning.
     */
    private static final int EPOCHS_AHEAD = 1 << 16;

    private static final long LAST_EPOCH = (1L << 31) - 1;

    /** What a file that {@link #read} might read begins with. */
    private static final int MAGIC = 0x54525053;

    /** Whether a file looks like one, whatever it is called. */
    public static boolean isOne(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (DataInputStream input = new DataInputStream(Files.newInputStream(file))) {
            return input.readInt() == MAGIC;
        } catch (EOFException e) {
            return false;
        }
    }

    /**
     * Reads one.
     *
     * @throws BackupException when it is none, is damaged, or was written by a later release
     * @throws IOException when it cannot be read
     */
    public static Backup read(Path file) throws IOException, BackupException {
        if (!Files.isRegularFile(file)) {
            throw new BackupException(file + " is no file; name one that troupe backup has written");
        }
        if (!isOne(file)) {
            throw new BackupException(file + " is no backup of Troupe; name one that troupe backup has written");
        }
        String name = String.valueOf(file.toAbsolutePath().getFileName());
        try (InputStream content = SnapshotInspection.content(ReadOnlyDirectory.ofFile(file), name)) {
            return new Backup(file, Files.size(file), SnapshotDecoder.decode(content));
        } catch (IOException e) {
            throw new BackupException(file + " cannot be used: " + e.getMessage() + "; take another backup");
        }
    }

    /**
     * What a node that is stopped holds, to the end of its log, as if it were a backup.
     *
     * @throws BackupException when it is not sound, or none is there
     * @throws IOException when it cannot be read, or a node runs on it
     */
    public static Backup ofNode(Path directory) throws IOException, BackupException {
        StoredHistory history;
        // Taken, so that no node writes meanwhile.
        try (SystemDisk disk = SystemDisk.open(directory)) {
            history = StoredHistory.read(disk, (segment, offset, batch) -> {});
        }
        DataTree tree = history.tree();
        if (tree == null) {
            throw new BackupException("there is no history in " + directory + "; name the troupe.data-dir of a node");
        }
        if (!history.problems().isEmpty()) {
            throw new BackupException(String.join("; ", history.problems()) + ". Take another node's, or a backup");
        }
        return new Backup(directory, 0, tree);
    }

    /**
     * Makes it the data directory that the nodes of a new ensemble begin with. Znodes, sessions and ephemerals are as they were; zxids
     * go on in an epoch that the old ensemble has not reached.
     *
     * @param directory must not exist, or be empty
     * @throws MoveException when the directory is in use
     * @throws IOException when it cannot be written, or read back
     */
    public ImportedHistory writeTo(Path directory) throws IOException, MoveException {
        return TreeImport.write(begun(), directory);
    }

    /**
     * The tree for other servers to begin with: of no ensemble, in a later epoch, and with nothing said of what nodes have
     * forwarded, for the new ones count from the beginning.
     *
     * @throws MoveException when no epoch is left
     */
    public DataTree begun() throws MoveException {
        long epoch = Zxid.epoch(tree.lastZxid()) + EPOCHS_AHEAD;
        if (epoch > LAST_EPOCH) {
            throw new MoveException("no epochs are left behind " + Zxid.hex(tree.lastZxid())
                    + "; export the backup to ZooKeeper's format, and import that");
        }
        Membership nobody =
                new Membership("restored", 0, List.of(new Member(1, "localhost", 1, "localhost", 1, 0)), null);
        TreeLoader loader = new TreeLoader(nobody, tree.lastZxid());
        tree.sessions().all().forEach(loader::session);
        long[] znodes = new long[1];
        TreeWalk.<RuntimeException>walk(tree, (path, node) -> {
            loader.znode(path, tree.image(node));
            znodes[0]++;
        });
        DataTree begun = loader.finish(znodes[0]);
        begun.executed(Zxid.of(epoch, 0));
        return begun;
    }
}
