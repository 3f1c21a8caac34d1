package io.troupe.sim;

import io.troupe.env.Disk;
import io.troupe.env.DiskFile;
import io.troupe.env.SpareFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk as one process sees it, until the process ends. */
final class SimMount implements Disk {
    /** Spare files are kept where the disk is not limited. */
    private static final long LEAST_USABLE = Long.MAX_VALUE / 4;

    private static final long FILL_NANOS = 3_000_000;

    private final SimDisk disk;
    private final SimProcess process;
    private final SpareFiles spares = new SpareFiles(this, this::fill, LEAST_USABLE);
    private boolean fenced;

    SimMount(SimDisk disk, SimProcess process) {
        this.disk = disk;
        this.process = process;
    }

    /** As at any opening of a directory. */
    void deleteWhatIsLeft() {
        for (String name : disk.names()) {
            if (SpareFiles.isSpare(name)) {
                disk.change(name, null, null);
            }
        }
    }

    private void fill(String name, Runnable done) {
        SimInode inode = disk.directory().get(name);
        if (inode == null) {
            throw new IllegalStateException(name + " is gone");
        }
        inode.write(0, new byte[inode.size()]);
        disk.world().schedule(null, FILL_NANOS, () -> {
            if (!fenced) {
                inode.commit(inode.mark());
                done.run();
            }
        });
    }

    void fence() {
        fenced = true;
    }

    private void check() throws IOException {
        if (fenced) {
            throw new IOException(process + " is gone and may not touch the disk any more");
        }
    }

    /** As {@link #check()}, before a change. */
    private void checkChange() throws IOException {
        check();
        disk.changing();
        check();
    }

    private SimInode existing(String name) throws IOException {
        SimInode inode = disk.directory().get(name);
        if (inode == null) {
            throw new IOException("no such file: " + name);
        }
        return inode;
    }

    @Override
    public List<String> list() throws IOException {
        check();
        return disk.names().stream().filter(name -> !SpareFiles.isSpare(name)).toList();
    }

    @Override
    public boolean exists(String name) throws IOException {
        check();
        return disk.directory().containsKey(name);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        checkChange();
        SimInode inode = disk.directory().get(name);
        if (inode == null) {
            inode = new SimInode();
            disk.change(null, name, inode);
        }
        return new File(inode, true);
    }

    @Override
    public DiskFile openForReading(String name) throws IOException {
        check();
        return new File(existing(name), false);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        checkChange();
        disk.change(from, to, existing(from));
    }

    @Override
    public void delete(String name) throws IOException {
        checkChange();
        if (disk.directory().containsKey(name)) {
            disk.change(name, null, null);
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
        checkChange();
        disk.commitDirectory();
        spares.directorySynced();
    }

    @Override
    public long usableBytes() throws IOException {
        check();
        long usable = disk.usableBytes();
        spares.usable(usable);
        return usable;
    }

    private final class File implements DiskFile {
        private final SimInode inode;
        private final boolean writable;
        private boolean closed;

        private File(SimInode inode, boolean writable) {
            this.inode = inode;
            this.writable = writable;
        }

        private void checkOpen() throws IOException {
            check();
            if (closed) {
                throw new IOException("the file is closed");
            }
        }

        private void checkWritable() throws IOException {
            checkOpen();
            checkChange();
            if (!writable) {
                throw new IOException("the file was opened for reading");
            }
        }

        @Override
        public long size() throws IOException {
            checkOpen();
            return inode.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            checkOpen();
            byte[] bytes = new byte[target.remaining()];
            int count = inode.read(bytes, 0, bytes.length, position);
            if (count > 0) {
                target.put(bytes, 0, count);
            }
            return count;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            checkWritable();
            disk.reserve(position + source.remaining() - inode.size());
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            inode.write(position, bytes);
        }

        @Override
        public void truncate(long size) throws IOException {
            checkWritable();
            if (size < inode.size()) {
                inode.resize(size);
            }
        }

        @Override
        public void preallocate(long size) throws IOException {
            checkWritable();
            if (size > inode.size()) {
                disk.reserve(size - inode.size());
                inode.resize(size);
            }
        }

        @Override
        public void sync() throws IOException {
            checkOpen();
            checkChange();
            long mark = inode.mark();
            if (disk.takeSyncFailure()) {
                inode.lose(mark);
                throw new IOException("simulated failure of a sync");
            }
            inode.commit(mark);
            disk.changedDurably(inode);
        }

        @Override
        public void sync(SyncListener listener) {
            if (fenced) {
                return;
            }
            long mark = inode.mark();
            boolean fails = disk.takeSyncFailure();
            disk.world().schedule(null, disk.nextSyncDelay(), () -> synced(mark, fails, listener));
        }

        private void synced(long mark, boolean fails, SyncListener listener) {
            if (fenced) {
                return;
            }
            if (fails) {
                inode.lose(mark);
            } else {
                inode.commit(mark);
                disk.changedDurably(inode);
            }
            IOException failure = fails ? new IOException("simulated failure of a sync") : null;
            disk.world().post(process, () -> listener.onSynced(failure));
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
