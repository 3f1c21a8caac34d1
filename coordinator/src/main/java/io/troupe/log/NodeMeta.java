package io.troupe.log;

import io.troupe.ensemble.Membership;
import io.troupe.env.Disk;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a node must never forget, kept in one small file: its identity and its promises.
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

    /**
     * What stands on a disk that no log is open on.
     *
     * @return null where no node was ever
     * @throws IOException when it cannot be read, is damaged, or of a later release
     */
    public static @Nullable NodeMeta read(Disk disk) throws IOException {
        return new MetaFile(disk).read();
    }

    /** The same promises at the node's next start. */
    public NodeMeta startedAs(int id, long disk, long nextIncarnation) {
        return new NodeMeta(id, disk, nextIncarnation, acceptedEpoch, currentEpoch, founding);
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
