package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;

import io.troupe.broadcast.PeerMessage.Forward;
import io.troupe.broadcast.PeerMessage.LearnerInfo;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.election.ElectionProtocol;
import io.troupe.request.Batch;
import io.troupe.request.Section;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Node 1 follows node 2 in epoch 5. */
abstract class FollowerRig extends PhaseTest {
    static final long LAST = zxid(3, 4);
    static final Past HISTORY =
            Past.EMPTY.epochs(4, 3).logged(Samples.epoch(0, 3, 4)).committed(zxid(3, 1));
    static final List<Batch> PROPOSED = Samples.epoch(LAST, 5, 3);

    void following5() {
        following(HISTORY, 5);
        rig().log.forget();
        rig().tree.forget();
    }

    static Propose propose(int index, long commitZxid) {
        return new Propose(PROPOSED.get(index).image(), commitZxid);
    }

    /** Sections forwarded to the leader and not heard yet. */
    List<Section> forwarded() {
        rig().pass(Rig.SOON);
        List<Section> sections = new ArrayList<>();
        for (PeerMessage message : peer(2).hearsAll()) {
            if (message instanceof Forward forward) {
                sections.add(Section.read(ByteBuffer.wrap(forward.section())));
            }
        }
        return sections;
    }

    void reconnect(long epoch) {
        peer(2).accepts().hears(LearnerInfo.class);
        peer(2).says(new PeerMessage.NewEpoch(epoch)).says(new PeerMessage.NewLeader(epoch, LAST));
        rig().saved();
        peer(2).says(new PeerMessage.UpToDate(epoch, LAST));
    }

    void followAgain(long epoch, long lastZxid) {
        rig().elected(new ElectionProtocol.Follow(2));
        peer(2).accepts().hears(LearnerInfo.class);
        peer(2).says(new PeerMessage.NewEpoch(epoch));
        rig().saved();
        peer(2).says(new PeerMessage.NewLeader(epoch, lastZxid));
        rig().saved();
        peer(2).says(new PeerMessage.UpToDate(epoch, lastZxid));
    }
}
