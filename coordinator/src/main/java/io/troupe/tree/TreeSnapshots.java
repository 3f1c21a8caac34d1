package io.troupe.tree;

import akka.actor.typed.ActorRef;
import io.troupe.ensemble.Membership;
import io.troupe.env.Clock;
import io.troupe.snapshot.SnapshotCatalog;
import io.troupe.snapshot.SnapshotProtocol;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.SnapshotDecoder;
import io.troupe.tree.state.SnapshotEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the tree is written down, and encodes it in slices between other work, at the pace of the disk at most: after each
 * slice it rests, since the other nodes write the same snapshot at the same request, perhaps with the same processors.
 */
final class TreeSnapshots {
    private static final int CHUNKS_AHEAD = 4;

    private final TreeSettings settings;
    private final Clock clock;
    private final ActorRef<SnapshotProtocol.Command> writer;
    private final ActorRef<SnapshotProtocol.Event> self;
    private final TreeMetrics metrics;
    private final Consumer<Duration> rest;
    private @Nullable SnapshotEncoder encoder;
    private long worked;
    private boolean resting;
    private boolean finishing;
    private int unwritten;
    private int sinceLast;

    /** Those whom the snapshot being written is for, and those who came too late for it. */
    private final List<CompletableFuture<SnapshotProtocol.Loan>> borrowers = new ArrayList<>();

    private final List<CompletableFuture<SnapshotProtocol.Loan>> lateBorrowers = new ArrayList<>();

    /**
     * No snapshot is being written.
     *
     * @param rest has {@link #rested} called after a while
     */
    TreeSnapshots(
            TreeSettings settings,
            Clock clock,
            ActorRef<SnapshotProtocol.Command> writer,
            ActorRef<SnapshotProtocol.Event> self,
            TreeMetrics metrics,
            Consumer<Duration> rest) {
        this.settings = settings;
        this.clock = clock;
        this.writer = writer;
        this.self = self;
        this.metrics = metrics;
        this.rest = rest;
    }

    /**
     * The tree of the newest snapshot that is whole, which may have been read already; where there is none, that of a new ensemble with these members, which may have
     * been founded on an import.
     */
    static DataTree newest(SnapshotCatalog catalog, PreloadedTree preloaded, Membership founding) throws IOException {
        Optional<DataTree> early = preloaded.take(catalog);
        if (early.isPresent()) {
            return early.get();
        }
        Optional<InputStream> newest = catalog.newest();
        if (newest.isEmpty()) {
            return Beginning.of(catalog, founding);
        }
        try (InputStream content = newest.get()) {
            return SnapshotDecoder.decode(content);
        }
    }

    /** So many requests were executed. */
    void executed(DataTree tree, int requests) {
        sinceLast += requests;
        if (isDue()) {
            begin(tree);
        }
    }

    private boolean isDue() {
        return sinceLast >= settings.snapshotEvery();
    }

    /** Begins a snapshot, unless one is being written. */
    void begin(DataTree tree) {
        if (encoder != null || finishing) {
            return;
        }
        sinceLast = 0;
        borrowers.addAll(lateBorrowers);
        lateBorrowers.clear();
        metrics.snapshotBegins();
        // Answered by Written once the file is there: encoding starts then, but what it shows is this moment.
        unwritten = 1;
        writer.tell(new SnapshotProtocol.Begin(tree.lastZxid(), self));
        encoder = new SnapshotEncoder(tree, this::chunk);
    }

    /** Has one made that shows what the tree holds now, and lent. */
    void lend(DataTree tree, CompletableFuture<SnapshotProtocol.Loan> borrower) {
        lateBorrowers.add(borrower);
        begin(tree);
    }

    private void chunk(byte[] bytes) {
        unwritten++;
        writer.tell(new SnapshotProtocol.Chunk(bytes));
    }

    /** The writer got through a chunk, or through with the whole. */
    void on(DataTree tree, SnapshotProtocol.Event event) {
        if (event instanceof SnapshotProtocol.Written) {
            unwritten--;
            encode();
        } else if (event instanceof SnapshotProtocol.Completed completed) {
            finishing = false;
            metrics.snapshotCompleted();
            borrowers.forEach(borrower -> writer.tell(new SnapshotProtocol.Lend(completed.zxid(), borrower)));
            borrowers.clear();
            if (!lateBorrowers.isEmpty() || isDue()) {
                begin(tree);
            }
        } else if (event instanceof SnapshotProtocol.WriteFailed failed) {
            finishing = false;
            metrics.snapshotFailed();
            refuseBorrowers(failed.cause());
            abandon();
        }
    }

    private void refuseBorrowers(String cause) {
        borrowers.addAll(lateBorrowers);
        lateBorrowers.clear();
        borrowers.forEach(borrower -> borrower.completeExceptionally(new IOException(cause)));
        borrowers.clear();
    }

    private void encode() {
        if (encoder == null || resting || unwritten >= CHUNKS_AHEAD) {
            return;
        }
        long began = clock.monotonicNanos();
        long until = began + settings.snapshotSlice().toNanos() - worked;
        boolean done = encoder.encodeSome(() -> unwritten < CHUNKS_AHEAD && clock.monotonicNanos() < until);
        if (done) {
            encoder = null;
            finishing = true;
            writer.tell(new SnapshotProtocol.Finish());
            return;
        }
        worked += clock.monotonicNanos() - began;
        if (worked >= settings.snapshotSlice().toNanos()
                && !settings.snapshotPause().isZero()) {
            worked = 0;
            resting = true;
            rest.accept(settings.snapshotPause());
        } else if (unwritten == 0) {
            // The slice ended before a chunk was full: go on after what else is in the mailbox.
            unwritten = 1;
            self.tell(new SnapshotProtocol.Written());
        }
    }

    /** The time to rest is over. */
    void rested() {
        resting = false;
        encode();
    }

    /** The tree is being replaced, or the file cannot be written. */
    void abandon() {
        if (encoder != null) {
            encoder.abandon();
            encoder = null;
            writer.tell(new SnapshotProtocol.Abandon());
            refuseBorrowers("the tree was replaced meanwhile; ask again");
        }
    }
}
