package io.troupe.ensemble;

/**
 * Arithmetic on transaction ids. A zxid is {@code epoch << 32 | counter}; counters are contiguous inside an epoch and
 * start at 1, so that {@code (epoch, 0)} denotes the start of an epoch and no request (contract 9.1, 9.6 item 15).
 */
public final class Zxid {
    /** The position before any history. */
    public static final long NONE = 0L;

    private Zxid() {}

    /** The zxid of the {@code counter}-th request of {@code epoch}. */
    public static long of(long epoch, long counter) {
        return (epoch << 32) | (counter & 0xffffffffL);
    }

    /** The epoch in which {@code zxid} was proposed. */
    public static long epoch(long zxid) {
        return zxid >>> 32;
    }

    /** The position of {@code zxid} inside its epoch. */
    public static long counter(long zxid) {
        return zxid & 0xffffffffL;
    }

    /** Lower-case hexadecimal with {@code 0x}, as ZooKeeper prints zxids. */
    public static String hex(long zxid) {
        return "0x" + Long.toHexString(zxid);
    }
}
