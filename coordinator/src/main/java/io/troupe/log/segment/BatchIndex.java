package io.troupe.log.segment;

import java.util.Arrays;

/** Where each batch of a segment begins and ends, in memory: two longs a batch. */
final class BatchIndex {
    private long[] lastZxids = new long[64];
    private long[] offsets = new long[64];
    private int size;

    void add(long lastZxid, long offset) {
        if (size == lastZxids.length) {
            lastZxids = Arrays.copyOf(lastZxids, size * 2);
            offsets = Arrays.copyOf(offsets, size * 2);
        }
        lastZxids[size] = lastZxid;
        offsets[size] = offset;
        size++;
    }

    int size() {
        return size;
    }

    /** How many batches end at or before {@code zxid}. */
    int countThrough(long zxid) {
        int at = Arrays.binarySearch(lastZxids, 0, size, zxid);
        return at >= 0 ? at + 1 : -at - 1;
    }

    long lastZxid(int i) {
        return lastZxids[i];
    }

    long offset(int i) {
        return offsets[i];
    }

    void keep(int count) {
        size = count;
    }
}
