package io.troupe.broadcast;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Role;
import io.troupe.env.Clock;
import io.troupe.metrics.Counter;
import io.troupe.metrics.Metrics;
import io.troupe.metrics.Sizes;
import io.troupe.metrics.Summary;
import io.troupe.request.Batch;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What broadcast counts of itself (contract 7.2). Proposals and commits count requests, as in ZooKeeper, where each travels
 * alone; sizes and latencies are those of the batches that carry them. Written by the broadcast actor only; what a gauge shows
 * is volatile, because any thread may look.
 */
final class BroadcastMetrics {
    private static final long NEVER = -1;

    /** How long the node has been in its phase, in milliseconds. */
    private static final String PHASE_AGE = "troupe_phase_age_ms";

    private final Metrics metrics;
    private final Clock clock;
    private final Sizes proposalSizes;
    private final Counter proposals;
    private final Counter commits;
    private final Counter proposalsReceived;
    private final Counter commitsReceived;
    private final Counter looking;
    private final Counter linkResets;
    private final Counter diffs;
    private final Counter snaps;
    private final Summary quorumAckLatency;
    private final Summary proposalLatency;
    private final Summary electionTime;
    private final Summary followerSyncTime;
    private final Summary observerSyncTime;
    private final Summary unavailableTime;
    private final Summary leaderUnavailableTime;
    private final Summary learnersByDiff;
    private final Summary learnersBySnap;
    private final Map<Integer, LearnerMetrics> ofLearners = new HashMap<>();

    private @Nullable Summary phaseTime;
    private long lookingSince;
    private long syncingSince = NEVER;
    private long unavailableSince = NEVER;
    private long loadingSince = NEVER;
    private long requestsLoaded;

    private volatile long phaseSince;
    private volatile long leadingSince;
    private volatile int learners;
    private volatile int syncedVoters;
    private volatile int syncedNonVoters;
    private volatile int syncedObservers;
    private volatile int pendingSyncs;
    private final AtomicLong logged = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();

    /** Those of one learner, under its id. */
    private record LearnerMetrics(Summary queued, Summary ackLatency, AtomicLong acked) {}

    BroadcastMetrics(Metrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
        proposalSizes = metrics.sizes("proposal_size");
        proposals = metrics.counter("proposal_count");
        commits = metrics.counter("commit_count");
        proposalsReceived = metrics.counter("learner_proposal_received_count");
        commitsReceived = metrics.counter("learner_commit_received_count");
        looking = metrics.counter("looking_count");
        linkResets = metrics.counter("troupe_link_resets");
        diffs = metrics.counter("diff_count");
        snaps = metrics.counter("snap_count");
        quorumAckLatency = metrics.distribution("quorum_ack_latency");
        proposalLatency = metrics.distribution("proposal_latency");
        electionTime = metrics.summary("election_time");
        followerSyncTime = metrics.summary("follower_sync_time");
        observerSyncTime = metrics.summary("observer_sync_time");
        unavailableTime = metrics.summary("unavailable_time");
        leaderUnavailableTime = metrics.summary("leader_unavailable_time");
        learnersByDiff = metrics.summary("inflight_diff_count");
        learnersBySnap = metrics.summary("inflight_snap_count");
        metrics.gauge(PHASE_AGE, () -> clock.monotonicMillis() - phaseSince);
        metrics.gauge("leader_uptime", () -> clock.monotonicMillis() - leadingSince);
        metrics.gauge("learners", () -> learners);
        metrics.gauge("synced_followers", () -> syncedVoters);
        metrics.gauge("synced_non_voting_followers", () -> syncedNonVoters);
        metrics.gauge("synced_observers", () -> syncedObservers);
        metrics.gauge("pending_syncs", () -> pendingSyncs);
        metrics.gauge("troupe_logged_zxid", logged::get);
        metrics.gauge("troupe_committed_zxid", committed::get);
    }

    // ---- history ----

    /** How far the log of this node reaches, and how far of that is known to be committed. Soon seen by others, which is enough. */
    void reaches(long lastLogged, long lastCommitted) {
        logged.lazySet(lastLogged);
        committed.lazySet(lastCommitted);
    }

    // ---- phases ----

    /** The node has come to this phase. */
    void entered(Phase phase) {
        long now = clock.monotonicMillis();
        if (phaseTime != null) {
            phaseTime.add(now - phaseSince);
        }
        phaseSince = now;
        phaseTime = metrics.summary(timeOf(phase));
        if (phase instanceof RecoveringPhase) {
            loadingSince = now;
            unavailableSince = now;
        } else if (phase instanceof LookingPhase) {
            loaded(now);
            looking.increment();
            lookingSince = now;
            syncingSince = NEVER;
        } else if (phase instanceof FollowerSynchronizationPhase && syncingSince == NEVER) {
            syncingSince = now;
        }
    }

