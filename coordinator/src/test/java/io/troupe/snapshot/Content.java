package io.troupe.snapshot;

import io.troupe.env.FakeDisk;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.SplittableRandom;

/** Bytes that snapshots are made of. */
final class Content {
    private Content() {}

    static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    /** The content of the newest whole snapshot; fails where there is none. */
    static byte[] newest(FakeDisk disk) throws IOException {
        Optional<InputStream> newest = new SnapshotCatalog(disk).newest();
        if (newest.isEmpty()) {
            throw new AssertionError("there is no snapshot among " + disk.list());
        }
        try (InputStream content = newest.get()) {
            return content.readAllBytes();
        }
    }
}
