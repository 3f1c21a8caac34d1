package io.troupe.sim.invariant;

import io.troupe.request.Batch;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * The unbroken records of one segment file. What was found whole is not read again until somebody says that it changed,
 * so that a log can be judged after every change of it.
 */
public final class SegmentRecords {
    /** Before the records of a segment stand so many bytes. */
    public static final int HEADER = 4096;

    private static final int BASE = 8;
    private static final int RECORD_HEADER = 16;

    private final Supplier<ByteBuffer> file;
    /** Everything before this offset was found whole; 0 when nothing was read yet. */
    private int whole;

    private long end;

    /** {@code file} shows the file's bytes as they are, from position 0 to the limit. */
    public SegmentRecords(Supplier<ByteBuffer> file) {
        this.file = file;
    }

    /** Bytes of the file from {@code position} on are no longer what they were. */
    public void changed(long position) {
        if (position < whole) {
            whole = 0;
        }
    }

    boolean hasHeader() {
        return file.get().limit() >= HEADER;
    }

    /** The zxid before the first record. */
    long base() {
        return file.get().getLong(BASE);
    }

    /** The last zxid of the last record that is whole, and all records before it. */
    long end() {
        ByteBuffer bytes = file.get();
        if (whole == 0) {
            end = bytes.getLong(BASE);
            whole = HEADER;
        }
        int length = wholeAt(bytes, whole);
        while (length >= 0) {
            long first = bytes.getLong(whole + RECORD_HEADER);
            end = first + bytes.getInt(whole + RECORD_HEADER + 8) - 1;
            whole += RECORD_HEADER + length;
            length = wholeAt(bytes, whole);
        }
        return end;
    }

    /** The length of the batch in the record at an offset; -1 when there is no record or not all of it. */
    private static int wholeAt(ByteBuffer bytes, int offset) {
        if (offset + RECORD_HEADER > bytes.limit()) {
            return -1;
        }
        int length = bytes.getInt(offset);
        if (length < Batch.HEADER || length > bytes.limit() - offset - RECORD_HEADER) {
            return -1;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(offset, 4));
        crc.update(bytes.slice(offset + 8, 8));
        crc.update(bytes.slice(offset + RECORD_HEADER, length));
        return (int) crc.getValue() == bytes.getInt(offset + 4) ? length : -1;
    }
}
