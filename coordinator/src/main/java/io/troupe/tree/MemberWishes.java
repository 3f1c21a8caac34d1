package io.troupe.tree;

import io.troupe.env.Clock;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.execute.Reconfiguration;
import io.troupe.tree.state.DataTree;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges clients' wishes for other members, and tells in the log why one is refused, of which its client learns a code alone: each in a
 * line of its own while they are few, because whoever has a session can ask, and must not be able to fill the disk of the log. The tree
 * actor only.
 */
final class MemberWishes {
    /** Lines in a minute; what comes beyond is passed over. */
    static final int LINES = 10;

    private static final Logger LOG = LoggerFactory.getLogger(MemberWishes.class);
    private static final long MINUTE_MILLIS = 60_000;

    private final Clock clock;
    private final boolean standaloneEnabled;
    private long sinceMillis;
    private int count;

    MemberWishes(Clock clock, boolean standaloneEnabled) {
        this.clock = clock;
        this.standaloneEnabled = standaloneEnabled;
    }

    /** What the wish comes to, as {@link Reconfiguration#resolve} decides. */
    Operation judge(DataTree tree, Request wish, Map<Integer, Long> synced) {
        return Reconfiguration.resolve(
                tree, wish, synced, standaloneEnabled, problem -> refused(wish.sessionId(), problem));
    }

    /**
     * One was refused.
     *
     * @param why completes the sentence "a reconfig is refused: "
     */
    void refused(long sessionId, String why) {
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
