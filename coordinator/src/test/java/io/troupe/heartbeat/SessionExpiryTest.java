package io.troupe.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.env.HandClock;
import io.troupe.metrics.Metrics;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.tree.DataTreeProtocol.SessionsChanged;
import io.troupe.tree.state.Session;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionExpiryTest {
    private static final long EPOCH = 5;

    private final HandClock clock = new HandClock();
    private final Metrics metrics = new Metrics();
    private final SessionExpiry expiry = new SessionExpiry(HeartbeatRig.SETTINGS, clock, metrics);

    @BeforeEach
    void lead() {
        expiry.begin();
    }

    private void opened(Session... sessions) {
        expiry.changed(new SessionsChanged(false, List.of(sessions), List.of()));
    }

    @Test
    void a_session_is_closed_once_as_of_the_attachment_of_its_lease() {
        opened(new Session(10, 4_000, 77));
        clock.pass(10_000);

        assertThat(expiry.closes(EPOCH)).containsExactly(Request.internal(10, new Operation.CloseSession(77, EPOCH)));
        assertThat(expiry.closes(EPOCH)).isEmpty();
        assertThat(metrics.counter("stale_sessions_expired").value()).isEqualTo(1);
    }

    @Test
    void who_was_heard_of_or_renewed_lives() {
        opened(new Session(10, 4_000, 1), new Session(11, 4_000, 2));
        clock.pass(3_000);
        expiry.touched(List.of(10L));
        clock.pass(3_500);
        assertThat(expiry.closes(EPOCH)).extracting(Request::sessionId).containsExactly(11L);
        expiry.begin();
        clock.pass(3_500);

        assertThat(expiry.closes(EPOCH)).isEmpty();
    }

    @Test
    void what_was_decided_at_the_end_of_an_epoch_is_due_again_in_the_next() {
        opened(new Session(10, 4_000, 1), new Session(11, 20_000, 2));
        clock.pass(6_000);
        assertThat(expiry.closes(EPOCH)).hasSize(1);
        expiry.rest();
        clock.pass(300);
        expiry.begin();

        assertThat(expiry.closes(EPOCH + 1))
                .containsExactly(Request.internal(10, new Operation.CloseSession(1, EPOCH + 1)));
    }

    @Test
    void no_lease_runs_while_the_next_epoch_is_being_opened() {
        opened(new Session(10, 4_000, 1));
        clock.pass(3_000);
        expiry.rest();
        clock.pass(60_000);
        expiry.begin();
        clock.pass(900);
        assertThat(expiry.closes(EPOCH + 1)).isEmpty();
        clock.pass(2_100);

        assertThat(expiry.closes(EPOCH + 1)).hasSize(1);
    }

    @Test
    void a_leader_deposed_before_it_had_opened_the_next_epoch_begins_anew() {
        opened(new Session(10, 4_000, 1));
        clock.pass(3_000);
        expiry.rest();
        expiry.end();
        clock.pass(9_000);
        expiry.begin();
        clock.pass(3_999);

        assertThat(expiry.closes(EPOCH + 2)).isEmpty();
    }

    @Test
    void a_short_pause_is_added_to_every_lease_and_a_long_one_renews_them() {
        opened(new Session(10, 4_000, 1));
        clock.pass(3_000);
        expiry.discount(1_000);
        clock.pass(1_999);
        assertThat(expiry.closes(EPOCH)).isEmpty();
        expiry.discount(1_400);
        clock.pass(3_999);
        assertThat(expiry.closes(EPOCH)).isEmpty();
        clock.pass(2_001);

        assertThat(expiry.closes(EPOCH)).hasSize(1);
    }

    @Test
    void a_full_list_replaces_what_was_known() {
        opened(new Session(10, 4_000, 1));
        expiry.changed(new SessionsChanged(true, List.of(new Session(11, 4_000, 2)), List.of()));

        assertThat(expiry.expiries().values()).containsExactly(List.of(11L));
    }

    @Test
    void what_is_due_is_told_by_the_time_of_day() {
        opened(new Session(10, 4_000, 1));

        long tick = HeartbeatRig.SETTINGS.tick().toMillis();
        assertThat(expiry.expiries().firstKey())
                .isBetween(clock.wallMillis() + 4_000, clock.wallMillis() + 4_000 + tick);
        clock.pass(1_000);
        expiry.discount(1_000);
        assertThat(expiry.expiries().firstKey())
                .isBetween(clock.wallMillis() + 4_000, clock.wallMillis() + 4_000 + tick);
    }
}
