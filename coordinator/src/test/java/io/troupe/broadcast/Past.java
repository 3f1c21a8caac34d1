package io.troupe.broadcast;

import io.troupe.ensemble.Membership;
import io.troupe.ensemble.Zxid;
import io.troupe.log.NodeMeta;
import io.troupe.request.Batch;
import io.troupe.tree.DataTreeProtocol;
import java.util.List;
import java.util.Map;

/**
 * What the node under test, node 1, has on its disk when it starts.
 *
 * @param commitZxid the greatest commit point its log knows of
 * @param snapshotZxid position of its newest snapshot
 */
record Past(
        long acceptedEpoch,
        long currentEpoch,
        List<Batch> logged,
        long commitZxid,
        long snapshotZxid,
        Membership membership) {
    static final int NODE = 1;
    static final long INCARNATION = 4;
    /** A first start. */
    static final Past EMPTY = new Past(0, 0, List.of(), 0, 0, Samples.THREE);

    Past epochs(long accepted, long current) {
        return new Past(accepted, current, logged, commitZxid, snapshotZxid, membership);
    }

    Past logged(List<Batch> batches) {
        return new Past(acceptedEpoch, currentEpoch, List.copyOf(batches), commitZxid, snapshotZxid, membership);
    }

    Past committed(long zxid) {
        return new Past(acceptedEpoch, currentEpoch, logged, zxid, snapshotZxid, membership);
    }

    Past snapshot(long zxid) {
        return new Past(acceptedEpoch, currentEpoch, logged, commitZxid, zxid, membership);
    }

    Past among(Membership members) {
        return new Past(acceptedEpoch, currentEpoch, logged, commitZxid, snapshotZxid, members);
    }

    long logEnd() {
        return logged.isEmpty() ? Zxid.NONE : logged.get(logged.size() - 1).lastZxid();
    }

    /** End of its history, in the log or in a snapshot. */
    long end() {
        return Math.max(logEnd(), snapshotZxid);
    }

    NodeMeta meta() {
        return new NodeMeta(NODE, Samples.disk(NODE), INCARNATION, acceptedEpoch, currentEpoch, membership);
    }

    BroadcastActor.Start start() {
        return new BroadcastActor.Start(
                meta(), logEnd(), commitZxid, new DataTreeProtocol.Recovered(snapshotZxid, 0, membership, Map.of()));
    }
}
