package io.troupe.sim;

import io.troupe.sim.invariant.SegmentRecords;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One file's bytes, twice: as processes see them (the page cache) and as the platter holds them, with the changes in
 * between in the order in which they were made.
 */
final class SimInode {
    private static final int SECTOR = 512;

    /** A change that is not durable yet; {@code bytes} null means that the size becomes {@code position}. */
    private record Change(long number, long position, byte[] bytes, boolean resize) {}

    /** A growing array of bytes. */
    private static final class Image {
        private byte[] bytes = new byte[0];
        private int size;

        void copyFrom(Image other) {
            bytes = Arrays.copyOf(other.bytes, other.size);
            size = other.size;
        }

        void apply(long position, byte[] source, int from, int length) {
            int end = Math.toIntExact(position + length);
            resize(Math.max(size, end));
            System.arraycopy(source, from, bytes, Math.toIntExact(position), length);
        }

        void resize(int newSize) {
            if (newSize > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(newSize, bytes.length * 2));
            }
            if (newSize < size) {
                Arrays.fill(bytes, newSize, size, (byte) 0);
            }
            size = newSize;
        }

        byte[] toBytes() {
            return Arrays.copyOf(bytes, size);
        }
    }

    private final Image cached = new Image();
    private final Image durable = new Image();
    private final List<Change> pending = new ArrayList<>();
    private final SegmentRecords records = new SegmentRecords(this::durableBuffer);
    private long changes;

    int size() {
        return cached.size;
    }

    int read(byte[] target, int offset, int length, long position) {
        if (position >= cached.size) {
            return -1;
        }
        int count = Math.min(length, cached.size - Math.toIntExact(position));
        System.arraycopy(cached.bytes, Math.toIntExact(position), target, offset, count);
        return count;
    }

    void write(long position, byte[] bytes) {
        cached.apply(position, bytes, 0, bytes.length);
        pending.add(new Change(++changes, position, bytes, false));
    }

    void resize(long size) {
        cached.resize(Math.toIntExact(size));
        pending.add(new Change(++changes, size, new byte[0], true));
    }

    /** Everything changed so far, for {@link #commit} and {@link #lose}. */
    long mark() {
        return changes;
    }

    /** Changes up to {@code mark} become durable. */
    void commit(long mark) {
        pending.removeIf(change -> {
            if (change.number() > mark) {
                return false;
            }
            apply(change, 0, change.bytes().length);
            return true;
        });
    }

    /** A failed sync: the changes up to {@code mark} stay readable, but no later sync will make them durable. */
    void lose(long mark) {
        pending.removeIf(change -> change.number() <= mark);
    }

    private void apply(Change change, int from, int length) {
        records.changed(Math.min(durable.size, change.position() + from));
        if (change.resize()) {
            durable.resize(Math.toIntExact(change.position()));
        } else {
            durable.apply(change.position() + from, change.bytes(), from, length);
        }
    }

    /** The power fails: of what was not durable nothing, all, a prefix or scattered sectors survive. */
    void powerLoss(SplittableRandom random) {
        int mode = random.nextInt(4);
        int prefix = random.nextInt(pending.size() + 1);
        for (int i = 0; i < pending.size(); i++) {
            Change change = pending.get(i);
            int length = change.bytes().length;
            if (mode == 1 || (mode == 2 && i < prefix)) {
                apply(change, 0, length);
            } else if (mode == 2 && i == prefix && !change.resize()) {
                apply(change, 0, random.nextInt(length + 1));
            } else if (mode == 3) {
                scatter(change, random);
            }
        }
        pending.clear();
        cached.copyFrom(durable);
    }

    private void scatter(Change change, SplittableRandom random) {
        if (change.resize()) {
            if (random.nextBoolean()) {
                apply(change, 0, 0);
            }
            return;
        }
        int length = change.bytes().length;
        for (int from = 0; from < length; from += SECTOR) {
            if (random.nextBoolean()) {
                apply(change, from, Math.min(SECTOR, length - from));
            }
        }
    }

    /** Damages one durable byte, as a failing disk does. */
    void flip(int position, int mask) {
        cached.bytes[position] ^= (byte) mask;
        records.changed(position);
        if (position < durable.size) {
            durable.bytes[position] ^= (byte) mask;
        }
    }

    /** Part of the file reads as zeros. */
    void zero(int position, int length) {
        Arrays.fill(cached.bytes, position, Math.min(cached.size, position + length), (byte) 0);
        records.changed(position);
        if (position < durable.size) {
            Arrays.fill(durable.bytes, position, Math.min(durable.size, position + length), (byte) 0);
        }
    }

    byte[] durableBytes() {
        return durable.toBytes();
    }

    /** The durable bytes, read as a segment of a log. */
    SegmentRecords durableRecords() {
        return records;
    }

    private ByteBuffer durableBuffer() {
        return ByteBuffer.wrap(durable.bytes, 0, durable.size);
    }

    byte[] cachedBytes() {
        return cached.toBytes();
    }
}
