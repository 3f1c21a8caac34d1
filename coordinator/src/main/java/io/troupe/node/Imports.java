package io.troupe.node;

import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.env.Disk;
import io.troupe.log.NodeMeta;
import io.troupe.snapshot.ImportFile;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What an import in the data directory means for a node that belongs to no ensemble yet. */
final class Imports {
    private Imports() {}

    /** The one there, whole; null for none. */
    static @Nullable ImportedHistory find(Disk disk) throws IOException {
        Optional<ImportedHistory> found = ImportFile.find(disk);
        if (found.isPresent()) {
            ImportFile.verify(disk, found.get());
        }
        return found.orElse(null);
    }

    /** The first epoch of an ensemble must be later than every one in which what it begins with came to be. */
    static NodeMeta behind(@Nullable ImportedHistory imported, NodeMeta joined, Logger log) {
        Membership founding = Objects.requireNonNull(joined.founding());
        Optional<ImportedHistory> beginning = ImportedHistory.of(founding.ensembleId())
                .filter(history -> founding.version() == 0 && history.equals(imported));
        if (imported != null && beginning.isEmpty()) {
            log.warn(
                    "The import {} in the data directory is not what this ensemble began with, and is not used; it can be deleted",
                    imported);
        }
        long epoch = beginning.map(history -> Zxid.epoch(history.zxid())).orElse(0L);
        return epoch <= joined.currentEpoch()
                ? joined
                : joined.withAcceptedEpoch(Math.max(joined.acceptedEpoch(), epoch))
                        .withCurrentEpoch(epoch);
    }
}
