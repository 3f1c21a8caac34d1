package io.troupe.tree.local;

import io.troupe.metrics.Counter;
import io.troupe.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many watches clients may set. What a client had set elsewhere it may set again beyond that, up to twice as many: refusing would lose
 * watches that it believes to have.
 */
final class WatchLimit {
    private static final Logger LOG = LoggerFactory.getLogger(WatchLimit.class);

    private final TreeLimits limits;
    private final Watches watches;
    private final Counter refused;
    private boolean told;

    WatchLimit(TreeLimits limits, Watches watches, Metrics metrics) {
        this.limits = limits;
        this.watches = watches;
        this.refused = metrics.counter("troupe_watches_refused");
    }

    /** Whether a session may watch a path, which costs nothing where it does already. */
    boolean admits(LocalSession session, String path) {
        if (hasRoom(session, 1, 1)) {
            told &= watches.count() > limits.watches() / 2;
            return true;
        }
        return session.watchedPaths().contains(path) || refuse(session);
    }

    /** Whether a session may set so many again that it had at another node. */
    boolean admitsAgain(LocalSession session, int count) {
        return hasRoom(session, count, 2) || refuse(session);
    }

    private boolean hasRoom(LocalSession session, long more, int times) {
        long all = (long) limits.watches() * times;
        long each = (long) limits.watchesPerSession() * times;
        return (all == 0 || watches.count() + more <= all)
                && (each == 0 || session.watchedPaths().size() + more <= each);
    }

    private boolean refuse(LocalSession session) {
        refused.increment();
        if (!told) {
            told = true;
            LOG.warn(
                    "there are {} watches, {} of them of session 0x{}: more are refused with -127, by troupe.limits.watches and"
                            + " watches-per-session",
                    watches.count(),
                    session.watchedPaths().size(),
                    Long.toHexString(session.handle().sessionId()));
        }
        return false;
    }
}
