package io.troupe.env.system;

import io.troupe.env.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.Executor;

/** A file behind a channel. Syncs leave metadata alone: files are preallocated with zeros. */
final class SystemDiskFile implements DiskFile {
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(1024 * 1024).asReadOnlyBuffer();

    private final FileChannel channel;
    private final Executor syncs;

    SystemDiskFile(FileChannel channel, Executor syncs) {
        this.channel = channel;
        this.syncs = syncs;
    }

    /** Whether it was not closed yet. */
    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            int n = channel.read(target, position + total);
            if (n < 0) {
                return total == 0 ? -1 : total;
            }
            total += n;
        }
        return total;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        long at = position;
        while (source.hasRemaining()) {
            at += channel.write(source, at);
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        channel.truncate(size);
    }

    @Override
    public void preallocate(long size) throws IOException {
        writeZeros(channel, channel.size(), size);
    }

    static void writeZeros(FileChannel channel, long from, long to) throws IOException {
        long at = from;
        while (at < to) {
            at += channel.write(ZEROS.slice(0, (int) Math.min(ZEROS.capacity(), to - at)), at);
        }
    }

    @Override
    public void sync() throws IOException {
        channel.force(false);
    }

    @Override
    public void sync(SyncListener listener) {
        syncs.execute(() -> syncInPlace(listener));
    }

    @Override
    public void syncInPlace(SyncListener listener) {
        IOException failure = null;
        try {
            channel.force(false);
        } catch (IOException e) {
            failure = e;
        }
        listener.onSynced(failure);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
