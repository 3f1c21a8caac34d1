package io.troupe.broadcast;

import io.troupe.metrics.Metrics;
import io.troupe.metrics.Sizes;

/** What broadcast counts of itself. The broadcast actor only. */
final class BroadcastMetrics {
    private final Sizes proposalSizes;

    BroadcastMetrics(Metrics metrics) {
        proposalSizes = metrics.sizes("proposal_size");
    }

    /** This node begins to lead: what earlier leaders proposed is theirs. */
    void leading() {
        proposalSizes.reset();
    }

    /** A batch of this many bytes goes out. */
    void proposed(int bytes) {
        proposalSizes.add(bytes);
    }
}
