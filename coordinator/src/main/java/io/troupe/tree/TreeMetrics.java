package io.troupe.tree;

import io.troupe.edge.ReadOperation;
import io.troupe.env.Clock;
import io.troupe.metrics.Counter;
import io.troupe.metrics.Metrics;
import io.troupe.metrics.Summary;
import io.troupe.request.Batch;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Result;
import io.troupe.tree.execute.Outcome;
import org.jspecify.annotations.Nullable;

/** What the tree counts of itself (contract 7.2). The tree actor only. */
final class TreeMetrics {
    private static final long STAT_BYTES = 68;

    private final Metrics metrics;
    private final Clock clock;
    private final Summary propagationLatency;
    private final Summary snapshotTime;
    private final Counter snapshotErrors;
    private final Counter mismatches;
    private final Counter refused;
    private final Counter refusedForSize;
    private final Counter revalidated;
    private final Namespaces reads;
    private final Namespaces writes;
    private long snapshotSince;

    TreeMetrics(Metrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
        propagationLatency = metrics.distribution("propagation_latency");
        snapshotTime = metrics.summary("snapshottime");
        snapshotErrors = metrics.counter("snapshot_error_count");
        mismatches = metrics.counter("digest_mismatches_count");
        refused = metrics.counter("troupe_writes_refused_for_room");
        refusedForSize = metrics.counter("troupe_writes_refused_for_tree_size");
        revalidated = metrics.counter("revalidate_count");
        reads = new Namespaces(metrics, "read_per_namespace");
        writes = new Namespaces(metrics, "write_per_namespace");
    }

    /** The newest snapshot was loaded when the node started, in the time since this one. */
    void loaded(long sinceMillis) {
        metrics.summary("startup_snap_load_time").add(clock.monotonicMillis() - sinceMillis);
    }

    /** A batch was executed while clients were served; the time since the leader stamped it, clocks permitting. */
    void propagated(Batch batch) {
        propagationLatency.add(Math.max(0, clock.wallMillis() - batch.timeMillis()));
    }

    /**
     * A request was executed.
     *
     * @param own whether a client of this node has sent it
     */
    void executed(Request request, Outcome outcome, boolean own) {
        ErrorCode error = outcome.result().error();
        if (request.operation() instanceof Operation.AttachSession) {
            revalidated.increment();
        } else if (error == ErrorCode.OK) {
            wrote(request.operation());
        } else if (error == ErrorCode.QUOTA_EXCEEDED && request.growthRefused()) {
            if (own) {
                refused(error);
            }
        } else if (error == ErrorCode.QUOTA_EXCEEDED) {
            refusedByQuota(request.operation());
        }
    }

    private void wrote(Operation operation) {
        if (operation instanceof Operation.Create create) {
            writes.add(create.path(), size(create.path(), create.data()));
        } else if (operation instanceof Operation.SetData set) {
            writes.add(set.path(), size(set.path(), set.data()));
        } else if (operation instanceof Operation.Delete delete) {
            writes.add(delete.path(), delete.path().length());
        } else if (operation instanceof Operation.Multi multi) {
            for (Operation each : multi.ops()) {
                wrote(each);
            }
        }
    }

    private static long size(String path, byte @Nullable [] data) {
        return (long) path.length() + (data == null ? 0 : data.length);
    }

    /** A read was answered; what it took out of its namespace is path, data and stat, as ZooKeeper counts. */
    void read(ReadOperation operation, Result result) {
        if (operation instanceof ReadOperation.GetData get && result instanceof Result.Data data) {
            reads.add(get.path(), size(get.path(), data.data()) + STAT_BYTES);
        } else if (operation instanceof ReadOperation.Exists exists && result instanceof Result.Found) {
            reads.add(exists.path(), exists.path().length() + STAT_BYTES);
        } else if (operation instanceof ReadOperation.GetChildren get && result instanceof Result.Children found) {
            long stat = found.stat() == null ? 0 : STAT_BYTES;
            reads.add(get.path(), get.path().length() + found.names().characters() + stat);
        }
    }

    private void refusedByQuota(Operation operation) {
        String path = operation instanceof Operation.Create create
                ? create.path()
                : operation instanceof Operation.SetData set ? set.path() : "";
        String namespace = Namespaces.of(path);
        if (!namespace.isEmpty()) {
            metrics.counter(namespace + "_quota_exceeded_error_per_namespace").increment();
        }
    }

    /** A client's write was refused because the disk is nearly full, or the tree takes all the memory that it may. */
    void refused(ErrorCode error) {
        (error == ErrorCode.QUOTA_EXCEEDED ? refusedForSize : refused).increment();
    }

    /** The tree differs from the leader's. */
    void mismatch() {
        mismatches.increment();
    }

    void snapshotBegins() {
        snapshotSince = clock.monotonicMillis();
    }

    void snapshotCompleted() {
        snapshotTime.add(clock.monotonicMillis() - snapshotSince);
    }

    void snapshotFailed() {
        snapshotErrors.increment();
    }
}
