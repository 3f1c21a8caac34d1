package io.troupe.env;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that were recycled and wait to be used again, filled with zeros: appending to one changes no metadata of the file system, and
 * nothing is given back to the device (decision 054). They are remembered in memory only; what a process leaves of them goes when
 * the directory is opened again. Used by any thread.
 */
public final class SpareFiles {
    private static final String SUFFIX = ".spare";

    /** What a log grows by from one snapshot to the next, at a high rate of small writes; what is beyond gets deleted. */
    static final int MOST = 3;

    private static final Logger LOG = LoggerFactory.getLogger(SpareFiles.class);

    private final Disk disk;
    private final Zeros zeros;
    private final long leastUsable;
    private final List<String> named = new ArrayList<>();
    private final Deque<String> filled = new ArrayDeque<>();
    private int filling;

    /** How many there ever were: a log that begins anew has segments of names that it had before. */
    private int added;

    /** Fills a file with zeros. */
    @FunctionalInterface
    public interface Zeros {
        /** Begins to, and runs {@code done} when all of it is durable; never, when that fails. */
        void fill(String name, Runnable done);
    }

    /**
     * None yet.
     *
     * @param disk whose files they are
     * @param leastUsable so many bytes must be usable, or there are no spare files
     */
    public SpareFiles(Disk disk, Zeros zeros, long leastUsable) {
        this.disk = disk;
        this.zeros = zeros;
        this.leastUsable = leastUsable;
    }

    /** Whether a file of this name is a spare one, or was one of an earlier process: it is nobody's. */
    public static boolean isSpare(String name) {
        return name.endsWith(SUFFIX);
    }

    /** Takes a file over, which loses its name. It is not written to before {@link #directorySynced}. */
    public synchronized void add(String name) throws IOException {
        if (named.size() + filling + filled.size() >= MOST || disk.usableBytes() < leastUsable) {
            disk.discard(name);
            return;
        }
        String spare = name + "-" + ++added + SUFFIX;
        disk.rename(name, spare);
        named.add(spare);
    }

    /** Names that files have lost are lost for good: a crash cannot bring them back with zeros in them. */
    public synchronized void directorySynced() {
        for (String name : named) {
            filling++;
            zeros.fill(name, () -> filled(name));
        }
        named.clear();
    }

    private synchronized void filled(String name) {
        filling--;
        filled.add(name);
    }

    /** Gives a file of zeros, all durable, this name; false where there is none. */
    public synchronized boolean take(String name) throws IOException {
        if (filled.isEmpty()) {
            return false;
        }
        disk.rename(filled.remove(), name);
        return true;
    }

    /** Room is short below some limit: there, spare files are given up. */
    public synchronized void usable(long bytes) {
        while (bytes < leastUsable && !filled.isEmpty()) {
            String name = filled.remove();
            try {
                disk.discard(name);
            } catch (IOException e) {
                LOG.warn("{} could not be deleted, the next start tries again: {}", name, e.toString());
            }
        }
    }
}
