package io.troupe.node;

import io.troupe.actorport.ActorPortSettings;
import io.troupe.edge.Audit;
import io.troupe.env.Clock;
import io.troupe.env.Disk;
import io.troupe.env.Entropy;
import io.troupe.link.PeerProbe;
import io.troupe.link.PeerTransport;
import io.troupe.membership.ClusterMember;
import io.troupe.metrics.Metrics;
import io.troupe.overview.Overview;
import io.troupe.tree.PreloadedTree;
import java.util.Optional;

/**
 * Everything outside a node that its actors depend on: real in production, simulated in tests.
 *
 * @param leastIncarnation what the node must at least run as; 0 when nothing but its disk and clock decide
 * @param metrics where the actors count what they do; written only, it decides nothing
 * @param overview where the actors note what is told to those who look on; absent where nobody does
 * @param actorPort what actor systems may do that are clients; absent where they may not
 * @param cluster the node's actor system as a member of Akka's cluster; absent where there is none
 * @param preloaded what was read of the disk before there were actors
 * @param audit what keeps book of what the node does by itself
 */
public record NodeEnvironment(
        Clock clock,
        Entropy entropy,
        Disk disk,
        PeerTransport transport,
        PeerProbe probe,
        long leastIncarnation,
        Metrics metrics,
        Optional<Overview> overview,
        Optional<ClusterMember> cluster,
        Optional<ActorPortSettings> actorPort,
        PreloadedTree preloaded,
        Audit audit) {
    /** An environment of which nobody reads the metrics, and without Akka's cluster. */
    public NodeEnvironment(
            Clock clock, Entropy entropy, Disk disk, PeerTransport transport, PeerProbe probe, long leastIncarnation) {
        this(
                clock,
                entropy,
                disk,
                transport,
                probe,
                leastIncarnation,
                new Metrics(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                PreloadedTree.none(),
                Audit.NONE);
    }

    /** An environment in which, besides, dead processes are noticed by their silence alone. */
    public NodeEnvironment(Clock clock, Entropy entropy, Disk disk, PeerTransport transport, long leastIncarnation) {
        this(clock, entropy, disk, transport, noProbe(), leastIncarnation);
    }

    private static PeerProbe noProbe() {
        return new PeerProbe() {
            @Override
            public void watch(int nodeId, String host, int port, Listener listener) {
                // Nothing to watch.
            }

            @Override
            public void close() {
                // Nothing to close.
            }
        };
    }
}
