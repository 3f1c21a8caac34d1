package io.troupe.node;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import io.troupe.log.NodeMeta;
import org.slf4j.Logger;

/**
 * A voter whose disk does not count, because what it had acknowledged is lost (decision 005): it gets its vote back from a
 * leader. Where there is none for long, an operator must decide, and has to hear so.
 */
final class UncountedDisk {
    private UncountedDisk() {}

    /** Whether the node is such a one still; says so where it has no leader. */
    static boolean waits(StatusBoard board, NodeMeta meta, Logger log) {
        Membership members = board.membership();
        boolean waits = members.member(meta.nodeId()).filter(Member::voter).isPresent()
                && !members.counts(meta.nodeId(), meta.diskId());
        if (waits && board.servingLeader() == 0) {
            log.error(
                    "This node lost what it had acknowledged, so it does not vote, and the others elect no leader without it."
                            + " It waits. Bring back the other voters with their data; if a majority has lost theirs, an operator must"
                            + " decide which copy to keep: see docs/storage.md");
        }
        return waits;
    }
}
