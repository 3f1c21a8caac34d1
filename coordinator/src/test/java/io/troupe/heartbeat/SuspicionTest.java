package io.troupe.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When silence becomes suspicious: at least 400 ms, at most 2 s, beats every 50 ms. */
class SuspicionTest {
    private long now = 1_000;
    private final Suspicion suspicion = watching(Duration.ZERO, 0);

    private Suspicion watching(Duration warmUp, long coldFor) {
        HeartbeatSettings usual = HeartbeatSettings.DEFAULT;
        return new Suspicion(
                now,
                coldFor,
                new HeartbeatSettings(
                        usual.beat(),
                        usual.suspectAfter(),
                        usual.suspectAtMost(),
                        warmUp,
                        usual.tick(),
                        usual.reaping()));
    }

    private void beats(int count, long interval) {
        for (int i = 0; i < count; i++) {
            now += interval;
            suspicion.heard(now, 1);
        }
    }

    @Test
    void regular_beats_allow_the_least_silence() {
        beats(200, 50);

        assertThat(suspicion.tolerance(now)).isEqualTo(400);
        assertThat(suspicion.suspicious(now + 400)).isFalse();
        assertThat(suspicion.suspicious(now + 401)).isTrue();
    }

    @Test
    void a_peer_never_heard_of_gets_the_least_silence_from_the_beginning() {
        assertThat(suspicion.suspicious(1_400)).isFalse();
        assertThat(suspicion.suspicious(1_401)).isTrue();
    }

    @Test
    void irregular_beats_allow_more_and_never_more_than_the_most() {
        for (int i = 0; i < 100; i++) {
            beats(1, 10);
            beats(1, 390);
        }
        assertThat(suspicion.tolerance(now)).isBetween(1_000L, 2_000L);
        for (int i = 0; i < 100; i++) {
            beats(1, 10);
            beats(1, 1_900);
        }

        assertThat(suspicion.tolerance(now)).isEqualTo(2_000);
    }

    @Test
    void once_beats_are_regular_again_so_is_the_tolerance() {
        beats(20, 1_000);
        beats(400, 50);

        assertThat(suspicion.tolerance(now)).isEqualTo(400);
    }

    @Test
    void a_peer_that_was_away_is_allowed_no_more_when_it_is_back() {
        beats(200, 50);
        beats(1, 6_000);

        assertThat(suspicion.tolerance(now)).isEqualTo(400);
    }

    @Test
    void a_peer_is_not_blamed_for_a_time_in_which_this_node_stood_still() {
        beats(100, 50);
        now += 5_000;
        suspicion.discount(4_950, now);

        assertThat(suspicion.silence(now)).isEqualTo(50);
    }

    @Test
    void a_pause_is_not_credited_to_a_peer_that_was_heard_after_it() {
        beats(100, 50);
        now += 5_000;
        suspicion.heard(now, 1);
        suspicion.discount(4_950, now);

        assertThat(suspicion.silence(now)).isZero();
        assertThat(suspicion.suspicious(now + 2_001)).isTrue();
    }

    @Test
    void a_peer_that_was_given_up_too_soon_is_allowed_more_the_next_time() {
        beats(200, 50);
        now += 450;
        suspicion.giveUp(now);
        now += 3_000;
        suspicion.resume(now);

        assertThat(suspicion.tolerance(now)).isBetween(500L, 1_500L);
        assertThat(suspicion.suspicious(now + 450)).isFalse();
        beats(400, 50);
        assertThat(suspicion.tolerance(now)).isEqualTo(400);
    }

    @Test
    void a_peer_that_was_not_watched_for_a_while_is_not_blamed_for_that() {
        beats(200, 50);
        now += 60_000;
        suspicion.resume(now);

        assertThat(suspicion.tolerance(now)).isEqualTo(400);
        assertThat(suspicion.suspicious(now + 400)).isFalse();
    }

    @Test
    void a_cold_node_allows_the_most_silence_and_less_as_it_warms_up() {
        Suspicion cold = watching(Duration.ofSeconds(10), 10_000);

        assertThat(cold.tolerance(now)).isEqualTo(2_000);
        assertThat(cold.tolerance(now + 5_000)).isEqualTo(1_200);
        assertThat(cold.tolerance(now + 10_000)).isEqualTo(400);
        assertThat(cold.tolerance(now + 60_000)).isEqualTo(400);
    }

    @Test
    void a_peer_that_has_started_anew_is_cold_again() {
        Suspicion warm = watching(Duration.ofSeconds(10), 0);
        warm.heard(now + 50, 7);
        assertThat(warm.tolerance(now + 50)).isEqualTo(400);

        warm.heard(now + 100, 8);

        assertThat(warm.tolerance(now + 100)).isEqualTo(2_000);
        assertThat(warm.tolerance(now + 10_100)).isEqualTo(400);
    }
}
