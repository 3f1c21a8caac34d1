package io.troupe.broadcast;

import io.troupe.ensemble.Zxid;
import io.troupe.link.LinkEnd;
import io.troupe.tree.DataTreeProtocol;
import org.jspecify.annotations.Nullable;

/**
 * A learner replaces its whole history by the leader's snapshot: the log starts anew behind it, then the tree is loaded.
 * Nothing may interrupt this, because in between log, tree and memory disagree; what happens meanwhile is acted on
 * afterwards (contract 9.6 item 4).
 */
final class SnapshotInstallPhase extends FollowerPhase {
    private final long epoch;
    private final long zxid;
    private DataTreeProtocol.@Nullable Recovered loaded;
    private @Nullable String lost;
    private boolean reset;

    SnapshotInstallPhase(Zab zab, int leaderId, LinkEnd leader, long epoch, long zxid) {
        super(zab, leaderId, leader);
        this.epoch = epoch;
        this.zxid = zxid;
    }

    @Override
    String name() {
        return "following: installing a snapshot";
    }

    @Override
    void enter() {
        zab.startLogAfter(zxid);
    }

    @Override
    void onLogStarted(long started) {
        if (loaded == null) {
            zab.recoverTree();
        } else {
            goOn(loaded);
        }
    }

    @Override
    void onRecovered(DataTreeProtocol.Recovered recovered) {
        if (recovered.executedZxid() < zxid) {
            throw new HistoryMissingException("history is missing: the snapshot as of " + Zxid.hex(zxid)
                    + " that the leader sent cannot be read, and the log begins behind it");
        }
        if (recovered.executedZxid() == zxid) {
            goOn(recovered);
        } else {
            // A later one stood there: fetched from an earlier leader, that was lost before this node could install it.
            loaded = recovered;
            zab.startLogAfter(recovered.executedZxid());
        }
    }

    private void goOn(DataTreeProtocol.Recovered recovered) {
        zab.replica.restart(recovered.executedZxid(), recovered.membership(), Zab.positions(recovered.origins()));
        if (lost != null) {
            zab.look(lost);
        } else if (reset) {
            zab.transition(new FollowerDiscoveryPhase(zab, leaderId, true), "connection reset while installing");
        } else {
            FollowerSynchronizationPhase next = new FollowerSynchronizationPhase(zab, leaderId, leader, epoch);
            zab.transition(next, "the snapshot is installed");
            next.whereWeAre();
        }
    }

    @Override
    void onLeaderMessage(PeerMessage message) {
        lost = "the leader went on while a snapshot was being installed";
    }

    @Override
    void onPeerLost(int nodeId, String reason) {
        if (nodeId == leaderId) {
            lost = "lost the leader, node " + nodeId + ": " + reason;
        }
    }

    @Override
    void onClosed(LinkEnd end, String reason) {
        if (end == leader) {
            reset = true;
        }
    }

    @Override
    void onStepDeadline(String step) {
        // Loading takes as long as it takes; the leader's own deadlines decide whether it waits.
    }
}
