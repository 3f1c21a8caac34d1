package io.troupe.broadcast;

import java.time.Duration;

/**
 * Limits of the broadcast actor.
 *
 * @param discoveryDeadline how long a would-be leader or follower waits for the next step of discovery
 * @param syncDeadline how long synchronization may go without progress
 * @param proposalDeadline how long the leader's own oldest proposal may stay uncommitted before it resigns
 * @param commitDelay how long a commit may wait for a proposal to ride on, for nodes whose clients do not wait for it
 * @param batchBytes a batch is sealed at this size at the latest; a larger request travels alone
 * @param batchPatience how long the latest batch has been out before another is sent after it; until then requests gather
 * @param batchesInFlight batches proposed and not yet committed before requests gather however long that takes
 * @param windowBytes what may be on its way to one learner in synchronization
 * @param transactionsPerEpoch how many requests one epoch numbers before its leader opens the next, at most
 *     {@link #MOST_TRANSACTIONS_PER_EPOCH}
 */
public record BroadcastSettings(
        Duration discoveryDeadline,
        Duration syncDeadline,
        Duration proposalDeadline,
        Duration commitDelay,
        int batchBytes,
        Duration batchPatience,
        int batchesInFlight,
        int windowBytes,
        long transactionsPerEpoch) {
    /** The greatest counter is never used: the one behind it would be the next epoch's zero (contract 9.6 item 15). */
    public static final long MOST_TRANSACTIONS_PER_EPOCH = 0xffff_fffeL;

    public static final BroadcastSettings DEFAULT = new BroadcastSettings(
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMillis(2),
            64 * 1024,
            Duration.ofMillis(3),
            4,
            4 * 1024 * 1024,
            MOST_TRANSACTIONS_PER_EPOCH);
}
