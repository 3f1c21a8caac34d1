package io.troupe.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.tree.state.Session;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Session expiry by the leader's clock, in ticks of 100 ms. Contract 1.6. */
class SessionLeasesTest {
    private static final int TIMEOUT = 1_000;

    private final SessionLeases leases = new SessionLeases(100);

    @BeforeEach
    void lead() {
        leases.renewAll(0);
    }

    private static Session session(long id) {
        return new Session(id, TIMEOUT, 7);
    }

    private List<Long> expired(long now) {
        return leases.expire(now).stream().map(Session::id).toList();
    }

    @Test
    @Covers("1.6.4")
    void a_session_lives_for_its_timeout_and_at_most_a_tick_longer() {
        leases.open(session(1), 50);

        assertThat(expired(50 + TIMEOUT)).isEmpty();
        assertThat(expired(50 + TIMEOUT + 100)).containsExactly(1L);
    }

    @Test
    void a_session_expires_once() {
        leases.open(session(1), 0);

        assertThat(expired(5_000)).containsExactly(1L);
        assertThat(expired(9_000)).isEmpty();
        assertThat(leases.byEnd()).isEmpty();
    }

    @Test
    void each_touch_gives_a_full_timeout() {
        leases.open(session(1), 0);
        for (long now = 900; now < 9_000; now += 900) {
            leases.touch(1, now);
            assertThat(expired(now + 899)).isEmpty();
        }
    }

    @Test
    void a_touch_that_comes_late_from_another_node_takes_nothing_back() {
        leases.open(session(1), 0);
        leases.touch(1, 900);
        leases.touch(1, 100);

        assertThat(expired(1_800)).isEmpty();
    }

    @Test
    void a_touch_does_not_bring_an_expired_session_back() {
        leases.open(session(1), 0);
        expired(2_000);
        leases.touch(1, 2_000);

        assertThat(leases.byEnd()).isEmpty();
    }

    @Test
    void expiry_names_those_that_are_due_and_leaves_the_rest() {
        leases.open(session(1), 0);
        leases.open(session(2), 600);
        leases.open(session(3), 0);

        assertThat(expired(1_200)).containsExactly(1L, 3L);
        assertThat(expired(1_800)).containsExactly(2L);
    }

    @Test
    void a_closed_session_never_expires() {
        leases.open(session(1), 0);
        leases.close(1);

        assertThat(expired(9_000)).isEmpty();
    }

    @Test
    void attaching_again_begins_anew_and_leaves_no_second_session() {
        leases.open(session(1), 0);
        leases.open(session(1), 900);

        assertThat(expired(1_500)).isEmpty();
        assertThat(expired(2_100)).containsExactly(1L);
    }

    @Test
    @Covers("1.6.7")
    void a_new_leader_gives_every_session_a_full_timeout() {
        leases.open(session(1), 0);
        leases.open(session(2), 500);
        leases.renewAll(10_000);

        assertThat(expired(10_999)).isEmpty();
        assertThat(expired(11_100)).containsExactly(1L, 2L);
    }

    @Test
    void on_a_node_that_does_not_lead_no_lease_runs() {
        leases.open(session(1), 0);
        leases.stop();
        leases.open(session(2), 0);
        leases.touch(1, 500);
        assertThat(expired(9_000)).isEmpty();
        assertThat(leases.byEnd()).isEmpty();
        leases.renewAll(10_000);

        assertThat(expired(11_100)).containsExactly(1L, 2L);
    }

    @Test
    void sessions_expire_in_the_order_of_their_ends_and_then_of_their_ids() {
        for (long id = 50; id > 0; id--) {
            leases.open(session(id), id > 25 ? 0 : 300);
        }

        assertThat(expired(5_000))
                .containsExactlyElementsOf(Stream.concat(
                                LongStream.rangeClosed(26, 50).boxed(),
                                LongStream.rangeClosed(1, 25).boxed())
                        .toList());
    }

    @Test
    void a_session_whose_closing_was_decided_in_vain_expires_another_time() {
        leases.open(session(1), 0);
        assertThat(expired(2_000)).containsExactly(1L);
        leases.renewAll(3_000);

        assertThat(expired(4_200)).containsExactly(1L);
    }

    @Test
    void what_is_not_being_closed_any_more_is_due_at_once_unless_it_was_heard_of() {
        leases.open(session(1), 0);
        leases.open(session(2), 0);
        leases.open(session(3), 1_500);
        assertThat(expired(2_000)).containsExactly(1L, 2L);
        leases.reopen(3_000);
        leases.touch(2, 3_000);

        assertThat(expired(3_000)).containsExactlyInAnyOrder(1L, 3L);
        assertThat(expired(4_200)).containsExactly(2L);
    }

    @Test
    void sessions_with_short_timeouts_alone_can_be_renewed() {
        leases.open(session(1), 0);
        leases.renewShort(900, TIMEOUT - 1);
        assertThat(expired(1_100)).containsExactly(1L);
        leases.open(session(2), 0);
        leases.renewShort(900, TIMEOUT);

        assertThat(expired(1_899)).isEmpty();
        assertThat(expired(2_000)).containsExactly(2L);
    }

    @Test
    void a_session_that_was_closed_is_not_renewed() {
        leases.open(session(1), 0);
        expired(2_000);
        leases.close(1);
        leases.renewAll(3_000);

        assertThat(expired(9_000)).isEmpty();
    }
}
