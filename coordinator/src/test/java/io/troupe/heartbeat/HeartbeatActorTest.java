package io.troupe.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.election.ElectionProtocol;
import io.troupe.ensemble.Role;
import io.troupe.heartbeat.HeartbeatProtocol.AskPulse;
import io.troupe.heartbeat.HeartbeatProtocol.Beat;
import io.troupe.heartbeat.HeartbeatProtocol.Leading;
import io.troupe.heartbeat.HeartbeatProtocol.Looking;
import io.troupe.heartbeat.HeartbeatProtocol.PeerLost;
import io.troupe.heartbeat.HeartbeatProtocol.PeerPosition;
import io.troupe.heartbeat.HeartbeatProtocol.QuorumLost;
import io.troupe.heartbeat.HeartbeatProtocol.Reachability;
import io.troupe.heartbeat.HeartbeatProtocol.Timer;
import io.troupe.tree.DataTreeProtocol;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is heard and who falls silent, state by state. */
class HeartbeatActorTest extends HeartbeatRig {
    // ---- suspended ----

    @Test
    void suspended_it_neither_beats_nor_suspects() {
        passes(5_000);
        pulse(Role.LOOKING, 0, true);

        assertThat(sent).isEmpty();
        assertThat(findings).isEmpty();
    }

    @Test
    void it_learns_of_sessions_from_its_first_moment() {
        assertThat(tree.getAllReceived()).hasExactlyElementsOfTypes(DataTreeProtocol.SubscribeSessions.class);
    }

    @Test
    void looking_again_it_forgets_whom_it_watched() {
        following(2);
        actor.run(new Looking());
        clear();
        passes(5_000);

        assertThat(findings).isEmpty();
    }

    // ---- following ----

    @Test
    void following_it_asks_for_a_pulse_and_beats_to_the_leader_alone() {
        following(2);
        actor.run(Timer.BEAT);
        assertThat(found(AskPulse.class)).hasSize(1);
        assertThat(sent).as("no beat without a pulse").isEmpty();
        pulse(Role.FOLLOWING, 2, true);

        assertThat(sent).containsExactly(new Sent(2, new Beat(1, 7, Role.FOLLOWING, 2, EPOCH, CONNECTION, 12)));
    }

    @Test
    void a_leader_that_falls_silent_is_lost() {
        following(2);
        hear(2, Role.LEADING, 2);
        passes(400);
        assertThat(found(PeerLost.class)).isEmpty();
        passes(50);

        assertThat(found(PeerLost.class)).extracting(PeerLost::nodeId).containsExactly(2);
        assertThat(election.getAllReceived()).contains(new ElectionProtocol.Reachability(2, true));
    }

    @Test
    void a_leader_that_beats_is_never_lost() {
        following(2);
        for (int i = 0; i < 200; i++) {
            hear(2, Role.LEADING, 2);
            passes(50);
        }

        assertThat(found(PeerLost.class)).isEmpty();
    }

    @Test
    void beats_of_others_and_of_a_leader_that_has_stepped_down_are_no_sign_of_life_of_the_leader() {
        following(2);
        for (int i = 0; i < 10; i++) {
            hear(3, Role.LEADING, 3);
            hear(2, Role.LOOKING, 0);
            passes(50);
        }

        assertThat(found(PeerLost.class)).extracting(PeerLost::nodeId).contains(2);
    }

    @Test
    void a_new_leader_gets_its_time_anew() {
        following(2);
        passes(350);
        following(3);
        passes(350);

        assertThat(found(PeerLost.class)).isEmpty();
    }

    @Test
    void the_leader_is_not_blamed_when_this_node_itself_stood_still() {
        following(2);
        hear(2, Role.LEADING, 2);
        clock.pass(10_000);
        actor.run(Timer.BEAT);

        assertThat(found(PeerLost.class)).isEmpty();
    }

    @Test
    void what_waited_while_this_node_stood_still_does_not_make_the_leader_look_irregular() {
        following(2);
        hear(2, Role.LEADING, 2);
        clock.pass(1_500);
        hear(2, Role.LEADING, 2);

        passes(450);

        assertThat(found(PeerLost.class)).extracting(PeerLost::nodeId).containsExactly(2);
    }

