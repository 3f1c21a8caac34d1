package io.troupe.broadcast;

import io.troupe.ensemble.Member;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.RequestCodec;
import io.troupe.request.RequestFormatException;
import io.troupe.request.Section;
import io.troupe.request.SectionBuilder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The changes of members that wait at the leader. Each is a barrier (architecture section 3): it is decided once all before it
 * has executed, and travels alone.
 */
final class MemberChanges {
    /** The origin of requests that no node's clients made. */
    private static final int ENSEMBLE = 0;

    private final Zab zab;
    private final long epoch;
    /** Nodes to be listed: voters on new disks, and whoever has joined. */
    private final Deque<Newcomer> newcomers = new ArrayDeque<>();
    /** A client's wish for other members, and what was admitted behind it. */
    private final Deque<Section> barrier = new ArrayDeque<>();

    /** The first of {@link #barrier} while the tree decides on it. */
    private @Nullable Request judged;

    private long proposed;

    MemberChanges(Zab zab, long epoch) {
        this.zab = zab;
        this.epoch = epoch;
    }

    /**
     * A voter that lost its disk has caught up as a learner. It counts again once the ensemble has agreed, by a committed
     * change, that its new disk replaces the old one (anchors S28). Likewise a node that joins is listed as an observer, and
     * one that has moved where it is now. Returns whether there is something to list.
     */
    boolean listIfNew(Learner learner) {
        Optional<Member> listed = zab.replica.membership().member(learner.nodeId());
        if (listed.isPresent() ? listedAsItIs(listed.get(), learner.self()) : !learner.joining()) {
            return false;
        }
        zab.log.info(
                "Node {} {} and has caught up: listing it among the members",
                learner.nodeId(),
                listed.map(member -> news(member, learner.self())).orElse("joins"));
        newcomers.add(new Newcomer(learner.self(), listed.isPresent()));
        return true;
    }

    private static boolean listedAsItIs(Member listed, Member self) {
        return listed.diskId() == self.diskId() && listed.samePlace(self);
    }

    private static String news(Member listed, Member self) {
        return listed.diskId() == self.diskId()
                ? "has moved to " + self.host() + ":" + self.peerPort()
                : "came with a disk that is not known";
    }

    /** This leader may have been started elsewhere than the members know it. */
    void listSelfIfMoved() {
        zab.replica
                .membership()
                .member(zab.self.nodeId())
                .filter(listed -> listed.diskId() == zab.self.diskId() && !listed.samePlace(zab.self))
                .ifPresent(listed -> newcomers.add(new Newcomer(zab.self, true)));
    }

    boolean hasNewcomers() {
        return !newcomers.isEmpty();
    }

    /**
     * The change that lists the next newcomer, null when nothing needs to change. Starts from the members in force now: another
     * change may have committed since the node had caught up.
     */
    @Nullable
    Section listNewcomer() {
        List<Member> members = newcomers.removeFirst().listedIn(zab.replica.membership());
        if (members.equals(zab.replica.membership().members())) {
            return null;
        }
        // Not through the outbox: an origin of its own keeps it apart from this node's numbered requests.
        return new SectionBuilder(ENSEMBLE, epoch, ++proposed)
                .add(Request.internal(0, new Operation.ChangeMembers(members)))
                .build();
    }

    /** Keeps a wish for other members, and whatever comes behind one; false for a section that need not wait. */
    boolean holdBack(Section section) {
        return (section.alone() || !barrier.isEmpty()) && barrier.add(section);
    }

    boolean hasWish() {
        return !barrier.isEmpty();
    }

    /** Whether the tree is deciding on a wish: nothing follows until it has answered. */
    boolean judging() {
        return judged != null;
    }

    /**
     * Asks the tree to decide on the wish that waits. Returns null, or the wish itself where it cannot be read: executing it comes
     * to SYSTEM_ERROR on every node.
     *
     * @param synced disks of the nodes that are in step with the leader
     */
    @Nullable
    Section judge(Map<Integer, Long> synced) {
        try {
            Request request = RequestCodec.decode(barrier.getFirst()).get(0);
            judged = request;
            zab.judge(request, synced);
            return null;
        } catch (RequestFormatException unreadable) {
            return barrier.removeFirst();
        }
    }

    /** The wish under its own number, with what it comes to in place of what was wished. */
    Section judged(Operation resolved) {
        Request asked = judged;
        if (asked == null) {
            throw new IllegalStateException("nobody asked the tree");
        }
        judged = null;
        Section wish = barrier.removeFirst();
        return new SectionBuilder(wish.originNode(), wish.incarnation(), wish.firstSequence())
                .add(new Request(asked.sessionId(), asked.attach(), asked.xid(), asked.identities(), resolved))
                .build();
    }

    /** What waited behind a wish that is on its way now, up to the next one. */
    List<Section> release() {
        List<Section> released = new ArrayList<>();
        while (!barrier.isEmpty() && !barrier.getFirst().alone()) {
            released.add(barrier.removeFirst());
        }
        return released;
    }
}
