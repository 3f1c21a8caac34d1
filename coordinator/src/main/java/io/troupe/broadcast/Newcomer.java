package io.troupe.broadcast;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A node that has caught up and is to be listed: on its new disk, or at its new place, where it is a member, else as an observer.
 *
 * @param self the node as it would list itself
 * @param wasListed whether it was listed when it had caught up: one that is taken off the list meanwhile stays off it
 */
record Newcomer(Member self, boolean wasListed) {
    /** The members with this node among them; as they are when nothing is to be changed. */
    List<Member> listedIn(Membership now) {
        Optional<Member> listed = now.member(self.nodeId());
        if (listed.isEmpty() && wasListed) {
            return now.members();
        }
        List<Member> members = new ArrayList<>(now.members());
        members.removeIf(m -> m.nodeId() == self.nodeId());
        members.add(listed.map(this::renewed).orElseGet(self::asObserver));
        members.sort(Comparator.comparingInt(Member::nodeId));
        return members;
    }

    /** Its disk proves a node that has moved, its place one that has lost its disk; with neither, it is another node. */
    private Member renewed(Member listed) {
        if (listed.samePlace(self)) {
            return listed.withDisk(self.diskId());
        }
        return listed.diskId() == self.diskId() ? listed.at(self) : listed;
    }
}
