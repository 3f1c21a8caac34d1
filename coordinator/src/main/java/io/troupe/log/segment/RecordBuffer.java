package io.troupe.log.segment;

import java.nio.ByteBuffer;

/** Where records are put together, one at a time: every write of every client passes through here. */
final class RecordBuffer {
    private static final int LEAST = 4 << 10;

    /** What is longer is rare, and gets memory of its own. */
    private static final int MOST = 128 << 10;

    private ByteBuffer kept = ByteBuffer.allocate(0);

    /** Room for so many bytes, until the next call. */
    ByteBuffer take(int bytes) {
        if (bytes > MOST) {
            return ByteBuffer.allocate(bytes);
        }
        if (bytes > kept.capacity()) {
            kept = ByteBuffer.allocate(Math.max(LEAST, Integer.highestOneBit(bytes - 1) << 1));
        }
        return kept.clear().limit(bytes);
    }
}
