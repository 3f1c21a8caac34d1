package io.troupe.app.clientport;

import io.troupe.metrics.Metrics;
import java.util.List;

/**
 * ZooKeeper's metrics (contract 7.2) that mean nothing here, with the reason. They exist and stay 0, so that dashboards and
 * alarms made for ZooKeeper find every key they ask for.
 */
final class UnmeasuredMetrics {
    /** How ZooKeeper measures one, which decides the keys it has. */
    private enum Kind {
        COUNTER,
        SUMMARY,
        DISTRIBUTION
    }

    private record Unmeasured(Kind kind, String reason, List<String> names) {
        Unmeasured(Kind kind, String reason, String... names) {
            this(kind, reason, List.of(names));
        }
    }

    private static final String NO_PROCESSORS =
            "Requests pass no chain of processors with a queue before each: one actor orders, one executes.";
    private static final String NO_DISLOYALTY =
            "A leader resigns when it has lost its quorum, and for no single voter.";
    private static final String NO_TENTATIVE_STATE = "No changes are tracked ahead of their execution.";
    private static final String NO_STALE_REQUESTS =
            "A request that waits for its turn is not read yet, and goes with its connection.";
    private static final String NO_CACHE = "Replies are encoded straight from the tree; nothing is cached.";
    private static final String NO_DEAD_WATCHERS = "The watches of a closed connection are removed at once.";
    private static final String NO_ADMIN_COMMANDS =
            "The commands over HTTP neither take nor restore snapshots, and refuse what would be insecure.";
    private static final String NO_OBSERVER_MASTER = "Observers learn from the leader alone.";
    private static final String NO_QUEUE =
            "What is due to a client or a learner is handed to the network without a queue.";
    private static final String SAME_AS_PROPAGATION =
            "propagation_latency says it: a commit travels with the next proposal.";

    private static final List<Unmeasured> ALL = List.of(
            new Unmeasured(
                    Kind.COUNTER,
                    NO_PROCESSORS,
                    "prep_processor_request_queued",
                    "request_commit_queued",
                    "requests_not_forwarded_to_commit_processor",
                    "skip_learner_request_to_next_processor_count"),
            new Unmeasured(Kind.COUNTER, NO_DISLOYALTY, "quit_leading_due_to_disloyal_voter"),
            new Unmeasured(
                    Kind.SUMMARY,
                    NO_PROCESSORS,
                    "commit_commit_proc_req_queued",
                    "commit_process_time",
                    "concurrent_request_processing_in_commit_processor",
                    "learner_request_processor_queue_size",
                    "pending_session_queue_size",
                    "prep_process_time",
                    "prep_processor_queue_size",
                    "proposal_process_time",
                    "read_commit_proc_issued",
                    "read_commit_proc_req_queued",
                    "reads_after_write_in_session_queue",
                    "reads_issued_from_session_queue",
                    "requests_in_session_queue",
                    "session_queues_drained",
                    "sync_process_time",
                    "sync_processor_queue_size",
                    "time_waiting_empty_pool_in_commit_processor_read_ms",
                    "write_batch_time_in_commit_processor",
                    "write_commit_proc_issued",
                    "write_commit_proc_req_queued"),
            new Unmeasured(
                    Kind.DISTRIBUTION,
                    NO_PROCESSORS,
                    "close_session_prep_time",
                    "local_write_committed_time_ms",
                    "prep_processor_queue_time_ms",
                    "proposal_ack_creation_latency",
                    "read_commitproc_time_ms",
                    "read_final_proc_time_ms",
                    "server_write_committed_time_ms",
                    "write_commitproc_time_ms",
                    "write_final_proc_time_ms"),
            new Unmeasured(
                    Kind.COUNTER, NO_TENTATIVE_STATE, "outstanding_changes_queued", "outstanding_changes_removed"),
            new Unmeasured(
                    Kind.COUNTER, NO_STALE_REQUESTS, "stale_replies", "stale_requests", "stale_requests_dropped"),
            new Unmeasured(
                    Kind.COUNTER,
                    NO_CACHE,
                    "response_packet_cache_hits",
                    "response_packet_cache_misses",
                    "response_packet_get_children_cache_hits",
                    "response_packet_get_children_cache_misses"),
            new Unmeasured(
                    Kind.COUNTER,
                    NO_DEAD_WATCHERS,
                    "add_dead_watcher_stall_time",
                    "dead_watchers_cleared",
                    "dead_watchers_queued"),
            new Unmeasured(Kind.DISTRIBUTION, NO_DEAD_WATCHERS, "dead_watchers_cleaner_latency"),
            new Unmeasured(
                    Kind.COUNTER,
                    NO_ADMIN_COMMANDS,
                    "insecure_admin_count",
                    "restore_error_count",
                    "restore_rate_limited_count",
                    "snapshot_rate_limited_count"),
            new Unmeasured(Kind.SUMMARY, NO_ADMIN_COMMANDS, "restore_time"),
            new Unmeasured(
                    Kind.DISTRIBUTION, NO_OBSERVER_MASTER, "om_commit_process_time_ms", "om_proposal_process_time_ms"),
            new Unmeasured(Kind.SUMMARY, NO_QUEUE, "netty_queued_buffer_capacity", "socket_closing_time"),
            new Unmeasured(Kind.DISTRIBUTION, SAME_AS_PROPAGATION, "commit_propagation_latency"));

    private UnmeasuredMetrics() {}

    /** Adds those that nobody measures. */
    static void addTo(Metrics metrics) {
        for (Unmeasured unmeasured : ALL) {
            for (String name : unmeasured.names()) {
                switch (unmeasured.kind()) {
                    case COUNTER -> metrics.counter(name);
                    case SUMMARY -> metrics.summary(name);
                    case DISTRIBUTION -> metrics.distribution(name);
                }
            }
        }
    }
}
