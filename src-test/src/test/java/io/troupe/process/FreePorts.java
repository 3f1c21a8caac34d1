package io.troupe.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses listening ports below the range from which the kernel takes the local ports of outgoing connections: a port
 * from that range could be taken by a reconnecting client while its server is down, and the server would not come back.
 */
public final class FreePorts {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;
    private static final int RANGE = HIGHEST - LOWEST;

    /**
     * Each port is a byte of this file, locked by the JVM whose tests have it, whether anything listens there at the moment or not; it
     * is the file of the testkit, too.
     */
    private static final FileChannel RESERVATIONS = open();

    private FreePorts() {}

    private static FileChannel open() {
        try {
            return FileChannel.open(
                    Path.of(
                            System.getProperty("java.io.tmpdir"),
                            "troupe-testkit-ports-" + System.getProperty("user.name")),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Free ports of the loopback interface that no later call answers again, in this JVM or another. */
    public static List<Integer> choose(int count) {
        var ports = new ArrayList<Integer>();
        // Most JVMs start at different places, and need not look at each other's ports.
        var start = (int) (ProcessHandle.current().pid() * 97 % RANGE);
        for (var tried = 0; ports.size() < count && tried < RANGE; tried++) {
            var candidate = LOWEST + (start + tried) % RANGE;
            if (reserve(candidate) && isFree(candidate)) {
                ports.add(candidate);
            }
        }
        if (ports.size() < count) {
            throw new IllegalStateException(
                    "fewer than " + count + " free ports between " + LOWEST + " and " + HIGHEST);
        }
        return ports;
    }

    /** Until this JVM ends. */
    private static boolean reserve(int port) {
        try {
            return RESERVATIONS.tryLock(port, 1, false) != null;
        } catch (OverlappingFileLockException ofThisJvm) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
