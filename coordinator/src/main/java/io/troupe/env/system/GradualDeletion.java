package io.troupe.env.system;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes files from their ends, a piece at a time. A file system that gives what is freed back to the
 * device (ext4 with {@code discard}, for one) does so within its next commit: with a file of 64 MiB at once, every fsync of the
 * host waits for some 70 ms (decision 042).
 */
final class GradualDeletion implements AutoCloseable {
    /** Files on their way out: nobody's any more. */
    static final String SUFFIX = ".deleted";

    private static final Logger LOG = LoggerFactory.getLogger(GradualDeletion.class);
    private static final long PIECE = 1L << 20;
    /** 200 MiB a second, more than any log grows. */
    private static final long PAUSE_MILLIS = 5;

    private final Deque<Path> files = new ArrayDeque<>();
    private final ScheduledExecutorService thread;
    private @Nullable FileChannel open;

    GradualDeletion(ScheduledExecutorService thread) {
        this.thread = thread;
    }

    /** Takes over a file that has its last name. */
    synchronized void add(Path file) {
        files.add(file);
        if (files.size() == 1) {
            next();
        }
    }

    private void next() {
        try {
            Future<?> unused = thread.schedule(this::deleteSome, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The directory is closed, the next start goes on", e);
        }
    }

    private synchronized void deleteSome() {
        Path file = files.getFirst();
        try {
            if (cut(file)) {
                next();
                return;
            }
        } catch (IOException | RuntimeException e) {
            if (thread.isShutdown()) {
                LOG.debug("The directory was closed meanwhile, the next start goes on", e);
                return;
            }
            LOG.warn("{} could not be deleted, the next start tries again: {}", file, e.toString());
        }
        files.removeFirst();
        if (!files.isEmpty()) {
            next();
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
