package io.troupe.broadcast;

import static io.troupe.broadcast.Samples.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.broadcast.PeerMessage.AckEpoch;
import io.troupe.broadcast.PeerMessage.LearnerInfo;
import io.troupe.broadcast.PeerMessage.NewEpoch;
import io.troupe.broadcast.PeerMessage.Propose;
import io.troupe.contract.Shows;
import io.troupe.election.ElectionProtocol;
import io.troupe.heartbeat.HeartbeatProtocol;
import io.troupe.link.ConnectionId;
import io.troupe.log.LogProtocol;
import io.troupe.request.Batch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds in every phase: connections, and answers that come too late. */
class BroadcastActorTest extends PhaseTest {
    private static final List<Batch> PROPOSED = Samples.epoch(0, 1, 3);

    private static Propose propose(int index) {
        return new Propose(PROPOSED.get(index).image(), 0);
    }

    // ---- connections ----

    @Test
    void takesAMessageOnceHoweverOftenItArrives() {
        following();
        BroadcastProtocol.Frame frame = peer(2).next(propose(0));

        rig().tell(frame);
        rig().tell(frame);
        peer(2).says(propose(1));

        assertThat(rig().appended()).containsExactly(zxid(1, 1), zxid(1, 2));
        assertThat(peer(2).isReset()).isFalse();
    }

    @Test
    void breaksTheConnectionWhenAMessageOvertakesAnother() {
        following();
        BroadcastProtocol.Frame first = peer(2).next(propose(0));

        peer(2).says(propose(1));
        rig().tell(first);

        assertThat(rig().appended()).isEmpty();
        assertThat(peer(2).isReset()).isTrue();
        assertThat(rig().metrics.counter("troupe_link_resets").value()).isOne();
    }

    @Test
    void tellsAPeerThatItDoesNotKnowItsConnection() {
        leading();
        ConnectionId unknown = new ConnectionId(3, 1, 1);

        rig().tell(new BroadcastProtocol.Frame(3, 1, unknown, 5, new PeerMessage.Ack(9)));

        assertThat(rig().transport.drain(3)).containsExactly(new BroadcastProtocol.Reset(1, unknown));
    }

    @Test
    void doesNotLetAnOldCallReplaceANewerConnection() {
        discovering(Past.EMPTY);
        peer(2).dials(0);
        BroadcastProtocol.Frame old = peer(2).restarted().dials(0).next(new PeerMessage.Ack(0));
        rig().saved();

        rig().tell(new BroadcastProtocol.Frame(
                2, 1, new ConnectionId(2, 1, 1), 1, Samples.info(2, Samples.disk(2), "ensemble", 0)));

        assertThat(old.connection()).isEqualTo(new ConnectionId(2, 2, 1));
        assertThat(peer(2).hears(NewEpoch.class).epoch()).isEqualTo(1);
        assertThat(peer(2).isReset()).isFalse();
    }

    @Test
    void demandsThatAConnectionBeginsWithWhoCalls() {
        leading();

        peer(3).dials(new PeerMessage.Ack(0));

        assertThat(peer(3).isReset()).isTrue();
    }

    @Test
    void demandsThatACallerSpeaksForItself() {
        leading();

        peer(3).dials(Samples.info(2, Samples.disk(2), "ensemble", 1));

        assertThat(peer(3).isReset()).isTrue();
        assertThat(rig().status().syncedFollowers()).isEqualTo(1);
    }

    @Test
    void ignoresAResetOfAnotherConnection() {
        following();

        rig().tell(new BroadcastProtocol.Reset(2, new ConnectionId(1, Past.INCARNATION, 77)));
        rig().tell(new BroadcastProtocol.Reset(3, peer(2).connection()));

        assertThat(rig().phase()).isEqualTo("following");
    }

    @Test
    void noticesThatTheLeaderRestartedEvenWhenItAnswersTheOldCall() {
        following();
        BroadcastProtocol.Frame before = peer(2).next(propose(0));

        rig().tell(new BroadcastProtocol.Frame(
                before.from(), before.incarnation() + 1, before.connection(), before.sequence(), before.message()));

        assertThat(rig().appended()).isEmpty();
        assertThat(rig().phase()).isEqualTo("following: reconnecting");
    }

    // ---- answers that come too late ----

    @Test
    void remembersAPromiseThatBecameDurableInALaterTerm() {
        calling(Past.EMPTY);
        peer(2).says(new NewEpoch(6));
        rig().found(new HeartbeatProtocol.PeerLost(2, "a test"));

        rig().saved();
        rig().elected(new ElectionProtocol.Follow(3));
        peer(3).accepts().hears(LearnerInfo.class);
        peer(3).says(new NewEpoch(6));

        assertThat(peer(3).hears(AckEpoch.class)).isEqualTo(new AckEpoch(6, 0, 0, false));
    }

    @Test
    @Shows("S6")
    void doesNotEstablishAnEpochByASaveOfAnEarlierTerm() {
        synchronizing(Past.EMPTY);
        rig().found(new HeartbeatProtocol.QuorumLost("a test"));
        rig().elected(new ElectionProtocol.Lead(2));

        rig().saved();

        assertThat(rig().phase()).isEqualTo("leading: discovery");
        peer(2).dials(1);
        assertThat(rig().saved().acceptedEpoch()).isEqualTo(2);
        assertThat(peer(2).hears(NewEpoch.class).epoch()).isEqualTo(2);
    }

    @Test
    void doesNotSynchronizeALearnerByWhatWasFoundInAnEarlierTerm() {
        synchronizing(Past.EMPTY.epochs(1, 1).logged(PROPOSED));
        rig().found(new HeartbeatProtocol.QuorumLost("a test"));
        rig().elected(new ElectionProtocol.Lead(2));
        peer(2).dials(2);

        rig().located();

        peer(2).hearsNothing();
    }

    @Test
    void asksAgainWhereALearnerStandsWhenItBeginsToBroadcast() {
        synchronizing(Past.EMPTY.epochs(1, 1).logged(PROPOSED));
        rig().saved();
        peer(3).dials(1);
        promises(peer(3), 2, 1, zxid(1, 2));
        joins(peer(2));

        rig().located();
        peer(3).hearsNothing();
        rig().located();

        peer(3).hears(Propose.class);
        peer(3).hears(PeerMessage.NewLeader.class);
    }

    @Test
    void readsAgainForALearnerWhenItBeginsToBroadcast() {
        Past past = Past.EMPTY.epochs(1, 1).logged(PROPOSED).snapshot(zxid(1, 2));
        synchronizing(past);
        rig().saved();
        rig().located();
        peer(3).dials(1);
        promises(peer(3), 2, 1, zxid(1, 1));
        rig().located();
        assertThat(rig().log.all(LogProtocol.Read.class)).hasSize(1);
        peer(2).hears(PeerMessage.NewLeader.class);
        peer(2).says(new PeerMessage.AckNewLeader(2, zxid(1, 3)));

        rig().read(past.logged());
        peer(3).hearsNothing();
        rig().read(past.logged());

        assertThat(peer(3).hearsAll()).hasSize(3);
    }

    @Test
    void leavesAFailedLogToTheGuardian() {
        following();

        rig().tell(new BroadcastProtocol.FromLog(new LogProtocol.Failed("a test")));

        assertThat(rig().phase()).isEqualTo("following");
    }
}
