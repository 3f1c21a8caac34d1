package io.troupe.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What an ensemble takes from the machine and gives back: ports, and directories that are removed, also at the end of the JVM. */
final class TemporaryHome implements AutoCloseable {
    private final FreePorts ports = new FreePorts();
    private final List<Path> temporary = new ArrayList<>();
    private final Thread lastResort = new Thread(this::removeAll, "troupe-testkit-remove");
    private boolean closed;

    TemporaryHome() {
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    synchronized int freePort() {
        return ports.take();
    }

    /** Makes a directory that is removed at the end. */
    synchronized Path directory() {
        try {
            Path made = Files.createTempDirectory("troupe-test-");
            temporary.add(made);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void removeAll() {
        temporary.forEach(TemporaryHome::remove);
        temporary.clear();
    }

    static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " cannot be removed", e);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            ports.close();
            removeAll();
            try {
                Runtime.getRuntime().removeShutdownHook(lastResort);
            } catch (IllegalStateException alreadyEnding) {
                // Then it runs, and finds nothing.
                return;
            }
        }
    }
}
