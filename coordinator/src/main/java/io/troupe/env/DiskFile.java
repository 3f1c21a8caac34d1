package io.troupe.env;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One file of a {@link Disk}. Used by one actor at a time. */
public interface DiskFile extends Closeable {
    /** Told when an asynchronous sync has ended, on any thread; turn it into a message at once. */
    @FunctionalInterface
    interface SyncListener {
        /** {@code failure} is null when everything written before the request is durable. */
        void onSynced(@Nullable IOException failure);
    }

    /** Length in bytes. */
    long size() throws IOException;

    /** Reads into {@code target} at {@code position}; returns the number of bytes read, -1 at the end of the file. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Writes all of {@code source} at {@code position}, extending the file as needed. */
    void write(ByteBuffer source, long position) throws IOException;

    /** Shortens the file to {@code size} bytes. */
    void truncate(long size) throws IOException;

    /** Reserves space up to {@code size} bytes, filled with zeros, so that later syncs change no metadata. */
    void preallocate(long size) throws IOException;

    /** Blocks until everything written so far is durable. A failure is final: the process must stop, never retry. */
    void sync() throws IOException;

    /** As {@link #sync()}, on another thread: what was written before this call is durable when the listener runs. */
    void sync(SyncListener listener);

    /**
     * As {@link #sync(SyncListener)}, for a caller that has a thread to itself: where there are threads at all, this one
     * waits for the disk, and the listener runs before the method returns.
     */
    default void syncInPlace(SyncListener listener) {
        sync(listener);
    }

    @Override
    void close() throws IOException;
}
