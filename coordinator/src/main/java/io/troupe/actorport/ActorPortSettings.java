package io.troupe.actorport;

import io.troupe.edge.Audit;
import java.time.Duration;

/**
 * What clients that are actor systems may do.
 *
 * @param identification how they prove who they are
 * @param admission how many of them there may be, beside the node's other clients
 * @param minSessionTimeout least session timeout granted
 * @param maxSessionTimeout greatest session timeout granted
 * @param ttlNodes whether they may create znodes with a time to live
 * @param reconfig whether they may ask for other members of the ensemble
 * @param localSessionsUpgrade whether a session that only this node knows is made known to the whole ensemble when its client
 *     creates an ephemeral
 * @param maxRequestBytes greatest request taken
 * @param audit what keeps book of them
 */
public record ActorPortSettings(
        Identification identification,
        Admission admission,
        Duration minSessionTimeout,
        Duration maxSessionTimeout,
        boolean ttlNodes,
        boolean reconfig,
        boolean localSessionsUpgrade,
        int maxRequestBytes,
        Audit audit) {
    /** Calls of one session that may be unanswered at a time. */
    public static final int MAX_OUTSTANDING = 1_000;

    /** The session timeout granted to a client that asks for {@code millis}. */
    int clampTimeout(int millis) {
        return (int) Math.max(minSessionTimeout.toMillis(), Math.min(maxSessionTimeout.toMillis(), millis));
    }
}
