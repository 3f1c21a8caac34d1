package io.troupe.tree;

import io.troupe.env.Disk;
import io.troupe.snapshot.SnapshotCatalog;
import io.troupe.snapshot.SnapshotFile;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.SnapshotDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest snapshot, read by a thread of its own while the node's actor system starts, which takes as long. It is a guess: the tree
 * counts only if that file is still the newest when the tree is asked for, and problems are left to whoever reads it then.
 */
public final class PreloadedTree {
    private static final Logger LOG = LoggerFactory.getLogger(PreloadedTree.class);

    private record Loaded(SnapshotFile file, DataTree tree) {}

    private final AtomicReference<CompletableFuture<Optional<Loaded>>> once;

    private PreloadedTree(CompletableFuture<Optional<Loaded>> loading) {
        this.once = new AtomicReference<>(loading);
    }

    /** None. */
    public static PreloadedTree none() {
        return new PreloadedTree(CompletableFuture.completedFuture(Optional.empty()));
    }

    /** Begins to read. */
    public static PreloadedTree begin(Disk disk) {
        return begin(disk, task -> {
            Thread thread = new Thread(task, "troupe-preload");
            thread.setDaemon(true);
            thread.start();
        });
    }

    static PreloadedTree begin(Disk disk, Executor thread) {
        return new PreloadedTree(CompletableFuture.supplyAsync(() -> load(disk), thread));
    }

    private static Optional<Loaded> load(Disk disk) {
        try {
            Optional<SnapshotFile> newest = new SnapshotCatalog(disk).newestIfWhole();
            if (newest.isEmpty()) {
                return Optional.empty();
            }
            try (InputStream content = newest.get().content(disk)) {
                return Optional.of(new Loaded(newest.get(), SnapshotDecoder.decode(content)));
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("The newest snapshot is left to be read later", e);
            return Optional.empty();
        }
    }

    /** The tree, for the first who asks, who changes it: waits until it is read. Empty when the newest snapshot is another one. */
    Optional<DataTree> take(SnapshotCatalog catalog) throws IOException {
        Optional<Loaded> loaded = once.getAndSet(CompletableFuture.completedFuture(Optional.empty()))
                .join();
        return loaded.isPresent() && catalog.isNewest(loaded.get().file())
                ? loaded.map(Loaded::tree)
                : Optional.empty();
    }
}
