package io.troupe.env;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory whose machine can lose its power: what was written stays readable, but outlives that only once it was
 * synced, file contents and directory entries each for themselves. Asynchronous syncs end when the test says so.
 */
public final class FakeDisk implements Disk {
    private final TreeMap<String, FakeInode> directory = new TreeMap<>();
    private final TreeMap<String, FakeInode> durableDirectory = new TreeMap<>();
    private final List<Consumer<Map<String, FakeInode>>> pending = new ArrayList<>();
    private final Deque<FakeFile.Sync> syncs = new ArrayDeque<>();
    private final List<String> journal = new ArrayList<>();
    private final SpareFiles spares = new SpareFiles(this, this::fill, 0);
    private long changesLeft = Long.MAX_VALUE;
    private boolean failNextSync;
    private boolean failNextWrite;
    private long usable = Long.MAX_VALUE;

    // ---- for tests ----

    /** The power fails when something is about to change the disk for the {@code n}-th time from now, 0 for the next. */
    public void losePowerAtChange(long n) {
        changesLeft = n;
    }

    /** Whether the power was lost. */
    public boolean dark() {
        return changesLeft < 0;
    }

    /** The next sync of any kind fails, and what it should have made durable never will be, though it stays readable. */
    public void failNextSync() {
        failNextSync = true;
    }

    /** The next write fails. */
    public void failNextWrite() {
        failNextWrite = true;
    }

    /** So much room is left; it does not shrink by itself. */
    public void usable(long bytes) {
        usable = bytes;
    }

    /** What stands there once the power is back, when nothing survived that did not have to. */
    public FakeDisk afterPowerLoss() {
        return survivor(0, null);
    }

    /** What stands there once the power is back, when some of what was not synced survived. */
    public FakeDisk afterPowerLoss(SplittableRandom random) {
        return survivor(random.nextInt(pending.size() + 1), random);
    }

    private FakeDisk survivor(int directoryChanges, @Nullable SplittableRandom random) {
        TreeMap<String, FakeInode> names = new TreeMap<>(durableDirectory);
        for (Consumer<Map<String, FakeInode>> change : pending.subList(0, directoryChanges)) {
            change.accept(names);
        }
        FakeDisk disk = new FakeDisk();
        names.keySet().removeIf(SpareFiles::isSpare);
        names.forEach((name, inode) -> disk.directory.put(name, inode.afterPowerLoss(random)));
        disk.durableDirectory.putAll(disk.directory);
        return disk;
    }

    /** What the next process finds when this one was killed: all that it wrote, durable or not. */
    public FakeDisk afterKill() {
        FakeDisk disk = new FakeDisk();
        disk.directory.putAll(directory);
        disk.directory.keySet().removeIf(SpareFiles::isSpare);
        disk.durableDirectory.putAll(durableDirectory);
        disk.pending.addAll(pending);
        return disk;
    }

    /** Fresh copies of all files as processes see them. */
    public Map<String, byte[]> files() {
        Map<String, byte[]> files = new TreeMap<>();
        directory.forEach((name, inode) -> files.put(name, inode.bytes()));
        return files;
    }

    /** A fresh copy of one file. */
    public byte[] file(String name) {
        return inode(name).bytes();
    }

    /** Puts a file there, durably. */
    public void put(String name, byte[] bytes) {
        FakeInode inode = FakeInode.durable(bytes);
        directory.put(name, inode);
        durableDirectory.put(name, inode);
    }

    /** Another disk with the same files, all durable. */
    public FakeDisk copy() {
        FakeDisk disk = new FakeDisk();
        files().forEach(disk::put);
        return disk;
    }

    /** Asynchronous syncs that have not ended. */
    public int syncsUnderWay() {
        return syncs.size();
    }

    /** Ends the oldest asynchronous sync. */
    public void endSync() {
        syncs.remove().end();
    }

    /** Lets the oldest asynchronous sync fail. */
    public void endSyncBadly() {
        syncs.remove().fail();
    }

    /** What was done to the disk, oldest first. */
    public List<String> journal() {
        return List.copyOf(journal);
    }

    /** How often something changed the disk. */
    public int changes() {
        return journal.size();
    }

    // ---- for the files ----

    void changing(String what) throws IOException {
        if (--changesLeft < 0) {
            changesLeft = -1;
            throw new IOException("the power is gone");
        }
        journal.add(what);
    }

    void writing() throws IOException {
        if (failNextWrite) {
            failNextWrite = false;
            throw new IOException("No space left on device");
        }
    }

    boolean takeSyncFailure() {
        boolean fails = failNextSync;
        failNextSync = false;
        return fails;
    }

    void enqueue(FakeFile.Sync sync) {
        syncs.add(sync);
    }

    private FakeInode inode(String name) {
        FakeInode inode = directory.get(name);
        if (inode == null) {
            throw new IllegalArgumentException("no such file: " + name);
        }
        return inode;
    }

    private void change(Consumer<Map<String, FakeInode>> change) {
        change.accept(directory);
        pending.add(change);
    }

    // ---- Disk ----

    @Override
    public List<String> list() {
        return directory.keySet().stream()
                .filter(name -> !SpareFiles.isSpare(name))
                .toList();
    }

    @Override
    public boolean exists(String name) {
        return directory.containsKey(name);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        if (!exists(name)) {
            changing("create " + name);
            FakeInode inode = new FakeInode();
            change(names -> names.put(name, inode));
        }
        return new FakeFile(this, name, inode(name), true);
    }

    @Override
    public DiskFile openForReading(String name) throws IOException {
        if (!exists(name)) {
            throw new IOException("no such file: " + name);
        }
        return new FakeFile(this, name, inode(name), false);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        changing("rename " + from + " " + to);
        FakeInode inode = inode(from);
        change(names -> {
            names.remove(from);
            names.put(to, inode);
        });
    }

    @Override
    public void delete(String name) throws IOException {
        if (exists(name)) {
            changing("delete " + name);
            change(names -> names.remove(name));
        }
    }

    private void fill(String name, Runnable done) {
        try (DiskFile file = open(name)) {
            file.write(ByteBuffer.allocate((int) file.size()), 0);
            file.sync();
            done.run();
        } catch (IOException e) {
            if (!dark()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void recycle(String name) throws IOException {
        spares.add(name);
    }

    @Override
    public DiskFile allocate(String name) throws IOException {
        return spares.take(name) ? open(name) : Disk.super.allocate(name);
    }

    @Override
    public void syncDirectory() throws IOException {
        changing("sync directory");
        if (takeSyncFailure()) {
            pending.clear();
            throw new IOException("a directory sync that fails");
        }
        pending.forEach(change -> change.accept(durableDirectory));
        pending.clear();
        spares.directorySynced();
    }

    @Override
    public long usableBytes() {
        return usable;
    }
}
