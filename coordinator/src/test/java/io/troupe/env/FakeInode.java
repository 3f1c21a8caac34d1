package io.troupe.env;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The bytes of a file of a {@link FakeDisk}: as processes see them, and as a power loss leaves them. */
final class FakeInode {
    private static final int SECTOR = 16;

    private byte[] cached = new byte[0];
    private byte[] durable = new byte[0];
    private final List<Change> pending = new ArrayList<>();
    private int made;

    /** A write, or a new length where {@code bytes} is null. Numbered in the order in which they were made. */
    private record Change(int number, int position, byte @Nullable [] bytes) {
        /** Spelled out, because Java 17 loses what annotates the parameters of the short form. */
        Change(int number, int position, byte @Nullable [] bytes) {
            this.number = number;
            this.position = position;
            this.bytes = bytes;
        }

        byte[] on(byte[] before) {
            if (bytes == null) {
                return Arrays.copyOf(before, position);
            }
            return part(before, 0, bytes.length, bytes);
        }

        byte[] part(byte[] before, int from, int to, byte[] source) {
            byte[] after = Arrays.copyOf(before, Math.max(before.length, position + to));
            System.arraycopy(source, from, after, position + from, to - from);
            return after;
        }

        byte[] scattered(byte[] before, SplittableRandom random) {
            if (bytes == null) {
                return random.nextBoolean() ? on(before) : before;
            }
            byte[] after = before;
            for (int from = 0; from < bytes.length; from += SECTOR) {
                if (random.nextBoolean()) {
                    after = part(after, from, Math.min(bytes.length, from + SECTOR), bytes);
                }
            }
            return after;
        }
    }

    static FakeInode durable(byte[] bytes) {
        FakeInode inode = new FakeInode();
        inode.cached = bytes.clone();
        inode.durable = bytes.clone();
        return inode;
    }

    byte[] bytes() {
        return cached.clone();
    }

    int size() {
        return cached.length;
    }

    int read(byte[] target, int position) {
        if (position >= cached.length) {
            return -1;
        }
        int count = Math.min(target.length, cached.length - position);
        System.arraycopy(cached, position, target, 0, count);
        return count;
    }

    void write(int position, byte[] bytes) {
        change(new Change(++made, position, bytes));
    }

    void resize(int size) {
        change(new Change(++made, size, null));
    }

    private void change(Change change) {
        cached = change.on(cached);
        pending.add(change);
    }

    /** Number of the last change so far. */
    int mark() {
        return made;
    }

    /** Changes up to {@code mark} are durable. */
    void commit(int mark) {
        for (Change change : pending) {
            if (change.number <= mark) {
                durable = change.on(durable);
            }
        }
        pending.removeIf(change -> change.number <= mark);
    }

    /** Changes up to {@code mark} stay readable, and will never be durable. */
    void lose(int mark) {
        pending.removeIf(change -> change.number <= mark);
    }

    /** Nothing of what was not synced survives, or with {@code random} any part of it. */
    FakeInode afterPowerLoss(@Nullable SplittableRandom random) {
        byte[] left = durable;
        if (random != null) {
            int whole = random.nextInt(pending.size() + 1);
            for (int i = 0; i < pending.size(); i++) {
                left = i < whole ? pending.get(i).on(left) : pending.get(i).scattered(left, random);
            }
        }
        return durable(left);
    }
}
