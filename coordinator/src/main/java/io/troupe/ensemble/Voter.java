package io.troupe.ensemble;

import java.util.Objects;

/**
 * One voting member.
 *
 * @param nodeId its position in the list of a first start, from 1; at most 254
 * @param host where its peers reach it
 * @param peerPort Artery's port
 * @param clientHost where its clients reach it
 * @param clientPort the port that speaks ZooKeeper's protocol
 * @param diskId drawn when its data directory was first used; a voter that lost its disk has another one and is not
 *     counted until the ensemble admits it again
 */
public record Voter(int nodeId, String host, int peerPort, String clientHost, int clientPort, long diskId) {
    public Voter {
        if (nodeId < 1 || nodeId > 254) {
            throw new IllegalArgumentException("node id " + nodeId + " is outside 1..254");
        }
        Objects.requireNonNull(host);
        Objects.requireNonNull(clientHost);
    }

    /** This voter on a new, empty disk. */
    public Voter withDisk(long newDiskId) {
        return new Voter(nodeId, host, peerPort, clientHost, clientPort, newDiskId);
    }
}
