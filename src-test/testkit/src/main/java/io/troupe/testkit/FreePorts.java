package io.troupe.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Listening ports of the loopback interface that are this ensemble's until it gives them back, whether anything listens there or
 * not: nobody else who asks here gets them, in this JVM or another of the same user. They lie below the range from which Linux
 * takes the local ports of outgoing connections, one of which could otherwise take the place of a node that is down.
 */
final class FreePorts implements AutoCloseable {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;

    /**
     * Each port is a byte of this file, locked while the port is somebody's. Never closed: with any channel of a file all locks of
     * the process on that file go.
     */
    private static final FileChannel RESERVATIONS = open();

    private final List<FileLock> locks = new ArrayList<>();

    private static FileChannel open() {
        Path file = Path.of(
                System.getProperty("java.io.tmpdir"), "troupe-testkit-ports-" + System.getProperty("user.name"));
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + " cannot be written, by which test JVMs agree on ports; let -Djava.io.tmpdir name another"
                            + " directory",
                    e);
        }
    }

    /**
     * Takes a port that is free.
     *
     * @throws IllegalStateException when there is none
     */
    int take() {
        int range = HIGHEST - LOWEST;
        // Whoever starts at the same port would find the first ones locked: most JVMs start elsewhere.
        int start = (int) (ProcessHandle.current().pid() * 97 % range);
        for (int tried = 0; tried < range; tried++) {
            int port = LOWEST + (start + tried) % range;
            FileLock lock = tryLock(port);
            if (lock != null) {
                if (isFree(port)) {
                    locks.add(lock);
                    return port;
                }
                release(lock);
            }
        }
        throw new IllegalStateException("no port between " + LOWEST + " and " + HIGHEST + " is free on 127.0.0.1");
    }

    /** Null while it is somebody's. */
    private static @Nullable FileLock tryLock(int port) {
        try {
            return RESERVATIONS.tryLock(port, 1, false);
        } catch (OverlappingFileLockException ofThisJvm) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static void release(FileLock lock) {
        try {
            lock.release();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives all of them back. */
    @Override
    public void close() {
        locks.forEach(FreePorts::release);
        locks.clear();
    }
}
