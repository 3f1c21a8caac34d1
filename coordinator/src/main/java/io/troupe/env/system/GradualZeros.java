package io.troupe.env.system;

import io.troupe.env.SpareFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fills files with zeros, a piece at a time, each durable before the next: the syncs of others never wait for much. */
final class GradualZeros implements SpareFiles.Zeros {
    private static final Logger LOG = LoggerFactory.getLogger(GradualZeros.class);
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(1 << 16).asReadOnlyBuffer();
    private static final int PIECE = 1 << 20;
    /** Up to 200 MiB a second, more than any log grows. */
    private static final long PAUSE_MILLIS = 5;

    private final Path directory;
    private final ScheduledExecutorService thread;

    GradualZeros(Path directory, ScheduledExecutorService thread) {
        this.directory = directory;
        this.thread = thread;
    }

    @Override
    public void fill(String name, Runnable done) {
        Path file = directory.resolve(name);
        next(() -> fillFrom(0, file, done));
    }

    private void next(Runnable piece) {
        try {
            Future<?> unused = thread.schedule(piece, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The directory is closed, the next start deletes what is left", e);
        }
    }

    private void fillFrom(long position, Path file, Runnable done) {
        try {
            long end = write(position, file);
            if (end == position) {
                done.run();
            } else {
                next(() -> fillFrom(end, file, done));
            }
        } catch (IOException e) {
            if (thread.isShutdown()) {
                LOG.debug("The directory was closed meanwhile, the next start deletes what is left", e);
                return;
            }
            LOG.warn("{} could not be made ready to be used again, the next start deletes it: {}", file, e.toString());
        }
    }

    /** The end of what is zeros now; the same position at the end of the file. */
    private static long write(long position, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long end = Math.min(position + PIECE, channel.size());
            long at = position;
            while (at < end) {
                at += channel.write(ZEROS.slice(0, (int) Math.min(ZEROS.capacity(), end - at)), at);
            }
            channel.force(false);
            return at;
        }
    }
}
