package io.troupe.nemesis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file system of its own for the data of one server, small enough to be filled. Needs the right to mount. */
final class SmallDisk implements AutoCloseable {
    private static final int MEBIBYTES = 128;

    private final Path mount;
    private final Path ballast;

    private SmallDisk(Path mount) {
        this.mount = mount;
        this.ballast = mount.resolve("ballast");
    }

    /** Mounts one; a failure's message says why that is not possible. */
    static SmallDisk mount(Path directory) throws IOException {
        Files.createDirectories(directory);
        var result = Shell.run(
                "mount", "-t", "tmpfs", "-o", "size=" + MEBIBYTES + "m", "troupe-nemesis", directory.toString());
        if (!result.succeeded()) {
            throw new IOException(result.output());
        }
        return new SmallDisk(directory);
    }

    /** Leaves not one byte free; answers how many it took. */
    long fill() {
        var taken = 0L;
        var chunk = new byte[4096];
        try (var file = Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (taken <= MEBIBYTES * 1024L * 1024L) {
                file.write(chunk);
                taken += chunk.length;
            }
            throw new IllegalStateException(mount + " is larger than it should be");
        } catch (IOException full) {
            return taken;
        }
    }

    /** Gives the space back. */
    void free() {
        try {
            Files.deleteIfExists(ballast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unmounts it, and what is on it is gone. */
    @Override
    public void close() {
        Shell.run("umount", "-l", mount.toString());
    }
}
