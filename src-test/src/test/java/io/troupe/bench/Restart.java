package io.troupe.bench;

import io.troupe.process.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** How long servers that were killed take to serve again, their JVMs' start included. */
final class Restart {
    private static final long PAUSE_NANOS = 5_000_000;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** A server that does not answer in this time is asked again. */
    private static final int ANSWER_MILLIS = 2_000;

    /** For so long nothing is written by servers that have written down all that they were going to. */
    private static final long STILL_NANOS = 2_000_000_000L;

    private Restart() {}

    /** Waits until the servers have written down the snapshots that were due, which goes on behind the last request. */
    static void awaitSnapshots(List<ServerProcess> servers) throws IOException {
        long start = System.nanoTime();
        long since = start;
        long before = -1;
        while (System.nanoTime() - since < STILL_NANOS) {
            long now = 0;
            for (ServerProcess server : servers) {
                now += bytesOf(server.address().dataDirectory());
            }
            if (now != before) {
                before = now;
                since = System.nanoTime();
            }
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IOException("servers without requests write on and on");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static long bytesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toFile).mapToLong(File::length).sum();
        } catch (UncheckedIOException vanished) {
            return -1;
        }
    }

    /** Kills them, starts them, and waits until each has opened a session and read a znode. */
    static double seconds(List<ServerProcess> servers, String path) throws IOException {
        servers.forEach(ServerProcess::kill);
        long start = System.nanoTime();
        servers.forEach(ServerProcess::start);
        byte[] read = Frames.getData(path, false);
        for (ServerProcess server : servers) {
            while (!answers(server, read)) {
                if (!server.isAlive() || System.nanoTime() - start > PATIENCE_NANOS) {
                    throw new IOException("server " + server.id() + " does not come back: " + server.logTail(10));
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static boolean answers(ServerProcess server, byte[] read) {
        try (LoadConnection connection = LoadConnection.open(server.address(), ANSWER_MILLIS)) {
            return connection.call(read) == 0;
        } catch (IOException notYet) {
            return false;
        }
    }
}
