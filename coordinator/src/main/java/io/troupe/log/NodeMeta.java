package io.troupe.log;

import io.troupe.ensemble.Membership;
import org.jspecify.annotations.Nullable;

/**
 * What a node must never forget, kept in one small file that is replaced atomically: its identity and its promises.
 *
 * @param nodeId its id in the ensemble
 * @param diskId drawn when the data directory was first used; see {@link io.troupe.ensemble.Member#diskId()}
 * @param incarnation grows with every start of the node
 * @param acceptedEpoch the greatest epoch promised to a leader (discovery)
 * @param currentEpoch the epoch whose history this node holds (end of synchronization); never above acceptedEpoch
 * @param founding the membership this node began with, that of the ensemble's founding or a later one; null until it belongs
 *     to an ensemble
 */
public record NodeMeta(
        int nodeId,
        long diskId,
        long incarnation,
        long acceptedEpoch,
        long currentEpoch,
        @Nullable Membership founding) {
    public NodeMeta {
        if (acceptedEpoch < currentEpoch) {
            throw new IllegalArgumentException("accepted epoch " + acceptedEpoch + " < current epoch " + currentEpoch);
        }
    }

    public NodeMeta withAcceptedEpoch(long epoch) {
        return new NodeMeta(nodeId, diskId, incarnation, epoch, currentEpoch, founding);
    }

    public NodeMeta withCurrentEpoch(long epoch) {
        return new NodeMeta(nodeId, diskId, incarnation, acceptedEpoch, epoch, founding);
    }

    public NodeMeta withFounding(Membership membership) {
        return new NodeMeta(nodeId, diskId, incarnation, acceptedEpoch, currentEpoch, membership);
    }
}
