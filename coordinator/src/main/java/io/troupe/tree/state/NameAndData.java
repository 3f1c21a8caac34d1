package io.troupe.tree.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A znode's name and data as one reference. Most data is small: then both share one array, which saves an array's header,
 * a reference and some padding, 24 bytes of each znode; whoever asks for such data gets a copy. Otherwise it is an object of
 * this class, and the data is the array that was given.
 *
 * <p>The array holds a byte that tells the length of the name and whether the data is null, the name, the data.
 */
final class NameAndData {
    /** Larger data stands apart: copies begin to cost more time than they save memory. */
    static final int MOST_SHARED_DATA = 256;

    /** With longer names the data stands apart. */
    static final int LONGEST_SHARED_NAME = 0x7f;

    private static final int NULL_DATA = 0x80;
    private static final byte[] EMPTY = new byte[0];

    private final byte[] name;
    private final byte @Nullable [] data;

    private NameAndData(byte[] name, byte @Nullable [] data) {
        this.name = name;
        this.data = data;
    }

    static Object of(byte[] name, byte @Nullable [] data) {
        int length = data == null ? 0 : data.length;
        if (name.length > LONGEST_SHARED_NAME || length > MOST_SHARED_DATA) {
            return new NameAndData(name, data);
        }
        byte[] shared = new byte[1 + name.length + length];
        shared[0] = (byte) (data == null ? name.length | NULL_DATA : name.length);
        System.arraycopy(name, 0, shared, 1, name.length);
        if (data != null) {
            System.arraycopy(data, 0, shared, 1 + name.length, length);
        }
        return shared;
    }

    /** The array in which the name stands. */
    private static byte[] holder(Object both) {
        return both instanceof NameAndData apart ? apart.name : (byte[]) both;
    }

    private static int nameStart(Object both) {
        return both instanceof NameAndData ? 0 : 1;
    }

    private static int nameEnd(Object both) {
        return both instanceof NameAndData apart ? apart.name.length : dataStart((byte[]) both);
    }

    private static int dataStart(byte[] shared) {
        return 1 + (shared[0] & LONGEST_SHARED_NAME);
    }

    static byte[] name(Object both) {
        return Arrays.copyOfRange(holder(both), nameStart(both), nameEnd(both));
    }

    static String nameText(Object both) {
        int start = nameStart(both);
        return new String(holder(both), start, nameEnd(both) - start, StandardCharsets.UTF_8);
    }

    static int nameLength(Object both) {
        return nameEnd(both) - nameStart(both);
    }

    /** Equal to {@link #hash} of the name. */
    static int nameHash(Object both) {
        return hash(holder(both), nameStart(both), nameEnd(both));
    }

    static int hash(byte[] name) {
        return hash(name, 0, name.length);
    }

    private static int hash(byte[] bytes, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = hash * 31 + bytes[i];
        }
        return hash;
    }

    static boolean isNamed(Object both, byte[] name) {
        return Arrays.equals(holder(both), nameStart(both), nameEnd(both), name, 0, name.length);
    }

    static boolean sameName(Object one, Object other) {
        return Arrays.equals(
                holder(one), nameStart(one), nameEnd(one), holder(other), nameStart(other), nameEnd(other));
    }

    /** Whether the name is what stands in an ASCII text from {@code start} to {@code end}. */
    static boolean isNamed(Object both, String text, int start, int end) {
        byte[] holder = holder(both);
        int from = nameStart(both);
        int length = nameEnd(both) - from;
        if (length != end - start) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (holder[from + i] != text.charAt(start + i)) {
                return false;
            }
        }
        return true;
    }

    /** Null and empty are different. Not to be changed. */
    static byte @Nullable [] data(Object both) {
        if (both instanceof NameAndData apart) {
            return apart.data;
        }
        byte[] shared = (byte[]) both;
        int start = dataStart(shared);
        if (start < shared.length) {
            return Arrays.copyOfRange(shared, start, shared.length);
        }
        return (shared[0] & NULL_DATA) == 0 ? EMPTY : null;
    }

    static int dataLength(Object both) {
        if (both instanceof NameAndData apart) {
            return apart.data == null ? 0 : apart.data.length;
        }
        byte[] shared = (byte[]) both;
        return shared.length - dataStart(shared);
    }

    /** The same name with other data. */
    static Object withData(Object both, byte @Nullable [] data) {
        return holds(both, data) ? both : of(name(both), data);
    }

    private static boolean holds(Object both, byte @Nullable [] data) {
        if (both instanceof NameAndData apart) {
            return Arrays.equals(apart.data, data);
        }
        byte[] shared = (byte[]) both;
        if (data == null) {
            return (shared[0] & NULL_DATA) != 0;
        }
        return (shared[0] & NULL_DATA) == 0
                && Arrays.equals(shared, dataStart(shared), shared.length, data, 0, data.length);
    }
}
