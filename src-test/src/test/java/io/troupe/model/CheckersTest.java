package io.troupe.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.model.RegisterOperation.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Small histories of one register, each legal or illegal for one reason. */
class CheckersTest {
    private static final long NEVER = Long.MAX_VALUE;

    private final History history = new History();

    private void did(long session, Kind kind, long invoked, long ended, String value, int version) {
        did(session, kind, invoked, ended, value, version, -1);
    }

    private void refused(long session, long invoked, long ended, String value, int unmet) {
        did(session, Kind.REFUSED_WRITE, invoked, ended, value, -1, unmet);
    }

    private void did(long session, Kind kind, long invoked, long ended, String value, int version, int unmet) {
        long zxid = version < 0 ? -1 : 100 + version;
        history.add(
                new RegisterOperation("c" + session, session, kind, "/r", invoked, ended, value, version, zxid, unmet));
    }

    private Optional<String> linearizable() {
        return LinearizabilityChecker.contradiction(history);
    }

    private Optional<String> ordered() {
        return SessionOrderChecker.contradiction(history);
    }

    @Test
    void concurrent_writes_may_take_effect_in_either_order() {
        did(1, Kind.WRITE, 0, 10, "a", 2);
        did(2, Kind.WRITE, 5, 15, "b", 1);
        did(3, Kind.SYNC_READ, 20, 25, "a", 2);
        assertThat(linearizable()).isEmpty();
        assertThat(ordered()).isEmpty();
    }

    @Test
    void a_write_that_began_after_another_ended_comes_later() {
        did(1, Kind.WRITE, 0, 10, "a", 2);
        did(2, Kind.WRITE, 11, 15, "b", 1);
        assertThat(linearizable()).get().asString().contains("took effect before");
        assertThat(ordered()).get().asString().contains("later zxid");
    }

    @Test
    void a_synced_read_sees_what_had_ended_but_a_plain_read_need_not() {
        did(1, Kind.WRITE, 0, 10, "a", 1);
        did(2, Kind.READ, 20, 21, "", 0);
        assertThat(linearizable()).isEmpty();
        did(3, Kind.SYNC_READ, 30, 31, "", 0);
        assertThat(linearizable()).get().asString().contains("took effect before");
    }

    @Test
    void a_write_of_unknown_outcome_may_appear_late_but_only_once() {
        did(1, Kind.MAYBE_WRITE, 0, NEVER, "a", -1);
        did(2, Kind.WRITE, 20, 30, "b", 1);
        did(2, Kind.READ, 40, 41, "a", 2);
        assertThat(linearizable()).isEmpty();
        did(3, Kind.READ, 50, 51, "a", 3);
        assertThat(linearizable()).get().asString().contains("executed twice");
    }

    @Test
    void nothing_is_read_that_was_refused_not_yet_written_or_never_written() {
        did(1, Kind.REFUSED_WRITE, 0, 10, "a", -1);
        did(2, Kind.READ, 11, 12, "a", 1);
        assertThat(linearizable()).get().asString().contains("refused");
    }

    @Test
    void a_condition_is_not_called_unmet_while_it_is_met() {
        did(1, Kind.WRITE, 0, 10, "a", 1);
        refused(2, 11, 20, "x", 1);
        assertThat(linearizable()).as("what came behind it is not known").isEmpty();
        did(1, Kind.SYNC_READ, 21, 30, "a", 1);
        assertThat(linearizable()).get().asString().contains("refused though its condition was met");
    }

    @Test
    void a_condition_may_be_unmet_while_a_write_is_under_way() {
        did(1, Kind.WRITE, 0, 10, "a", 1);
        refused(2, 11, 20, "x", 1);
        did(1, Kind.WRITE, 19, 30, "b", 2);
        did(1, Kind.WRITE, 31, 40, "c", 3);
        assertThat(linearizable()).isEmpty();
    }

    @Test
    void a_condition_is_met_until_the_next_write_begins() {
        did(1, Kind.WRITE, 0, 10, "a", 1);
        refused(2, 11, 20, "x", 1);
        did(1, Kind.WRITE, 21, 30, "b", 2);
        assertThat(linearizable()).get().asString().contains("refused though its condition was met");
    }

    @Test
    void nothing_is_read_before_it_is_written() {
        did(2, Kind.READ, 1, 2, "a", 1);
        did(1, Kind.WRITE, 5, 10, "a", 1);
        assertThat(linearizable()).get().asString().contains("before it was written");
    }

    @Test
    void two_writes_never_make_one_version() {
        did(1, Kind.WRITE, 0, 10, "a", 1);
        did(2, Kind.WRITE, 0, 10, "b", 1);
        assertThat(linearizable()).get().asString().contains("one version, two writes");
    }

    @Test
    void a_session_never_goes_back_but_two_sessions_may_see_different_states() {
        did(1, Kind.READ, 0, 1, "b", 2);
        did(2, Kind.READ, 2, 3, "a", 1);
        assertThat(ordered()).isEmpty();
        did(1, Kind.READ, 4, 5, "a", 1);
        assertThat(ordered()).get().asString().contains("went back");
    }
}
