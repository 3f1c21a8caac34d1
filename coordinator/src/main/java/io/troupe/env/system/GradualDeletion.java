package io.troupe.env.system;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Deletes files from their ends, a piece at a time. A file system that gives what is freed back to the device (ext4 with {@code
 * discard}, for one) does so within its next commit: with a file of 64 MiB at once, every fsync of the host waits for some 70 ms
 * (decision 042).
 */
final class GradualDeletion implements AutoCloseable {
    /** Files on their way out: nobody's any more. */
    static final String SUFFIX = ".deleted";

    private static final long PIECE = 1L << 20;

    private final Deque<Path> files = new ArrayDeque<>();
    private final Housekeeping thread;
    private @Nullable FileChannel open;

    GradualDeletion(Housekeeping thread) {
        this.thread = thread;
    }

    /** Takes over a file that has its last name. */
    synchronized void add(Path file) {
        files.add(file);
        if (files.size() == 1) {
            thread.next(this::deleteSome);
        }
    }

    private synchronized void deleteSome() {
        Path file = files.getFirst();
        try {
            if (cut(file)) {
                thread.next(this::deleteSome);
                return;
            }
        } catch (IOException | RuntimeException e) {
            thread.failed(file + " could not be deleted", e);
        }
        files.removeFirst();
        if (!files.isEmpty()) {
            thread.next(this::deleteSome);
        }
    }

    /** False once there is nothing left of it. */
    private boolean cut(Path file) throws IOException {
        FileChannel channel = open;
        if (channel == null) {
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
            open = channel;
        }
        long left = channel.size() - PIECE;
        if (left > 0) {
            channel.truncate(left);
            return true;
        }
        open = null;
        channel.close();
        Files.delete(file);
        return false;
    }

    /** Leaves the rest to whoever has the directory next. */
    @Override
    public synchronized void close() throws IOException {
        if (open != null) {
            open.close();
        }
    }
}
