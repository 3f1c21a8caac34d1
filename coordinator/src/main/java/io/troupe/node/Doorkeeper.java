package io.troupe.node;

import io.troupe.edge.ClientRequest;
import io.troupe.edge.Connect;
import io.troupe.metrics.Counter;
import io.troupe.metrics.Metrics;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.tree.local.TreeLimits;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses what would fill the node's memory (decision 050): sessions beyond their number, and what makes the tree larger while it takes
 * all it may. What makes it smaller passes always, and so do super users. Each episode is told once when it begins and once when it is
 * over. Thread-safe.
 */
final class Doorkeeper {
    private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);

    /** Passes every access check, and this one, so that somebody can put things right. */
    private static final Identity SUPER_USER = new Identity("super", "");

    /** An episode is over when this many hundredths of the limit are left free: it would be told anew with each request otherwise. */
    private static final int RELIEF = 5;

    private static final int WHOLE = 100;

    private final TreeLimits limits;
    private final LongSupplier sessions;
    private final LongSupplier treeBytes;
    private final Counter refusedSessions;
    private final AtomicBoolean crowded = new AtomicBoolean();
    private final AtomicBoolean full = new AtomicBoolean();

    /**
     * Nobody has come yet.
     *
     * @param sessions how many there are
     * @param treeBytes what the tree takes, about
     */
    Doorkeeper(TreeLimits limits, LongSupplier sessions, LongSupplier treeBytes, Metrics metrics) {
        this.limits = limits;
        this.sessions = sessions;
        this.treeBytes = treeBytes;
        this.refusedSessions = metrics.counter("troupe_sessions_refused");
        metrics.gauge("troupe_tree_bytes", treeBytes);
        metrics.gauge("troupe_tree_bytes_limit", limits::treeBytes);
    }

    /** Whether a client may have what it asks for: everybody may who has a session. */
    boolean admits(Connect connect) {
        if (connect.sessionId() != 0 || connect.unreplicated() || limits.sessions() == 0) {
            return true;
        }
        long now = sessions.getAsLong();
        if (now < limits.sessions()) {
            if (isOver(crowded, now, limits.sessions())) {
                LOG.info("there are {} sessions: new ones are opened again", now);
            }
            return true;
        }
        refusedSessions.increment();
        if (crowded.compareAndSet(false, true)) {
            LOG.warn(
                    "there are {} sessions, as many as troupe.limits.sessions allows: clients that ask for new ones are sent away"
                            + " until some end; those that have one keep it",
                    now);
        }
        return false;
    }

    /** Whether the tree takes all it may. */
    boolean treeIsFull() {
        if (limits.treeBytes() == 0) {
            return false;
        }
        long now = treeBytes.getAsLong();
        if (now < limits.treeBytes()) {
            if (isOver(full, now, limits.treeBytes())) {
                LOG.info("the tree takes about {} bytes: clients may create and set again", now);
            }
            return false;
        }
        if (full.compareAndSet(false, true)) {
            LOG.warn(
                    "the tree takes about {} bytes, as much as troupe.limits.tree-bytes allows: what creates, or sets longer data, is"
                            + " refused with -125 until there is room; delete what is not needed, or give all nodes more heap",
                    now);
        }
        return true;
    }

    /** Whether a write is taken whatever the tree takes. */
    static boolean isExempt(ClientRequest.Write write) {
        return write.identities().contains(SUPER_USER);
    }

    /**
     * Whether an operation makes the tree larger for certain. What sets data may: that is found out when it is executed ({@link
     * io.troupe.request.Request#growthRefused}), because what is there by then is known to nobody before.
     */
    static boolean creates(Operation operation) {
        return operation instanceof Operation.Multi multi
                ? multi.ops().stream().anyMatch(Doorkeeper::creates)
                : operation instanceof Operation.Create;
    }

    private static boolean isOver(AtomicBoolean episode, long now, long limit) {
        return episode.get() && now < limit - limit / WHOLE * RELIEF && episode.compareAndSet(true, false);
    }
}
