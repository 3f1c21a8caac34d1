package io.troupe.snapshot;

import io.troupe.env.Disk;
import io.troupe.env.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at the snapshots of a data directory without setting any aside. */
public final class SnapshotInspection {
    private SnapshotInspection() {}

    /**
     * What was found of one snapshot, or import.
     *
     * @param name of the file
     * @param zxid the position that its name says it shows
     * @param size of the file in bytes
     * @param damage what is wrong with the file; null when it is as it was written
     */
    public record SnapshotFinding(
            String name, long zxid, long size, @Nullable String damage) {}

    /** All snapshots, newest first, each read once as a whole; then the imports. */
    public static List<SnapshotFinding> inspect(Disk disk) throws IOException {
        List<SnapshotFinding> findings = new ArrayList<>();
        for (String name : new SnapshotCatalog(disk).names()) {
            findings.add(inspect(disk, name, SnapshotFile.zxidOf(name)));
        }
        for (String name : disk.list()) {
            if (ImportFile.isOne(name)) {
                findings.add(inspect(disk, name, ImportFile.historyOf(name).zxid()));
            }
        }
        return findings;
    }

    private static SnapshotFinding inspect(Disk disk, String name, long zxid) throws IOException {
        long size;
        try (DiskFile file = disk.openForReading(name)) {
            size = file.size();
        }
        String damage = null;
        try {
            SnapshotFile.verify(disk, name, zxid);
        } catch (IOException e) {
            damage = String.valueOf(e.getMessage());
        }
        return new SnapshotFinding(name, zxid, size, damage);
    }

    /**
     * The content of a snapshot, whatever the file is called.
     *
     * @throws io.troupe.env.DamagedFileException when it is not what was written
     */
    public static InputStream content(Disk disk, String name) throws IOException {
        return SnapshotFile.verify(disk, name, 0).content(disk);
    }

    /** The content of one that is whole. */
    public static InputStream content(Disk disk, SnapshotFinding finding) throws IOException {
        return SnapshotFile.verify(disk, finding.name(), finding.zxid()).content(disk);
    }
}
