package io.troupe.tree;

import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.env.DamagedFileException;
import io.troupe.snapshot.SnapshotCatalog;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.SnapshotDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an ensemble begins with: the predefined znodes, or what its founders imported. */
public final class Beginning {
    private static final Logger LOG = LoggerFactory.getLogger(Beginning.class);

    private Beginning() {}

    /**
     * The tree before any request of the ensemble. Only with the members that it was founded with is an imported tree the one that
     * its history continues: whoever joins later takes a snapshot from the others.
     *
     * @param founding the members that this node began with
     */
    public static DataTree of(SnapshotCatalog catalog, Membership founding) throws IOException {
        Optional<ImportedHistory> history = ImportedHistory.of(founding.ensembleId());
        if (history.isEmpty() || founding.version() != 0) {
            return DataTree.founding(founding);
        }
        Optional<InputStream> imported;
        try {
            imported = catalog.imported(history.get());
        } catch (DamagedFileException damaged) {
            LOG.error("The import that this ensemble began with is damaged here: {}", damaged.getMessage());
            return DataTree.founding(founding);
        }
        if (imported.isEmpty()) {
            return DataTree.founding(founding);
        }
        try (InputStream content = imported.get()) {
            DataTree tree = SnapshotDecoder.decode(content);
            tree.found(founding);
            LOG.info(
                    "The ensemble begins with an import: {} znodes and {} sessions as of {}",
                    tree.znodes() - 1,
                    tree.sessions().count(),
                    Zxid.hex(tree.lastZxid()));
            return tree;
        }
    }
}
