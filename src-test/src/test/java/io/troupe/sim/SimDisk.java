package io.troupe.sim;

import io.troupe.env.Disk;
import io.troupe.sim.invariant.DurableState;
import io.troupe.sim.invariant.SegmentRecords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One node's disk. It outlives the node's processes: each start mounts it anew, and what an earlier mount still tries
 * to do fails. A killed process loses nothing it has written; a power loss takes what was not synced, file contents
 * and directory entries alike.
 */
final class SimDisk {
    /** A change of the directory: {@code from} disappears, {@code to} appears; either may be absent. */
    record DirectoryChange(
            @Nullable String from,
            @Nullable String to,
            @Nullable SimInode inode) {
        void apply(Map<String, SimInode> directory) {
            if (from != null) {
                directory.remove(from);
            }
            if (to != null && inode != null) {
                directory.put(to, inode);
            }
        }
    }

    static final long USUAL_MIN_SYNC_NANOS = 200_000;
    static final long USUAL_MAX_SYNC_NANOS = 2_000_000;

    private final SimWorld world;
    private final SplittableRandom random;
    private final TreeMap<String, SimInode> directory = new TreeMap<>();
    private final TreeMap<String, SimInode> durableDirectory = new TreeMap<>();
    private final List<DirectoryChange> pending = new ArrayList<>();
    private @Nullable SimMount mount;
    private long minSyncNanos = USUAL_MIN_SYNC_NANOS;
    private long maxSyncNanos = USUAL_MAX_SYNC_NANOS;
    private long lastSyncEnd;
    private boolean failNextSync;
    private boolean failed;
    private boolean damaged;
    private long capacity = Long.MAX_VALUE;
    private String watched = "";
    private @Nullable Runnable durableListener;
    private long operationsLeft;
    private @Nullable Runnable atOperation;

    SimDisk(SimWorld world, String name) {
        this.world = world;
        this.random = world.random("disk " + name);
    }

    // ---- for the simulation ----

    /** A handle for a new process; the one before it is fenced. */
    Disk mount(SimProcess process) {
        fence();
        failed = false;
        SimMount mounted = new SimMount(this, process);
        mounted.deleteWhatIsLeft();
        mount = mounted;
        return mounted;
    }

    /** The process is gone; nothing of it reaches the disk any more. */
    void fence() {
        if (mount != null) {
            mount.fence();
            mount = null;
        }
    }

    /** The machine lost its power. */
    void powerLoss() {
        fence();
        int kept = random.nextInt(pending.size() + 1);
        pending.subList(0, kept).forEach(change -> change.apply(durableDirectory));
        pending.clear();
        directory.clear();
        directory.putAll(durableDirectory);
        directory.values().forEach(inode -> inode.powerLoss(random));
        changedDurably();
    }

    /** The disk is replaced by an empty one. */
    void wipe() {
        fence();
        directory.clear();
        durableDirectory.clear();
        pending.clear();
        damaged = false;
    }

    /** Whether files were damaged since the disk was last empty. */
    boolean damaged() {
        return damaged;
    }

    /** How long syncs take from now on. */
    void syncTakes(long minNanos, long maxNanos) {
        minSyncNanos = minNanos;
        maxSyncNanos = maxNanos;
    }

    /** The next sync of any kind fails, and what it should have made durable never will be. */
    void failNextSync() {
        failNextSync = true;
    }

    /** Whether an operation has failed since the disk was mounted: reason enough for a process to end. */
    boolean failed() {
        return failed;
    }

    /** Writes that would make the files exceed this total fail. */
    void capacity(long bytes) {
        capacity = bytes;
    }

    /** Does something in the middle of what a process does: when it is about to change the disk for the {@code n}-th time. */
    void atOperation(long n, Runnable action) {
        operationsLeft = n;
        atOperation = action;
    }

    /** Takes {@link #atOperation} and {@link #failNextSync} back, if they have not happened yet. */
    void disarm() {
        atOperation = null;
        failNextSync = false;
    }

    /** Told whenever what is durable of the file of this name may have become something else. */
    void onDurable(String name, Runnable listener) {
        watched = name;
        durableListener = listener;
    }

