package io.troupe.snapshot;

import io.troupe.ensemble.ImportedHistory;
import io.troupe.env.DamagedFileException;
import io.troupe.env.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The snapshots in a data directory. */
public final class SnapshotCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotCatalog.class);

    private static final String ASIDE = ".damaged";

    private final Disk disk;

    public SnapshotCatalog(Disk disk) {
        this.disk = disk;
    }

    /** The content of the newest snapshot that is whole; damaged ones are logged and set aside. */
    public Optional<InputStream> newest() throws IOException {
        Optional<SnapshotFile> file = newestFile();
        return file.isPresent() ? Optional.of(file.get().content(disk)) : Optional.empty();
    }

    /** The content of the import that the ensemble began with; empty where it is not in this data directory. */
    public Optional<InputStream> imported(ImportedHistory history) throws IOException {
        return ImportFile.content(disk, history);
    }

    Optional<SnapshotFile> newestFile() throws IOException {
        for (String name : names()) {
            try {
                return Optional.of(SnapshotFile.verify(disk, name));
            } catch (DamagedFileException damaged) {
                setAside(name, damaged);
            } catch (IOException unreadable) {
                LOG.error("Passing over a snapshot that cannot be read: {}: {}", name, unreadable.toString());
            }
        }
        return Optional.empty();
    }

    /** The newest snapshot; empty where there is none, or it is damaged: it is left alone then. */
    public Optional<SnapshotFile> newestIfWhole() throws IOException {
        List<String> names = names();
        try {
            return names.isEmpty() ? Optional.empty() : Optional.of(SnapshotFile.verify(disk, names.get(0)));
        } catch (DamagedFileException damaged) {
            return Optional.empty();
        }
    }

    /** Whether no later snapshot than this one is there, and this one still is. */
    public boolean isNewest(SnapshotFile file) throws IOException {
        List<String> names = names();
        if (names.isEmpty() || !names.get(0).equals(file.name())) {
            return false;
        }
        try {
            return file.isAt(disk);
        } catch (DamagedFileException damagedSince) {
            return false;
        }
    }

    private void setAside(String name, DamagedFileException damaged) throws IOException {
        LOG.error(
                "A snapshot is damaged and was set aside as {}{}; an older one and the log will do, or the leader's: {}",
                name,
                ASIDE,
                damaged.getMessage());
        if (disk.exists(name)) {
            disk.rename(name, name + ASIDE);
            disk.syncDirectory();
        }
    }

    /** Names of all snapshots, newest first. */
    List<String> names() throws IOException {
        List<String> names = new ArrayList<>(
                disk.list().stream().filter(SnapshotFile::isSnapshot).toList());
        Collections.reverse(names);
        return names;
    }

    /**
     * Deletes all but the newest {@code keep}, an import behind them, and what crashes left unfinished; none may be in the making.
     *
     * @param inHaste whether the room is needed at once
     * @param lent names of snapshots that are being read: they go another time
     * @return the position of the oldest kept, 0 when there are fewer
     */
    long purge(int keep, boolean inHaste, Collection<String> lent) throws IOException {
        List<String> names = names();
        for (int i = keep; i < names.size(); i++) {
            if (lent.contains(names.get(i))) {
                continue;
            }
            if (inHaste) {
                disk.delete(names.get(i));
            } else {
                disk.discard(names.get(i));
            }
        }
        for (String name : disk.list()) {
            if (SnapshotWriter.isUnfinished(name) || (names.size() >= keep && ImportFile.isOne(name))) {
                disk.delete(name);
            }
        }
        return names.size() < keep ? 0 : SnapshotFile.zxidOf(names.get(keep - 1));
    }
}
