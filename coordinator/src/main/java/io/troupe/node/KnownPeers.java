package io.troupe.node;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.link.PeerProbe;
import java.util.List;

/** Where this node's peers are, and whether their processes are there. */
final class KnownPeers {
    private final int nodeId;
    private final NodeEnvironment env;
    private List<Member> watched = List.of();
    private PeerProbe.Listener listener = (node, up) -> {};

    KnownPeers(int nodeId, NodeEnvironment env) {
        this.nodeId = nodeId;
        this.env = env;
    }

    /** Messages to these members go where this list says from now on. */
    void learn(Membership membership) {
        for (Member member : membership.allMembers()) {
            env.transport().address(member.nodeId(), member.host(), member.peerPort());
        }
    }

    /** From now on {@code reachability} is told whose process goes and comes. */
    void watch(Membership membership, PeerProbe.Listener reachability) {
        listener = reachability;
        watch(membership);
    }

    /** The processes of these members are watched from now on. */
    void watch(Membership membership) {
        watched = membership.allMembers();
        probe();
    }

    /** Asks the operating system anew. */
    void probe() {
        for (Member member : watched) {
            if (member.nodeId() != nodeId) {
                env.probe().watch(member.nodeId(), member.host(), member.peerPort(), listener);
            }
        }
    }
}
