package io.troupe.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The storage that an active and a standby share, as the journal nodes of HDFS are: it takes edits of the latest epoch that it was
 * opened for, and of no earlier one.
 */
final class Journal {
    private final Path directory;

    Journal(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /** Somebody was active since. */
    static final class FencedException extends IOException {
        private static final long serialVersionUID = 1L;

        FencedException(long epoch, long latest) {
            super("epoch " + epoch + " is over, the latest is " + latest);
        }
    }

    /** Shuts out everybody whose epoch is lower; answers what was written before. */
    List<String> open(long epoch) throws IOException {
        try (FileChannel channel = channel();
                FileLock lock = channel.lock()) {
            check(epoch, lock);
            Files.writeString(directory.resolve("epoch"), Long.toString(epoch));
            return Files.exists(edits()) ? Files.readAllLines(edits()) : List.of();
        }
    }

    /** Adds a line. */
    void append(long epoch, String edit) throws IOException {
        try (FileChannel channel = channel();
                FileLock lock = channel.lock()) {
            check(epoch, lock);
            Files.write(edits(), (edit + "\n").getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private void check(long epoch, FileLock lock) throws IOException {
        Path latest = directory.resolve("epoch");
        long promised = lock.isValid() && Files.exists(latest) ? Long.parseLong(Files.readString(latest)) : 0;
        if (epoch < promised) {
            throw new FencedException(epoch, promised);
        }
    }

    private Path edits() {
        return directory.resolve("edits");
    }

    private FileChannel channel() throws IOException {
        return FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
}
