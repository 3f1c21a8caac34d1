package io.troupe.app.zookeeper;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.Adler32;
import org.jspecify.annotations.Nullable;

/**
 * Reads one transaction log (contract 8.3), record by record. It ends at the zeros behind the last record, or at the end of the
 * file; what is neither is the torn end that a crash leaves, unless a whole record stands behind it: then it is damage.
 */
final class LogReader implements Closeable {
    static final int MAGIC = 0x5A4B4C47;
    static final int VERSION = 2;

    private static final int HEADER = 4 + 4 + 8;
    private static final int RECORD_HEADER = 8 + 4;
    private static final byte RECORD_END = 0x42;

    /** Shorter than the header of any transaction. */
    private static final int LEAST_ENTRY = 8 + 4 + 8 + 8 + 4;

    private static final int MOST_ENTRY = 256 * 1024 * 1024;
    private static final int WINDOW = 256 * 1024;

    private final Path file;
    private final FileChannel channel;
    private final long size;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long windowAt;
    private long offset = HEADER;
    private @Nullable String torn;

    private LogReader(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.size = channel.size();
    }

    /** What stands in a log is not what was written there. */
    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(String message) {
            super(message);
        }
    }

    /**
     * Opens one.
     *
     * @throws DamagedException when it is no log, though not empty
     */
    static LogReader open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        LogReader reader = new LogReader(file, channel);
        try {
            reader.readHeader();
            return reader;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void readHeader() throws IOException {
        if (size < HEADER || (intAt(0) == 0 && !recordBehind(HEADER))) {
            offset = size;
            torn = size == 0
                    ? null
                    : file + ": its header was never written: the server was killed when it had just made it";
            return;
        }
        if (intAt(0) != MAGIC || intAt(4) != VERSION) {
            throw new DamagedException(file + ": offset 0: this is no log of ZooKeeper, or its header is damaged");
        }
    }

    /** Why the file ends where it does, when it does not end as a server that was stopped leaves it. */
    @Nullable
    String torn() {
        return torn;
    }

    /** Where the entry begins that {@link #next} reads next. */
    long offset() {
        return offset;
    }

    /**
     * The next entry, null at the end.
     *
     * @throws DamagedException when what stands here is unreadable and a whole record comes behind it
     */
    byte @Nullable [] next() throws IOException {
        if (size - offset < RECORD_HEADER) {
            endAt(offset < size && !zeros(offset) ? "a record is cut off" : null);
            return null;
        }
        int length = intAt(offset + 8);
        if (length == 0 && longAt(offset) == 0) {
            endAt(recordBehind(offset + 1) ? "zeros stand where a record should" : null);
            return null;
        }
        byte[] entry = entryAt(offset);
        if (entry == null) {
            endAt("a record is unreadable: its length, its end or its checksum is wrong");
            return null;
        }
        offset += RECORD_HEADER + entry.length + 1;
        return entry;
    }

    private void endAt(@Nullable String cause) throws IOException {
        if (cause == null) {
            return;
        }
        String where = file + ": offset " + offset + ": " + cause;
        if (recordBehind(offset + 1)) {
            throw new DamagedException(where + ", and whole ones come behind it");
        }
        torn = where + ", and nothing whole comes behind it: the server was killed while it wrote";
    }

    private byte @Nullable [] entryAt(long at) throws IOException {
        int length = intAt(at + 8);
        if (length < LEAST_ENTRY || length > MOST_ENTRY || at + RECORD_HEADER + length + 1 > size) {
            return null;
        }
        if (byteAt(at + RECORD_HEADER + length) != RECORD_END) {
            return null;
        }
        byte[] entry = bytesAt(at + RECORD_HEADER, length);
        Adler32 adler = new Adler32();
        adler.update(entry);
        return adler.getValue() == longAt(at) ? entry : null;
    }

    private boolean zeros(long from) throws IOException {
        for (long at = from; at < size; at++) {
            if (byteAt(at) != 0) {
                return false;
            }
        }
        return true;
    }

    /** A checksum's upper half is zero, and its lower is not, which spares looking closely at most places. */
    private boolean recordBehind(long from) throws IOException {
        for (long at = from; at + RECORD_HEADER + LEAST_ENTRY < size; at++) {
            while (at + RECORD_HEADER + LEAST_ENTRY < size && longAt(at) == 0 && longAt(at + 8) == 0) {
                at += Long.BYTES;
            }
            if (at + RECORD_HEADER + LEAST_ENTRY < size
                    && intAt(at) == 0
                    && intAt(at + 4) != 0
                    && plausible(at)
                    && entryAt(at) != null) {
                return true;
            }
        }
        return false;
    }

    private boolean plausible(long at) throws IOException {
        int length = intAt(at + 8);
        return length >= LEAST_ENTRY && length <= MOST_ENTRY && at + RECORD_HEADER + length < size;
    }

    // ---- bytes ----

    private void window(long at, int bytes) throws IOException {
        if (at >= windowAt && at + bytes <= windowAt + window.limit()) {
            return;
        }
        windowAt = at;
        window.clear();
        while (window.hasRemaining() && channel.read(window, windowAt + window.position()) >= 0) {
            // Until it is full, or the file ends.
        }
        window.flip();
        if (bytes > window.limit()) {
            throw new EOFException(file + " became shorter while it was read");
        }
    }

    private byte byteAt(long at) throws IOException {
        window(at, 1);
        return window.get((int) (at - windowAt));
    }

    private int intAt(long at) throws IOException {
        window(at, Integer.BYTES);
        return window.getInt((int) (at - windowAt));
    }

    private long longAt(long at) throws IOException {
        window(at, Long.BYTES);
        return window.getLong((int) (at - windowAt));
    }

    private byte[] bytesAt(long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        if (length <= WINDOW / 2) {
            window(at, length);
            window.get((int) (at - windowAt), bytes.array());
            return bytes.array();
        }
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new EOFException(file + " became shorter while it was read");
            }
        }
        return bytes.array();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
