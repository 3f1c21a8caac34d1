package io.troupe.ensemble;

import java.util.Objects;

/**
 * One node of the ensemble, as the configuration lists it.
 *
 * @param nodeId 1 to 254; for those of the list of a first start their position in it
 * @param voter whether it counts for quorums; an observer only learns
 * @param host where its peers reach it, an IPv6 address in brackets
 * @param peerPort Artery's port
 * @param electionPort shown in the configuration's text and used for nothing else: clients that parse the text insist on
 *     a second port
 * @param clientHost where its clients reach it
 * @param clientPort the port that speaks ZooKeeper's protocol
 * @param diskId drawn when its data directory was first used, 0 while it was never seen; a voter that lost its disk has
 *     another one and is not counted until the ensemble admits it again
 */
public record Member(
        int nodeId,
        boolean voter,
        String host,
        int peerPort,
        int electionPort,
        String clientHost,
        int clientPort,
        long diskId) {
    public Member {
        if (nodeId < 1 || nodeId > 254) {
            throw new IllegalArgumentException("node id " + nodeId + " is outside 1..254");
        }
        Objects.requireNonNull(host);
        Objects.requireNonNull(clientHost);
    }

    /** A voter of which no election port was said. */
    public Member(int nodeId, String host, int peerPort, String clientHost, int clientPort, long diskId) {
        this(nodeId, true, host, peerPort, peerPort == 65_535 ? 65_534 : peerPort + 1, clientHost, clientPort, diskId);
    }

    /** This node on another disk. */
    public Member withDisk(long newDiskId) {
        return new Member(nodeId, voter, host, peerPort, electionPort, clientHost, clientPort, newDiskId);
    }

    /** This node, with the same vote and disk, where {@code moved} is. */
    public Member at(Member moved) {
        return new Member(
                nodeId,
                voter,
                moved.host,
                moved.peerPort,
                moved.electionPort,
                moved.clientHost,
                moved.clientPort,
                diskId);
    }

    /** This node as one that only learns. */
    public Member asObserver() {
        return new Member(nodeId, false, host, peerPort, electionPort, clientHost, clientPort, diskId);
    }

    /** Whether {@code other} listens for its peers at the same place. */
    public boolean samePlace(Member other) {
        return peerPort == other.peerPort && host.equalsIgnoreCase(other.host);
    }

    /** Its line in {@code /zookeeper/config} (contract 6.5), without the line's end; it says nothing of the disk. */
    public String toConfigLine() {
        return "server.%d=%s:%d:%d:%s;%s:%d"
                .formatted(
                        nodeId,
                        host,
                        peerPort,
                        electionPort,
                        voter ? "participant" : "observer",
                        bracketed(clientHost),
                        clientPort);
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
