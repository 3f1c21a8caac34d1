package io.troupe.app.zookeeper;

import io.troupe.app.zookeeper.DataFiles.DataFile;
import io.troupe.app.zookeeper.SnapshotReader.ZxidDigest;
import io.troupe.ensemble.Zxid;
import io.troupe.request.Acl;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.EphemeralOwner;
import io.troupe.tree.state.QuotaText;
import io.troupe.tree.state.Session;
import io.troupe.tree.state.Znode;
import io.troupe.tree.state.ZnodeImage;
import io.troupe.tree.state.ZnodePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.zookeeper.txn.TxnHeader;
import org.jspecify.annotations.Nullable;

/**
 * What a ZooKeeper server holds in its data directories, as that server itself would load it: the newest snapshot that is whole,
 * and behind it the logs. The directories are only read.
 */
public final class ZooKeeperHistory {
    private static final String LIMITS = "/zookeeper_limits";
    private static final String USAGE = "/zookeeper_stats";

    private final boolean untilDamage;
    private final DataFiles files;
    private final List<String> notes = new ArrayList<>();
    private @Nullable DataFile snapshot;
    private @Nullable String damage;
    private @Nullable Long digest;
    private int logs;
    private long transactions;
    private int dropped;

    private ZooKeeperHistory(DataFiles files, boolean untilDamage) {
        this.files = files;
        this.untilDamage = untilDamage;
    }

    /**
     * What was read.
     *
     * @param tree stands at {@link #lastZxid}, or at the beginning of a later epoch that the server has promised
     * @param lastZxid of the last transaction
     * @param epoch the greatest that the server has promised, or that its history shows
     * @param snapshot the one that was used
     * @param logs files that were read
     * @param transactions that came from them
     * @param droppedEphemerals those whose sessions had ended, which ZooKeeper removes when it loads them
     * @param digestChecked whether ZooKeeper's own digest of the tree was there, and agrees
     * @param notes what was passed over, and why that does no harm; one line each
     * @param damage where what was read ends though more stands behind it; null when all was read
     */
    public record Loaded(
            DataTree tree,
            long lastZxid,
            long epoch,
            Path snapshot,
            int logs,
            long transactions,
            int droppedEphemerals,
            boolean digestChecked,
            List<String> notes,
            @Nullable String damage) {}

    /**
     * Reads a server's directories.
     *
     * @param directories its {@code dataDir}, and its {@code dataLogDir} where that is another
     * @param untilDamage whether to be content with the history before the first transaction that is damaged or missing
     * @param ignoreDigest whether to be content with a tree whose digest is not the one that ZooKeeper wrote down
     * @throws MoveException when anything is missing or damaged that the tree depends on
     */
    public static Loaded read(List<Path> directories, boolean untilDamage, boolean ignoreDigest) throws MoveException {
        return new ZooKeeperHistory(DataFiles.in(directories), untilDamage).load(ignoreDigest);
    }

    /** Whether there is something of a ZooKeeper server in a directory. */
    public static boolean isIn(Path directory) {
        try {
            DataFiles.in(List.of(directory));
            return true;
        } catch (MoveException nothing) {
            return false;
        }
    }

    /** One transaction of a log; {@code kind} in the words of ZooKeeper's own tools. */
    public record Transaction(Path file, long offset, long zxid, long timeMillis, long sessionId, String kind) {}

    /**
     * Every transaction of the logs, up to the first that is damaged in each.
     *
     * @throws MoveException when a directory or a file cannot be read
     */
    public static void transactions(List<Path> directories, Consumer<Transaction> visitor) throws MoveException {
        for (DataFile log : DataFiles.in(directories).logs()) {
            try (LogReader reader = LogReader.open(log.path())) {
                long offset = reader.offset();
                for (byte[] bytes = reader.next(); bytes != null; bytes = reader.next()) {
                    TxnHeader header = LogEntry.read(bytes).header();
                    visitor.accept(new Transaction(
                            log.path(),
                            offset,
                            header.getZxid(),
                            header.getTime(),
                            header.getClientId(),
                            LogEntry.kind(header.getType())));
                    offset = reader.offset();
                }
            } catch (IOException e) {
                // What is damaged is named by who reads the tree.
                if (!(e instanceof LogReader.DamagedException)) {
                    throw new MoveException(log.path() + " cannot be read: " + e.getMessage(), e);
                }
            }
        }
    }

