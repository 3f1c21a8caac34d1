package io.troupe.app.zookeeper;

import io.troupe.ensemble.ImportedHistory;
import io.troupe.env.system.SystemDisk;
import io.troupe.snapshot.ImportFile;
import io.troupe.snapshot.SnapshotInspection;
import io.troupe.snapshot.SnapshotInspection.SnapshotFinding;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.SnapshotDecoder;
import io.troupe.tree.state.SnapshotEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a tree as a data directory that a node of a new ensemble begins with. */
public final class TreeImport {
    private TreeImport() {}

    /**
     * Writes it, and reads it back. Whatever was written is removed when that fails. The same tree gives the same bytes.
     *
     * @param directory must not exist, or be empty
     * @throws MoveException when the directory is in use
     * @throws IOException when it cannot be written, or read back
     */
    public static ImportedHistory write(DataTree tree, Path directory) throws IOException, MoveException {
        ImportedHistory history = new ImportedHistory(tree.lastZxid(), tree.digest());
        try (NewDirectory target = NewDirectory.of(directory)) {
            try (SystemDisk disk = SystemDisk.open(directory)) {
                ImportFile.write(disk, history, chunks -> {
                    SnapshotEncoder encoder = new SnapshotEncoder(tree, chunks);
                    while (!encoder.encodeSome(() -> true)) {
                        // It says that it is done once it is.
                    }
                });
                for (SnapshotFinding written : SnapshotInspection.inspect(disk)) {
                    // The decoder compares count and digest.
                    try (InputStream content = SnapshotInspection.content(disk, written)) {
                        SnapshotDecoder.decode(content);
                    }
                }
            }
            Files.delete(directory.resolve("lock"));
            target.keep();
        }
        return history;
    }
}
