package io.troupe.app.console;

import io.troupe.edge.LentSnapshot;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A snapshot that is lent, from its first byte to its last; closed, it is given back. */
final class SnapshotStream extends InputStream {
    private final LentSnapshot snapshot;
    private long position;
    private boolean closed;

    SnapshotStream(LentSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        long left = snapshot.bytes() - position;
        if (left == 0 || length == 0) {
            return length == 0 ? 0 : -1;
        }
        ByteBuffer into = ByteBuffer.wrap(target, offset, (int) Math.min(length, left));
        int read = snapshot.file().read(into, position);
        if (read <= 0) {
            throw new EOFException("the snapshot ends at " + position + " of " + snapshot.bytes() + " bytes");
        }
        position += read;
        return read;
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            snapshot.close();
        }
    }
}