    private Loaded load(boolean ignoreDigest) throws MoveException {
        DataTree tree = newestSnapshot();
        try {
            replayLogs(tree);
        } catch (IOException e) {
            throw new MoveException(e.getMessage() + "; nothing was imported", e);
        }
        boolean checked = checkDigest(tree, ignoreDigest);
        long last = tree.lastZxid();
        settle(tree);
        long epoch = epoch(last);
        if (epoch > Zxid.epoch(last)) {
            // Clients may have been told of the beginning of this epoch; none may find a tree that is older.
            tree.executed(Zxid.of(epoch, 0));
        }
        return new Loaded(
                tree,
                last,
                epoch,
                snapshot == null ? Path.of("") : snapshot.path(),
                logs,
                transactions,
                dropped,
                checked,
                List.copyOf(notes),
                damage);
    }

    private DataTree newestSnapshot() throws MoveException {
        for (DataFile candidate : files.snapshots()) {
            try {
                SnapshotReader.Contents contents = SnapshotReader.read(candidate.path(), candidate.zxid());
                snapshot = candidate;
                ZxidDigest recorded = contents.digest();
                digest = recorded != null && recorded.zxid() == candidate.zxid() ? recorded.digest() : null;
                return contents.tree();
            } catch (IOException e) {
                notes.add(e.getMessage() + "; passed over for an older snapshot and the logs behind it");
            }
        }
        throw new MoveException("no snapshot is whole: "
                + (notes.isEmpty() ? "there are only logs" : String.join("; ", notes))
                + ". Use the directory of another server of the ensemble, or a backup");
    }

    // ---- logs ----

    private void replayLogs(DataTree tree) throws IOException, MoveException {
        Replay replay = new Replay(tree);
        for (int i = firstLog(tree.lastZxid()); i < files.logs().size() && damage == null; i++) {
            Path log = files.logs().get(i).path();
            logs++;
            try (LogReader reader = LogReader.open(log)) {
                replay(reader, log, tree, replay);
                if (reader.torn() != null) {
                    notes.add(String.valueOf(reader.torn()));
                }
            } catch (LogReader.DamagedException e) {
                stopAt(String.valueOf(e.getMessage()));
            }
        }
    }

    /** The one that holds what follows the snapshot, or the first. */
    private int firstLog(long zxid) {
        int first = 0;
        for (int i = 0; i < files.logs().size(); i++) {
            if (Long.compareUnsigned(files.logs().get(i).zxid(), zxid) <= 0) {
                first = i;
            }
        }
        return first;
    }

    private void replay(LogReader reader, Path log, DataTree tree, Replay replay) throws IOException, MoveException {
        while (true) {
            long offset = reader.offset();
            byte[] bytes = reader.next();
            if (bytes == null) {
                return;
            }
            LogEntry entry;
            try {
                entry = LogEntry.read(bytes);
            } catch (IOException | RuntimeException e) {
                stopAt(log + ": offset " + offset + ": a transaction cannot be understood: " + e.getMessage());
                return;
            }
            long zxid = entry.header().getZxid();
            if (Long.compareUnsigned(zxid, tree.lastZxid()) <= 0) {
                continue;
            }
            if (!follows(tree.lastZxid(), zxid)) {
                stopAt("%s: offset %d: transactions are missing: %s follows %s; logs may have been removed too early"
                        .formatted(log, offset, Zxid.hex(zxid), Zxid.hex(tree.lastZxid())));
                return;
            }
            try {
                replay.apply(entry);
            } catch (IOException | IllegalStateException | IllegalArgumentException e) {
                throw new MoveException(
                        log + ": offset " + offset + ": transaction " + Zxid.hex(zxid) + " cannot be applied: "
                                + e.getMessage(),
                        e);
            }
            transactions++;
            digest = entry.digest();
        }
    }

