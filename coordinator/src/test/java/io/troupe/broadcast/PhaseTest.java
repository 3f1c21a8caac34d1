package io.troupe.broadcast;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import io.troupe.broadcast.PeerMessage.Ack;
import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.AckNewLeader;
import io.troupe.broadcast.PeerMessage.LearnerInfo;
import io.troupe.broadcast.PeerMessage.NewEpoch;
import io.troupe.broadcast.PeerMessage.NewLeader;
import io.troupe.broadcast.PeerMessage.UpToDate;
import io.troupe.election.ElectionProtocol;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Takes node 1 into the phase that a test is about, by the shortest way the protocol knows. */
abstract class PhaseTest {
    private static @Nullable ActorTestKit kit;
    private @Nullable Rig rig;

    @BeforeAll
    static void createSystem() {
        kit = ActorTestKit.create(ManualTime.config());
    }

    @AfterAll
    static void endSystem() {
        if (kit != null) {
            kit.shutdownTestKit();
        }
    }

    @AfterEach
    void stopNode() {
        if (rig != null) {
            rig.stop();
        }
    }

    final Rig rig() {
        if (rig == null) {
            throw new AssertionError("the node was not started");
        }
        return rig;
    }

    final Peer peer(int nodeId) {
        return rig().peer(nodeId);
    }

    // ---- any role ----

    final Rig starting(Past past) {
        if (kit == null) {
            throw new AssertionError("no actor system");
        }
        stopNode();
        rig = new Rig(kit, ManualTime.get(kit.system()), past);
        return rig;
    }

    final Rig looking(Past past) {
        starting(past);
        if (past.logEnd() < past.snapshotZxid()) {
            rig().logStarted();
        } else {
            if (past.logEnd() > past.snapshotZxid()) {
                rig().read(past.logged());
            }
            rig().read(past.logged());
        }
        return rig();
    }

    // ---- leading ----

    /** Elected; nobody has called yet. */
    final Rig discovering(Past past) {
        looking(past);
        rig().elected(new ElectionProtocol.Lead(1));
        return rig();
    }

    /** Node 2, which has promised nothing and has the same history, has called and promised the epoch. */
    final Rig synchronizing(Past past) {
        discovering(past);
        peer(2).dials(past.acceptedEpoch());
        long epoch = rig().saved().acceptedEpoch();
        promises(peer(2), epoch, past.currentEpoch(), past.end());
        return rig();
    }

    /** {@code learner} hears of the epoch and promises it, anew. */
    final void promises(Peer learner, long epoch, long currentEpoch, long lastZxid) {
        learner.hears(NewEpoch.class);
        learner.says(new AckEpoch(epoch, currentEpoch, lastZxid, true));
    }

    /** The epoch is established by this node and node 2, which serve. */
    final Rig leading(Past past) {
        synchronizing(past);
        rig().saved();
        joins(peer(2));
        return rig();
    }

    /** {@code learner}, which has promised, has all history already and acknowledges it. */
    final void joins(Peer learner) {
        rig().located();
        NewLeader newLeader = learner.hears(NewLeader.class);
        learner.says(new AckNewLeader(newLeader.epoch(), newLeader.lastZxid()));
        learner.hears(UpToDate.class);
    }

    /** {@code learner} calls an established leader of {@code epoch}, whose history ends where its own does. */
    final void joinsLate(Peer learner, long epoch, long lastZxid) {
        learner.dials(epoch);
        promises(learner, epoch, epoch, lastZxid);
        joins(learner);
    }

    // ---- following ----

    /** Elected node 2, and has called it. */
    final Rig calling(Past past) {
        looking(past);
        rig().elected(new ElectionProtocol.Follow(2));
        peer(2).accepts().hears(LearnerInfo.class);
        return rig();
    }

    /** Has promised {@code epoch} to node 2. */
    final Rig promising(Past past, long epoch) {
        calling(past);
        peer(2).says(new NewEpoch(epoch));
        rig().saved();
        peer(2).hears(AckEpoch.class);
        return rig();
    }

    /** Has acknowledged that it holds all history of {@code epoch}, which is what it had before. */
    final Rig acknowledging(Past past, long epoch) {
        promising(past, epoch);
        peer(2).says(new NewLeader(epoch, past.end()));
        rig().saved();
        peer(2).hears(AckNewLeader.class);
        return rig();
    }

    /** Follows node 2 in {@code epoch}, and serves. */
    final Rig following(Past past, long epoch) {
        acknowledging(past, epoch);
        peer(2).says(new UpToDate(epoch, past.end()));
        return rig();
    }

    final Rig following() {
        return following(Past.EMPTY, 1);
    }

    final Rig leading() {
        return leading(Past.EMPTY);
    }

    /** The leader is given writes of its own clients. */
    final void submit(int first, int count) {
        rig().submit(Samples.writes(first, count));
        rig().pass(Rig.SOON);
    }

    /** This node and node 2 hold everything up to {@code zxid}. */
    final void commits(long zxid) {
        rig().durable(zxid);
        peer(2).says(new Ack(zxid));
    }
}
