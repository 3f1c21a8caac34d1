package io.troupe.nemesis;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The longest time in which no write of any client was acknowledged, for each kind of fault. A gap belongs to the fault that
 * lasts, or whose consequences do, when it ends. Thread safe.
 */
final class OutageMeter {
    private final Map<FaultKind, Long> longest = new EnumMap<>(FaultKind.class);
    private long longestWithoutFault;
    private long longestOfFault;
    private long lastAcknowledged;
    private @Nullable FaultKind current;

    /** The fault that is behind a gap that lasts: the one that was on when it began, or the first since. */
    private @Nullable FaultKind blamed;

    /** Counting begins at {@code now}, in nanoseconds. */
    OutageMeter(long now) {
        lastAcknowledged = now;
    }

    /** A write was acknowledged. */
    synchronized void acknowledged(long now) {
        var gap = now - lastAcknowledged;
        lastAcknowledged = now;
        longestOfFault = Math.max(longestOfFault, gap);
        if (blamed == null) {
            longestWithoutFault = Math.max(longestWithoutFault, gap);
        } else {
            longest.merge(blamed, gap, Math::max);
        }
        blamed = current;
    }

    /** Forgets everything so far. */
    synchronized void restart(long now) {
        lastAcknowledged = now;
        longest.clear();
        longestWithoutFault = 0;
        longestOfFault = 0;
    }

    /** A fault begins, or, empty, all consequences of the last one are over; answers the longest gap since the last call. */
    synchronized long fault(Optional<FaultKind> kind) {
        current = kind.orElse(null);
        if (blamed == null) {
            blamed = current;
        }
        var last = longestOfFault;
        longestOfFault = 0;
        return last;
    }

    /** Whether the consequences of such a fault may still be seen. */
    synchronized boolean isDuring(FaultKind kind) {
        return kind == current;
    }

    /** The longest gap of each kind that there was, in nanoseconds. */
    synchronized Map<FaultKind, Long> longest() {
        return new EnumMap<>(longest);
    }

    /** The longest gap while there was no fault, in nanoseconds. */
    synchronized long longestWithoutFault() {
        return longestWithoutFault;
    }
}
