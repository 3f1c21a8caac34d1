package io.troupe.env;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link FakeDisk}. */
final class FakeFile implements DiskFile {
    private final FakeDisk disk;
    private final String name;
    private final FakeInode inode;
    private final boolean writable;
    private boolean closed;

    FakeFile(FakeDisk disk, String name, FakeInode inode, boolean writable) {
        this.disk = disk;
        this.name = name;
        this.inode = inode;
        this.writable = writable;
    }

    /** An asynchronous sync; what was written before it began is durable when it has ended well. */
    final class Sync {
        private final SyncListener listener;
        private final int mark;

        Sync(SyncListener listener) {
            this.listener = listener;
            this.mark = inode.mark();
        }

        void end() {
            if (closed) {
                listener.onSynced(new IOException(name + " was closed while a sync was under way"));
            } else if (disk.takeSyncFailure()) {
                fail();
            } else {
                inode.commit(mark);
                listener.onSynced(null);
            }
        }

        void fail() {
            inode.lose(mark);
            listener.onSynced(new IOException("a sync that fails"));
        }
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException(name + " is closed");
        }
    }

    private void changing(String what) throws IOException {
        checkOpen();
        if (!writable) {
            throw new IOException(name + " was opened for reading");
        }
        disk.changing(what + " " + name);
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
        int count = inode.read(bytes, (int) position);
        if (count > 0) {
            target.put(bytes, 0, count);
        }
        return count;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        changing("write");
        disk.writing();
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        inode.write((int) position, bytes);
    }

    @Override
    public void truncate(long size) throws IOException {
        changing("truncate");
        if (size < inode.size()) {
            inode.resize((int) size);
        }
    }

    @Override
    public void preallocate(long size) throws IOException {
        changing("preallocate");
        disk.writing();
        if (size > inode.size()) {
            inode.resize((int) size);
        }
    }

    @Override
    public void sync() throws IOException {
        changing("sync");
        if (disk.takeSyncFailure()) {
            inode.lose(inode.mark());
            throw new IOException("a sync that fails");
        }
        inode.commit(inode.mark());
    }

    @Override
    public void sync(SyncListener listener) {
        disk.enqueue(new Sync(listener));
    }

    @Override
    public void close() {
        closed = true;
    }
}