    @Test
    void what_a_beat_says_of_the_connection_is_passed_on() {
        following(2);
        actor.run(new Beat(2, 9, Role.LEADING, 2, EPOCH, CONNECTION, 33));
        actor.run(new Beat(2, 9, Role.LEADING, 2, EPOCH, null, 0));

        assertThat(found(PeerPosition.class))
                .containsExactly(new PeerPosition(2, CONNECTION, 33), new PeerPosition(2, null, 0));
    }

    // ---- leading ----

    @Test
    void leading_it_beats_to_every_voter_with_what_it_has_sent_to_each() {
        leading();
        pulse(Role.LEADING, 1, true);

        assertThat(sent)
                .containsExactly(
                        new Sent(2, new Beat(1, 7, Role.LEADING, 1, EPOCH, CONNECTION, 12)),
                        new Sent(3, new Beat(1, 7, Role.LEADING, 1, EPOCH, null, 0)));
    }

    @Test
    void a_leader_that_is_not_well_or_no_longer_leads_does_not_claim_to() {
        leading();
        pulse(Role.LEADING, 1, false);
        pulse(Role.LOOKING, 0, true);

        assertThat(sent).isEmpty();
    }

    @Test
    void a_leader_that_hears_of_a_quorum_leads_on() {
        leading();
        passesHearing(5_000, 3);

        assertThat(found(QuorumLost.class)).isEmpty();
    }

    @Test
    void a_leader_that_hears_of_no_quorum_must_step_down() {
        leading();
        passes(400);
        assertThat(found(QuorumLost.class)).isEmpty();
        passes(50);

        assertThat(found(QuorumLost.class)).isNotEmpty();
    }

    @Test
    void beats_of_a_node_that_follows_somebody_else_are_no_support() {
        leading();
        for (int i = 0; i < 10; i++) {
            hear(2, Role.FOLLOWING, 3);
            passes(50);
        }

        assertThat(found(QuorumLost.class)).isNotEmpty();
    }

    @Test
    void while_voters_change_a_quorum_of_both_configurations_must_be_heard() {
        actor.run(new Leading(EPOCH, THREE.proposing(List.of(voter(1), voter(4), voter(5))), true));
        clear();
        passesHearing(1_000, 2, 3);
        assertThat(found(QuorumLost.class)).isNotEmpty();
        clear();
        passesHearing(1_000, 2, 3, 4);

        assertThat(found(QuorumLost.class).stream().skip(1)).isEmpty();
    }

    @Test
    void a_process_that_refuses_connections_is_lost_at_once() {
        leading();
        passesHearing(500, 2, 3);
        actor.run(new Reachability(2, false));

        assertThat(found(PeerLost.class)).extracting(PeerLost::nodeId).containsExactly(2);
        assertThat(election.getAllReceived()).contains(new ElectionProtocol.Reachability(2, true));
        assertThat(found(QuorumLost.class)).as("node 3 is there").isEmpty();
        actor.run(new Reachability(3, false));
        assertThat(found(QuorumLost.class)).isNotEmpty();
    }

    @Test
    void a_beat_refutes_the_rumour_that_a_process_is_gone() {
        leading();
        passesHearing(500, 2, 3);
        actor.run(new Reachability(2, false));
        hear(2, Role.FOLLOWING, 1);
        actor.run(new Reachability(3, false));

        assertThat(found(QuorumLost.class)).isEmpty();
    }

    @Test
    void a_peer_that_is_long_silent_gets_few_beats() {
        leading();
        int before = 0;
        for (int i = 0; i < 160; i++) {
            hear(3, Role.FOLLOWING, 1);
            passes(50);
            pulse(Role.LEADING, 1, true);
            if (i == 79) {
                before = beatsTo(2);
            }
        }

        assertThat(beatsTo(3)).isEqualTo(160);
        assertThat(beatsTo(2) - before).isEqualTo(5);
    }

    private int beatsTo(int node) {
        return (int) sent.stream().filter(s -> s.to() == node).count();
    }

    /** Two nodes of a starved host would otherwise give each other up time and again. */
    @Test
    void a_leader_that_was_given_up_and_leads_again_is_allowed_more_silence() {
        following(3);
        hear(3, Role.LEADING, 3);
        passes(450);
        assertThat(findings).hasAtLeastOneElementOfType(HeartbeatProtocol.PeerLost.class);
        actor.run(new HeartbeatProtocol.Looking());
        following(3);
        hear(3, Role.LEADING, 3);

        passes(450);

        assertThat(findings).noneMatch(HeartbeatProtocol.PeerLost.class::isInstance);
    }
}
