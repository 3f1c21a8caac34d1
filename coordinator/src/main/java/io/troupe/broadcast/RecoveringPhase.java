package io.troupe.broadcast;

import io.troupe.ensemble.ImportedHistory;
import io.troupe.ensemble.Membership;
import io.troupe.link.LinkEnd;
import io.troupe.log.LogProtocol;
import io.troupe.request.Batch;
import org.jspecify.annotations.Nullable;

/**
 * After a start: the tree stands at its newest snapshot. What the log knows to be committed is executed; the rest is kept
 * for whoever leads to commit or to cut off.
 */
final class RecoveringPhase extends LeaderlessPhase {
    private static final int READ_BYTES = 1024 * 1024;

    private final long logEnd;
    private final long commitZxid;

    RecoveringPhase(Zab zab, long logEnd, long commitZxid) {
        super(zab, "this node is still starting");
        this.logEnd = logEnd;
        this.commitZxid = commitZxid;
    }

    @Override
    String name() {
        return "recovering";
    }

    /** A founder that has not even what the ensemble began with must not vote for others who may lack it too. */
    private boolean lacksBeginning() {
        Membership membership = zab.replica.membership();
        return zab.replica.voting()
                && ImportedHistory.of(membership.ensembleId())
                        .filter(beginning -> Long.compareUnsigned(zab.replica.lastZxid(), beginning.zxid()) < 0)
                        .isPresent();
    }

    @Override
    void enter() {
        if (logEnd < zab.replica.lastZxid()) {
            // The node stopped between receiving a snapshot and starting the log behind it.
            zab.startLogAfter(zab.replica.lastZxid());
        } else {
            readOn();
        }
    }

    private void readOn() {
        zab.read(null, zab.replica.lastZxid(), READ_BYTES);
    }

    @Override
    void onLogStarted(long zxid) {
        zab.look("started from a snapshot");
    }

    @Override
    void onSlice(@Nullable LinkEnd end, LogProtocol.Slice slice) {
        if (slice.purged()) {
            throw new HistoryMissingException(
                    "history is missing: the log begins behind the end of the newest snapshot that is whole, "
                            + zab.replica);
        }
        if (slice.batches().isEmpty()) {
            if (lacksBeginning()) {
                throw new HistoryMissingException(
                        "the import that the ensemble began with is missing here, or damaged, and no snapshot is whole: "
                                + zab.replica);
            }
            zab.look("started");
            return;
        }
        for (Batch batch : slice.batches()) {
            zab.replica.append(batch);
            zab.replica.durable(batch.lastZxid());
            zab.metrics.read(batch.count());
        }
        zab.replica.commit(commitZxid);
        zab.deliver();
        readOn();
    }

    @Override
    void onClosed(LinkEnd end, String reason) {
        // There are no connections yet.
    }

    @Override
    void onStepDeadline(String step) {
        // Reading takes as long as it takes.
    }
}
