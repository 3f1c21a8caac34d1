package io.troupe.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.Effect;
import io.troupe.contract.Covers;
import io.troupe.heartbeat.HeartbeatProtocol.Following;
import io.troupe.heartbeat.HeartbeatProtocol.Leading;
import io.troupe.heartbeat.HeartbeatProtocol.Leases;
import io.troupe.heartbeat.HeartbeatProtocol.Timer;
import io.troupe.heartbeat.HeartbeatProtocol.Touches;
import io.troupe.request.Operation;
import io.troupe.tree.DataTreeProtocol;
import io.troupe.tree.state.Session;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** When sessions expire, by what this node and others hear of them. */
class HeartbeatSessionsTest extends HeartbeatRig {
    @Test
    void following_it_passes_touches_on_to_the_leader_each_twice() {
        following(2);
        touched(10L, 11L);
        touched(12L);
        touched();
        touched();

        assertThat(sent)
                .containsExactly(
                        new Sent(2, new Touches(1, EPOCH, List.of(10L, 11L))),
                        new Sent(2, new Touches(1, EPOCH, List.of(10L, 11L, 12L))),
                        new Sent(2, new Touches(1, EPOCH, List.of(12L))));
    }

    @Test
    void what_was_heard_while_there_was_no_leader_is_passed_on_at_once() {
        tree.getAllReceived();
        actor.run(new Following(EPOCH, 2));

        assertThat(tree.getAllReceived()).hasExactlyElementsOfTypes(DataTreeProtocol.CollectTouched.class);
    }

    /** A way to the leader that is open for a few hundred milliseconds must be enough, however long a tick is. */
    @Test
    void what_is_heard_travels_ten_times_a_second() {
        assertThat(actor.getAllEffects().stream()
                        .filter(e -> e instanceof Effect.TimerScheduled<?> timer && timer.msg() == Timer.TOUCH)
                        .map(e -> ((Effect.TimerScheduled<?>) e).duration()))
                .containsExactly(Duration.ofMillis(100));
    }

    @Test
    @Covers("1.6.4")
    void following_it_expires_nobody() {
        following(2);
        opened(10, 1_000);
        passes(60_000);
        touched();

        assertThat(proposed()).isEmpty();
    }

    @Test
    void leading_it_tells_when_sessions_expire() {
        opened(1, 10_000);
        opened(2, 20_000);
        opened(3, 20_000);
        leading();

        SortedMap<Long, List<Long>> expiries = expiries().orElseThrow();
        assertThat(expiries.values()).containsExactly(List.of(1L), List.of(2L, 3L));
        long now = clock.wallMillis();
        long tick = SETTINGS.tick().toMillis();
        assertThat(expiries.firstKey()).isBetween(now + 10_000, now + 10_000 + tick);
        assertThat(expiries.lastKey()).isBetween(now + 20_000, now + 20_000 + tick);
    }

    @Test
    void only_a_leader_knows_when_sessions_expire() {
        opened(1, 10_000);
        assertThat(expiries()).isEmpty();
        following(2);
        assertThat(expiries()).isEmpty();
    }

    @Test
    void a_session_that_nobody_hears_of_is_closed_as_of_its_latest_attachment() {
        leading();
        opened(10, 4_000);
        passes(4_000);
        touched();
        assertThat(proposed()).isEmpty();
        passes(2_000);
        touched();

        assertThat(proposed()).containsExactly(new Operation.CloseSession(77, EPOCH));
        assertThat(metrics.counter("stale_sessions_expired").value()).isEqualTo(1);
    }

    @Test
    void a_session_heard_of_here_or_at_another_node_lives() {
        leading();
        opened(10, 4_000);
        opened(11, 4_000);
        for (int i = 0; i < 10; i++) {
            passes(3_000);
            actor.run(new Touches(2, EPOCH, List.of(10L)));
            touched(11L);
        }

        assertThat(proposed()).isEmpty();
    }

    @Test
    @Covers("1.6.7")
    void a_new_leader_expires_nobody_before_a_full_timeout_has_passed() {
        opened(10, 4_000);
        passes(60_000);
        actor.run(new Leading(EPOCH, THREE, true));
        passes(3_999);
        touched();
        assertThat(proposed()).isEmpty();
        passes(2_001);
        touched();

        assertThat(proposed()).hasSize(1);
    }

    @Test
    void a_leader_whose_epoch_is_not_established_expires_nobody() {
        actor.run(new Leading(EPOCH, THREE, false));
        opened(10, 4_000);
        passes(60_000);
        touched();

        assertThat(proposed()).isEmpty();
    }

    @Test
    void a_busy_leader_that_stands_still_time_and_again_expires_who_is_gone_all_the_same() {
        leading();
        opened(10, 10_000);
        for (int i = 0; i < 20; i++) {
            passes(800);
            clock.pass(BEAT.toMillis() + 200);
            actor.run(Timer.BEAT);
            touched();
        }

        assertThat(proposed()).hasSize(1);
    }

    @Test
    void a_pause_is_noticed_before_anybody_is_expired_for_it() {
        leading();
        opened(10, 4_000);
        passes(3_000);
        clock.pass(20_000);
        touched();

        assertThat(proposed()).isEmpty();
    }

    @Test
    void an_expiry_at_the_very_end_of_an_epoch_is_decided_anew_in_the_next() {
        leading();
        opened(10, 10_000);
        passes(12_000);
        touched();
        assertThat(proposed()).containsExactly(new Operation.CloseSession(77, EPOCH));
        actor.run(new Leading(EPOCH + 1, THREE, false));
        actor.run(new Leading(EPOCH + 1, THREE, true));
        clear();
        touched();

        assertThat(proposed()).containsExactly(new Operation.CloseSession(77, EPOCH + 1));
    }

    @Test
    void a_leader_that_stood_still_gives_every_session_its_time_again() {
        leading();
        opened(10, 4_000);
        actor.run(Timer.BEAT);
        clock.pass(30_000);
        actor.run(Timer.BEAT);
        touched();

        assertThat(proposed()).isEmpty();
    }

    /** What it asked for before it stood still may be answered before its own timer goes off again. */
    @Test
    void a_leader_that_stood_still_expires_nobody_before_it_has_noticed() {
        leading();
        opened(10, 4_000);
        actor.run(Timer.BEAT);
        clock.pass(30_000);
        touched();
        assertThat(proposed()).isEmpty();

        passes(BEAT.toMillis());
        touched();
        assertThat(proposed()).isEmpty();
        passes(6_000);
        touched();

        assertThat(proposed()).containsExactly(new Operation.CloseSession(77, EPOCH));
    }

    @Test
    void a_closed_session_is_not_closed_again_and_a_full_list_replaces_all() {
        leading();
        opened(10, 4_000);
        opened(11, 4_000);
        actor.run(new Leases(new DataTreeProtocol.SessionsChanged(false, List.of(), List.of(10L))));
        actor.run(
                new Leases(new DataTreeProtocol.SessionsChanged(true, List.of(new Session(12, 4_000, 78)), List.of())));
        passes(60_000);
        touched();

        assertThat(proposed()).containsExactly(new Operation.CloseSession(78, EPOCH));
    }
}