    /** The files a power loss would leave if it took all that is not durable; fresh copies. */
    Map<String, byte[]> durableFiles() {
        Map<String, byte[]> files = new TreeMap<>();
        durableDirectory.forEach((name, inode) -> files.put(name, inode.durableBytes()));
        return files;
    }

    /** The end of the log in {@link #durableFiles()}; only what changed since the last time is read. */
    long durableLogEnd() {
        List<SegmentRecords> segments = new ArrayList<>();
        durableDirectory.forEach((name, inode) -> {
            if (DurableState.isSegment(name)) {
                segments.add(inode.durableRecords());
            }
        });
        return DurableState.logEnd(segments);
    }

    /** One file as {@link #durableFiles()} shows it, or null. */
    byte @Nullable [] durableFile(String name) {
        SimInode inode = durableDirectory.get(name);
        return inode == null ? null : inode.durableBytes();
    }

    /** The files as a process sees them; fresh copies. */
    Map<String, byte[]> files() {
        Map<String, byte[]> files = new TreeMap<>();
        directory.forEach((name, inode) -> files.put(name, inode.cachedBytes()));
        return files;
    }

    /** The names of the files, sorted. */
    List<String> names() {
        return List.copyOf(directory.keySet());
    }

    /** Of one file, in bytes. */
    int size(String name) {
        return existing(name, 0).size();
    }

    /** Turns bits of one byte of a file: those that are set in {@code mask}. */
    void corrupt(String name, int position, int mask) {
        damaged = true;
        existing(name, position + 1).flip(position, mask);
    }

    /** Makes part of a file zeros, as far as it goes. */
    void zero(String name, int position, int length) {
        damaged = true;
        existing(name, position + 1).zero(position, length);
    }

    private SimInode existing(String name, int leastSize) {
        SimInode inode = directory.get(name);
        if (inode == null || inode.size() < leastSize) {
            throw new IllegalArgumentException(name + " does not have " + leastSize + " bytes");
        }
        return inode;
    }

    // ---- for the mount ----

    SimWorld world() {
        return world;
    }

    /** A process is about to change something. */
    void changing() {
        Runnable action = atOperation;
        if (action != null && --operationsLeft <= 0) {
            atOperation = null;
            action.run();
        }
    }

    Map<String, SimInode> directory() {
        return directory;
    }

    void change(@Nullable String from, @Nullable String to, @Nullable SimInode inode) {
        DirectoryChange change = new DirectoryChange(from, to, inode);
        change.apply(directory);
        pending.add(change);
    }

    void commitDirectory() throws IOException {
        if (takeSyncFailure()) {
            pending.clear();
            throw new IOException("simulated failure of a directory sync");
        }
        pending.forEach(change -> change.apply(durableDirectory));
        pending.clear();
        changedDurably();
    }

    /** When a sync requested now will end. Syncs of one disk end in the order of their requests. */
    long nextSyncDelay() {
        long now = world.nowNanos();
        long delay = random.nextLong(minSyncNanos / 100_000, maxSyncNanos / 100_000 + 1) * 100_000;
        lastSyncEnd = Math.max(lastSyncEnd + 1, now + delay);
        return lastSyncEnd - now;
    }

    boolean takeSyncFailure() {
        boolean fails = failNextSync;
        failNextSync = false;
        failed |= fails;
        return fails;
    }

    /** More of one file has become durable. */
    void changedDurably(SimInode inode) {
        if (inode == durableDirectory.get(watched)) {
            changedDurably();
        }
    }

    private void changedDurably() {
        if (durableListener != null) {
            durableListener.run();
        }
    }

    long used() {
        long used = 0;
        for (SimInode inode : directory.values()) {
            used += inode.size();
        }
        return used;
    }

    /** Throws when the files may not grow by so much. */
    void reserve(long growth) throws IOException {
        if (growth > 0 && capacity != Long.MAX_VALUE && used() + growth > capacity) {
            failed = true;
            world.fail("a write fails for lack of room, which should have been noticed before");
            throw new IOException("No space left on device");
        }
    }

    long usableBytes() {
        return capacity == Long.MAX_VALUE ? Long.MAX_VALUE / 2 : Math.max(0, capacity - used());
    }
}
