package io.troupe.env.system;

import io.troupe.env.SpareFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Fills files with zeros, a piece at a time, each durable before the next. */
final class GradualZeros implements SpareFiles.Zeros {
    private static final int PIECE = 1 << 20;

    private final Path directory;
    private final Housekeeping thread;

    GradualZeros(Path directory, Housekeeping thread) {
        this.directory = directory;
        this.thread = thread;
    }

    @Override
    public void fill(String name, Runnable done) {
        Path file = directory.resolve(name);
        thread.next(() -> fillFrom(0, file, done));
    }

    private void fillFrom(long position, Path file, Runnable done) {
        try {
            long end = write(position, file);
            if (end == position) {
                done.run();
            } else {
                thread.next(() -> fillFrom(end, file, done));
            }
        } catch (IOException e) {
            thread.failed(file + " could not be made ready to be used again", e);
        }
    }

    /** The end of what is zeros now; the same position at the end of the file. */
    private static long write(long position, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long end = Math.min(position + PIECE, channel.size());
            SystemDiskFile.writeZeros(channel, position, end);
            channel.force(false);
            return end;
        }
    }
}
