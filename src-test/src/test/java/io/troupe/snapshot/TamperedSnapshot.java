package io.troupe.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.troupe.env.system.SystemDisk;
import io.troupe.tree.state.DataTree;
import io.troupe.tree.state.SnapshotDecoder;
import io.troupe.tree.state.SnapshotEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** A snapshot that is whole and wrong. */
public final class TamperedSnapshot {
    private TamperedSnapshot() {}

    /**
     * Writes the newest snapshot of a server that does not run anew, with other data in one znode.
     *
     * @throws IllegalStateException where there is no snapshot, or it does not have the znode
     */
    public static void write(Path dataDirectory, String path, String data) throws IOException {
        try (SystemDisk disk = SystemDisk.open(dataDirectory)) {
            DataTree tree;
            try (InputStream newest = new SnapshotCatalog(disk)
                    .newest()
                    .orElseThrow(() -> new IllegalStateException("no snapshot in " + dataDirectory))) {
                tree = SnapshotDecoder.decode(newest);
            }
            var znode = tree.get(path);
            if (znode == null) {
                throw new IllegalStateException("no " + path + " in the newest snapshot in " + dataDirectory);
            }
            tree.put(path, tree.image(znode).withUsage(data.getBytes(UTF_8)));
            var writer = new SnapshotWriter(disk, tree.lastZxid());
            new SnapshotEncoder(tree, chunk -> {
                        try {
                            writer.write(chunk);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .encodeSome(() -> true);
            var durable = new CompletableFuture<Void>();
            writer.seal(failure -> {
                if (failure == null) {
                    durable.complete(null);
                } else {
                    durable.completeExceptionally(failure);
                }
            });
            durable.join();
            writer.publish();
        }
    }
}
