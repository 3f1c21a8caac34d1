package io.troupe.tree;

import io.troupe.env.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells why lists of members are refused, of which their clients learn a code alone: each in a line of its own while they are few, because
 * whoever has a session can ask, and must not be able to fill the disk of the log. The tree actor only.
 */
final class RefusedWishes {
    /** Lines in a minute; what comes beyond is passed over. */
    static final int LINES = 10;

    private static final Logger LOG = LoggerFactory.getLogger(RefusedWishes.class);
    private static final long MINUTE_MILLIS = 60_000;

    private final Clock clock;
    private long sinceMillis;
    private int count;

    RefusedWishes(Clock clock) {
        this.clock = clock;
    }

    /**
     * One was refused.
     *
     * @param why completes the sentence "a reconfig is refused: "
     */
    void tell(long sessionId, String why) {
        long now = clock.monotonicMillis();
        if (count == 0 || now - sinceMillis >= MINUTE_MILLIS) {
            sinceMillis = now;
            count = 0;
        }
        count++;
        if (count <= LINES) {
            LOG.warn("reconfig by session 0x{} is refused: {}", Long.toHexString(sessionId), why);
        } else if (count == LINES + 1) {
            LOG.warn(
                    "more than {} reconfigs were refused within a minute; the others of this minute are not told",
                    LINES);
        }
    }
}
