package io.troupe.tree.state;

/** The kinds of znode as the persisted ephemeralOwner encodes them (contract 2.4). */
public final class EphemeralOwner {
    /** A plain znode. */
    public static final long PERSISTENT = 0L;

    /** A znode that is reaped once its last child is gone. */
    public static final long CONTAINER = Long.MIN_VALUE;

    /** The longest time to live, in milliseconds: 40 bits. */
    public static final long MAX_TTL_MILLIS = (1L << 40) - 1;

    private static final int TTL_MARK = 0xff;

    private EphemeralOwner() {}

    /** The owner of a znode that may be reaped when it was left alone for {@code millis}. */
    public static long ttl(long millis) {
        if (millis <= 0 || millis > MAX_TTL_MILLIS) {
            throw new IllegalArgumentException("a time to live of " + millis + " ms");
        }
        return ((long) TTL_MARK << 56) | millis;
    }

    public static boolean isTtl(long owner) {
        return owner >>> 56 == TTL_MARK;
    }

    /** The time to live that {@link #ttl} encoded. */
    public static long ttlMillis(long owner) {
        return owner & MAX_TTL_MILLIS;
    }

    /** Whether the owner is a session. */
    public static boolean isSession(long owner) {
        return owner != PERSISTENT && owner != CONTAINER && !isTtl(owner);
    }

    /** What clients see: only sessions. */
    public static long visible(long owner) {
        return isSession(owner) ? owner : 0;
    }
}
