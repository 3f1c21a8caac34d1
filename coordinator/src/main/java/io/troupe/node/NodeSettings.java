package io.troupe.node;

import io.troupe.broadcast.BroadcastSettings;
import io.troupe.election.ElectionSettings;
import io.troupe.heartbeat.HeartbeatSettings;
import io.troupe.log.LogSettings;
import io.troupe.snapshot.SnapshotSettings;
import io.troupe.tree.TreeSettings;
import java.time.Duration;
import java.util.List;

/**
 * All settings of one node.
 *
 * @param nodeId this node's id: its position among {@code seeds}, unless configured; 0 when the leader is to assign one
 * @param seeds the voters of a first start, in the order of the list
 * @param host where peers reach this node
 * @param bindHost the address the peer port is bound to
 * @param clientBindHost the address the client port is bound to
 * @param secureClientBindHost the address the port for TLS is bound to
 * @param peerPort Artery's port
 * @param clientPort ZooKeeper's protocol; 0 for none
 * @param secureClientPort the same inside TLS; 0 for none
 * @param clientHost where clients reach this node, as the ensemble's configuration shows it
 * @param electionPort shown there and used for nothing else
 * @param dataDir where log, snapshots and promises are kept
 * @param maxConnectionsPerAddress client connections from one address, 0 for no limit
 * @param fourLetterWords status commands answered on the client port; {@code *} for all
 * @param minSessionTimeout least session timeout granted
 * @param maxSessionTimeout greatest session timeout granted
 * @param quotasEnforced whether writes of this node's clients fail where they exceed a quota
 * @param maxMessageBytes greatest message between nodes: a batch that holds the greatest request
 */
public record NodeSettings(
        int nodeId,
        List<Seed> seeds,
        String host,
        String bindHost,
        String clientBindHost,
        String secureClientBindHost,
        int peerPort,
        int clientPort,
        int secureClientPort,
        String clientHost,
        int electionPort,
        String dataDir,
        int maxConnectionsPerAddress,
        List<String> fourLetterWords,
        Duration minSessionTimeout,
        Duration maxSessionTimeout,
        boolean quotasEnforced,
        int maxMessageBytes,
        ElectionSettings election,
        HeartbeatSettings heartbeat,
        BroadcastSettings broadcast,
        TreeSettings tree,
        LogSettings log,
        SnapshotSettings snapshot) {
    /**
     * One entry of the seed list.
     *
     * @param id of the node, 1 to 254: its position from 1, unless the list gives another
     * @param port Artery's
     */
    public record Seed(int id, String host, int port) {}

    /** Whether this node is on the list: a voter of a first start. */
    public boolean listed() {
        return seeds.stream().anyMatch(seed -> seed.id() == nodeId);
    }

    /** The port that the list of members names for clients: the one for TLS where there is no other. */
    public int listedClientPort() {
        return clientPort > 0 ? clientPort : secureClientPort;
    }

    /** The same settings for a node whose id has been found out. */
    public NodeSettings withNodeId(int id) {
        return with(id, election);
    }

    /** The same settings with other times of the election. */
    NodeSettings with(ElectionSettings times) {
        return with(nodeId, times);
    }

    private NodeSettings with(int id, ElectionSettings times) {
        return new NodeSettings(
                id,
                seeds,
                host,
                bindHost,
                clientBindHost,
                secureClientBindHost,
                peerPort,
                clientPort,
                secureClientPort,
                clientHost,
                electionPort,
                dataDir,
                maxConnectionsPerAddress,
                fourLetterWords,
                minSessionTimeout,
                maxSessionTimeout,
                quotasEnforced,
                maxMessageBytes,
                times,
                heartbeat,
                broadcast,
                tree,
                log,
                snapshot);
    }

    public NodeSettings {
        seeds = List.copyOf(seeds);
        fourLetterWords = List.copyOf(fourLetterWords);
    }
}