    private static boolean follows(long last, long zxid) {
        return zxid == last + 1 || (Zxid.epoch(zxid) > Zxid.epoch(last) && Zxid.counter(zxid) == 1);
    }

    private void stopAt(String cause) throws MoveException {
        if (!untilDamage) {
            throw new MoveException(
                    cause
                            + ". Use the directory of another server of the ensemble; where no server has more, --until-damage takes what stands before it, and loses the rest");
        }
        damage = cause;
    }

    // ---- the tree ----

    private boolean checkDigest(DataTree tree, boolean ignore) throws MoveException {
        if (digest == null) {
            return false;
        }
        long computed = TreeDigest.of(tree);
        if (computed == digest) {
            return true;
        }
        String cause = "the tree at %s has the digest %x, and ZooKeeper wrote down %x"
                .formatted(Zxid.hex(tree.lastZxid()), computed, digest);
        if (!ignore) {
            throw new MoveException(
                    cause
                            + ": the files do not belong together, or the server's memory was bad. Use the directory of another server; --ignore-digest takes it nevertheless");
        }
        notes.add(cause);
        return false;
    }

    /** What ZooKeeper does when it has loaded its files, and what every tree of ours has. */
    private void settle(DataTree tree) throws MoveException {
        for (Session session : tree.sessions().all()) {
            if (!EphemeralOwner.isSession(session.id())) {
                throw new MoveException("session 0x" + Long.toHexString(session.id())
                        + " has an id that stands for another kind of znode; have its client close it, then import");
            }
        }
        Set<Long> ended = new TreeSet<>();
        List<String> quotas = new ArrayList<>();
        TreeWalk.walk(tree, (path, node) -> {
            long owner = node.owner();
            if (EphemeralOwner.isSession(owner) && tree.sessions().get(owner) == null) {
                ended.add(owner);
                dropped++;
            }
            if (path.startsWith(ZnodePath.QUOTA + "/") && path.endsWith(LIMITS)) {
                quotas.add(path.substring(ZnodePath.QUOTA.length(), path.length() - LIMITS.length()));
            }
        });
        Replay replay = new Replay(tree);
        ended.forEach(session -> replay.endSession(session, tree.lastZxid()));
        for (String predefined : List.of(ZnodePath.ZOOKEEPER, ZnodePath.QUOTA)) {
            if (tree.get(predefined) == null) {
                tree.put(predefined, ZnodeImage.created(0, 0, EphemeralOwner.PERSISTENT, new byte[0], Acl.OPEN));
            }
        }
        quotas.forEach(path -> takeStock(tree, path));
        // A session is attached by a zxid, whichever of the files it was found in.
        tree.sessions()
                .all()
                .forEach(s -> tree.putSession(new Session(s.id(), s.timeoutMillis(), Math.max(1, tree.lastZxid()))));
    }

    private static void takeStock(DataTree tree, String path) {
        String usagePath = ZnodePath.QUOTA + path + USAGE;
        Znode usage = tree.get(usagePath);
        if (usage != null && !path.isEmpty()) {
            Znode top = tree.get(path);
            byte[] text = QuotaText.usage(
                    top == null ? 0 : 1L + tree.descendants(top), top == null ? 0 : tree.dataBytes(top));
            tree.put(usagePath, tree.image(usage).withUsage(text));
        }
    }

    private long epoch(long lastZxid) {
        return Math.max(Zxid.epoch(lastZxid), Math.max(orNone(files.acceptedEpoch()), orNone(files.currentEpoch())));
    }

    private static long orNone(OptionalLong epoch) {
        return epoch.orElse(0);
    }
}
