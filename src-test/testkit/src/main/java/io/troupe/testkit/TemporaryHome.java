package io.troupe.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an ensemble takes from the machine and gives back: ports, and directories that are removed, at the end of the JVM if nobody
 * closes it before.
 */
final class TemporaryHome implements AutoCloseable {
    private final FreePorts ports = new FreePorts();
    private final List<Path> temporary = new ArrayList<>();
    private final List<Runnable> inhabitants = new ArrayList<>();
    private final Thread lastResort = new Thread(this::clear, "troupe-testkit-end");
    private boolean closed;

    TemporaryHome() {
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    synchronized int freePort() {
        return ports.take();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Makes a directory that is removed at the end. */
    synchronized Path directory() {
        try {
            Path made = Files.createTempDirectory(
                    "troupe-test-" + ProcessHandle.current().pid() + "-");
            temporary.add(made);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells how to end what uses the ports and writes into the directories, before they go. */
    synchronized void inhabitedBy(Runnable end) {
        inhabitants.add(end);
    }

    private synchronized void clear() {
        inhabitants.forEach(Runnable::run);
        ports.close();
        temporary.forEach(TemporaryHome::remove);
        temporary.clear();
    }

    /** Does nothing where it is gone. */
    static void remove(Path directory) {
        if (Files.notExists(directory)) {
            return;
        }
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
            clear();
            try {
                Runtime.getRuntime().removeShutdownHook(lastResort);
            } catch (IllegalStateException alreadyEnding) {
                // Then it runs, and finds nothing.
                return;
            }
        }
    }
}