    /** {@code LeaderDiscoveryPhase} is measured as {@code troupe_leader_discovery_time}. */
    private static String timeOf(Phase phase) {
        String words = phase.getClass()
                .getSimpleName()
                .replace("Phase", "")
                .replaceAll("(?<=.)(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT);
        return "troupe_" + words + "_time";
    }

    /** A connection with a peer ended because messages were lost. */
    void linkReset() {
        linkResets.increment();
    }

    /** Clients are served from now on; those of a node that steps into the next epoch have been all the time. */
    void serves(Role role) {
        long now = clock.monotonicMillis();
        if (unavailableSince != NEVER) {
            available(role, now);
        }
        if (role != Role.LEADING && syncingSince != NEVER) {
            (role == Role.OBSERVING ? observerSyncTime : followerSyncTime).add(now - syncingSince);
            syncingSince = NEVER;
        }
    }

    private void available(Role role, long now) {
        unavailableTime.add(now - unavailableSince);
        if (role == Role.LEADING) {
            leaderUnavailableTime.add(now - unavailableSince);
            leadingSince = now;
            proposalSizes.reset();
        }
        unavailableSince = NEVER;
    }

    /** Clients wait. */
    void suspended() {
        if (unavailableSince == NEVER) {
            unavailableSince = clock.monotonicMillis();
        }
    }

    /** Requests of this node's own log were read at its start. */
    void read(int requests) {
        requestsLoaded += requests;
    }

    private void loaded(long now) {
        if (loadingSince != NEVER) {
            long millis = now - loadingSince;
            metrics.summary("startup_txns_load_time").add(millis);
            metrics.summary("startup_txns_loaded").add(requestsLoaded);
            metrics.summary("dbinittime")
                    .add(millis + metrics.summary("startup_snap_load_time").sum());
            loadingSince = NEVER;
        }
    }

    /** The election is over. */
    void elected() {
        electionTime.add(clock.monotonicMillis() - lookingSince);
    }

    // ---- learners ----

    /** On a leader: who is connected now, and how far. */
    void learners(Collection<Learner> connected, Membership membership) {
        int voters = 0;
        int nonVoters = 0;
        int observers = 0;
        for (Learner learner : connected) {
            if (learner.reached(Learner.Step.SYNCED)) {
                if (membership.counts(learner.nodeId(), learner.diskId())) {
                    voters++;
                } else if (membership
                        .member(learner.nodeId())
                        .filter(Member::voter)
                        .isPresent()) {
                    nonVoters++;
                } else {
                    observers++;
                }
            }
        }
        learners = connected.size();
        syncedVoters = voters;
        syncedNonVoters = nonVoters;
        syncedObservers = observers;
    }

    /** A learner is brought up to date from the log; {@code underWay} are, this one included. */
    void diff(long underWay) {
        diffs.increment();
        learnersByDiff.add(underWay);
    }

    /** A learner is brought up to date by a snapshot; {@code underWay} are, this one included. */
    void snap(long underWay) {
        snaps.increment();
        learnersBySnap.add(underWay);
    }

    /** A batch goes to a learner, which has so many on their way now. */
    void sentTo(Learner learner, int underWay) {
        of(learner).queued().add(underWay);
    }

    /** A learner has acknowledged everything up to {@code zxid}, which was sent to it at this time. */
    void ackedBy(Learner learner, long zxid, long sentMillis) {
        LearnerMetrics metricsOf = of(learner);
        metricsOf.ackLatency().add(clock.monotonicMillis() - sentMillis);
        metricsOf.acked().set(zxid);
    }

    private LearnerMetrics of(Learner learner) {
        return ofLearners.computeIfAbsent(learner.nodeId(), id -> {
            // Stays 0: a batch whose turn has come waits in no queue. Dashboards ask for it.
            metrics.distribution(id + "_learner_handler_qp_time_ms");
            AtomicLong acked = new AtomicLong();
            metrics.gauge(id + "_troupe_acked_zxid", acked::get);
            return new LearnerMetrics(
                    metrics.summary(id + "_learner_handler_qp_size"), metrics.distribution(id + "_ack_latency"), acked);
        });
    }

    // ---- requests ----

    /** On a leader: a batch goes out. */
    void proposed(Batch batch) {
        proposals.add(batch.count());
        proposalSizes.add(batch.image().length);
    }

    /** On a leader: the oldest batch has its quorum, so long after it went out. */
    void heldByQuorum(long millis) {
        quorumAckLatency.add(millis);
    }

    /** On a learner: a batch has arrived. */
    void received(Batch batch) {
        proposalsReceived.add(batch.count());
        proposalLatency.add(Math.max(0, clock.wallMillis() - batch.timeMillis()));
    }

    /** Batches are committed, and handed to the tree. */
    void delivered(Role role, List<Batch> batches) {
        if (role != Role.LOOKING) {
            int requests = 0;
            for (Batch batch : batches) {
                requests += batch.count();
            }
            (role == Role.LEADING ? commits : commitsReceived).add(requests);
        }
    }

    /** On a leader: so many {@code sync} commands wait for a quorum. */
    void pendingSyncs(int count) {
        pendingSyncs = count;
    }
}
