package io.troupe.model;

import org.jspecify.annotations.Nullable;

/**
 * One operation on a register, a znode whose data is only ever replaced by values that nobody else writes.
 *
 * @param client who did it
 * @param session under which session
 * @param kind what
 * @param path of the register
 * @param invoked when it was sent, in nanoseconds
 * @param ended when the answer arrived; {@link Long#MAX_VALUE} when none did
 * @param value written, or read
 * @param version of the register after the write, or as read; -1 when unknown
 * @param zxid of the change that set the value; -1 when unknown
 * @param unmet the version on whose condition a write was refused; -1 when there is none
 */
public record RegisterOperation(
        String client,
        long session,
        Kind kind,
        String path,
        long invoked,
        long ended,
        @Nullable String value,
        int version,
        long zxid,
        int unmet) {
    /** Kinds of operation. */
    public enum Kind {
        /** A write that was acknowledged. */
        WRITE,
        /** A write whose outcome the client does not know. */
        MAYBE_WRITE,
        /** A write that was refused: it must never be seen. */
        REFUSED_WRITE,
        /** A read at one node, which may lag behind. */
        READ,
        /** A read after {@code sync}, invoked when the sync was: it may not lag. */
        SYNC_READ
    }

    @Override
    public String toString() {
        return "%s %s %s=%s v%d zxid %x [%d..%s us]"
                .formatted(
                        client,
                        kind,
                        path,
                        value,
                        version,
                        zxid,
                        invoked / 1000,
                        ended == Long.MAX_VALUE ? "?" : ended / 1000);
    }
}
