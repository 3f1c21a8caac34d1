package io.troupe.env;

import java.io.IOException;
import java.util.List;

/**
 * One node's data directory: a flat set of named files. Names are plain file names without separators. Calls may block
 * for as long as the operating system's page cache does; only {@link DiskFile#sync(DiskFile.SyncListener)} is
 * asynchronous. Creations, renames and deletions survive a crash only after {@link #syncDirectory()}.
 */
public interface Disk {
    /** Names of all files, ascending. */
    List<String> list() throws IOException;

    /** Whether a file of this name exists. */
    boolean exists(String name) throws IOException;

    /** Opens a file for reading and writing, creating it when absent. */
    DiskFile open(String name) throws IOException;

    /** Opens an existing file for reading; writes to it throw. */
    DiskFile openForReading(String name) throws IOException;

    /** Renames atomically, replacing {@code to} where it exists. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file; one that does not exist is not an error. */
    void delete(String name) throws IOException;

    /**
     * As {@link #delete}, for what is large and not in a hurry: its name is free at once, its space soon, a piece at a time so that
     * syncs of other files need not wait for all of it. Who has it open must not read it any more.
     */
    default void discard(String name) throws IOException {
        delete(name);
    }

    /**
     * As {@link #discard}, for what {@link #allocate} may use again: after the next {@link #syncDirectory()}, its space may be filled
     * with zeros instead of given back.
     */
    default void recycle(String name) throws IOException {
        discard(name);
    }

    /** Opens a file without content, or with nothing but durable zeros in it: one that was recycled. What had this name is lost. */
    default DiskFile allocate(String name) throws IOException {
        DiskFile file = open(name);
        file.truncate(0);
        return file;
    }

    /** Blocks until earlier creations, renames and deletions are durable. */
    void syncDirectory() throws IOException;

    /** Bytes that can still be written. */
    long usableBytes() throws IOException;
}
