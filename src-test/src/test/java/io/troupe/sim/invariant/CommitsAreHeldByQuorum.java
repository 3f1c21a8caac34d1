package io.troupe.sim.invariant;

import io.troupe.broadcast.PeerMessage.Commit;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.broadcast.PeerMessage.UpToDate;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.WireMessage;
import io.troupe.ensemble.Zxid;
import java.util.Optional;
import java.util.function.IntToLongFunction;

/** What a leader calls committed stands on the disks of a majority (Zab, section 3; contract 9.6 items 6 and 23). */
public final class CommitsAreHeldByQuorum implements Invariant {
    private final int nodes;
    private final IntToLongFunction disks;
    private long checkedThrough;

    /** {@code disks} tells the end of the log on the disk of a node, of 1 to {@code nodes}. */
    public CommitsAreHeldByQuorum(int nodes, IntToLongFunction disks) {
        this.nodes = nodes;
        this.disks = disks;
    }

    @Override
    public Optional<String> onSent(int from, int to, WireMessage message) {
        return Wire.message(message, Commit.class)
                .map(Commit::zxid)
                .or(() -> Wire.message(message, Propose.class).map(Propose::commitZxid))
                .or(() -> Wire.message(message, UpToDate.class).map(UpToDate::commitZxid))
                .flatMap(zxid -> committed(from, zxid));
    }

    /** What is executed is committed, be it by a leader that tells nobody. */
    @Override
    public Optional<String> onStatus(String process, NodeStatus status) {
        return committed(status.nodeId(), status.executedZxid());
    }

    private Optional<String> committed(int from, long zxid) {
        if (zxid <= checkedThrough) {
            return Optional.empty();
        }
        checkedThrough = zxid;
        int holders = 0;
        for (int node = 1; node <= nodes; node++) {
            if (disks.applyAsLong(node) >= zxid) {
                holders++;
            }
        }
        return holders > nodes / 2
                ? Optional.empty()
                : Optional.of("n%d calls %s committed, %d disks hold it".formatted(from, Zxid.hex(zxid), holders));
    }
}
