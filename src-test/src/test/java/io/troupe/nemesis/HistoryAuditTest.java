package io.troupe.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.model.History;
import io.troupe.model.RegisterOperation;
import io.troupe.model.RegisterOperation.Kind;
import io.troupe.nemesis.Creation.Outcome;
import io.troupe.nemesis.FinalState.Register;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One correct window, and what the audit says of it once one thing in it is made wrong. */
class HistoryAuditTest {
    private static final String REGISTER = "/w/r";

    private final List<RegisterOperation> operations = new ArrayList<>(List.of(
            operation(1, Kind.WRITE, 0, 10, "a", 1),
            operation(2, Kind.READ, 1, 11, "a", 1),
            operation(2, Kind.WRITE, 12, 20, "b", 2),
            operation(1, Kind.SYNC_READ, 21, 30, "b", 2),
            operation(1, Kind.READ, 31, 32, "b", 2),
            operation(3, Kind.REFUSED_WRITE, 30, 35, "x", -1),
            operation(3, Kind.MAYBE_WRITE, 40, Long.MAX_VALUE, "c", -1),
            operation(3, Kind.SYNC_READ, 60, 61, "c", 3)));
    private final List<Creation> creations = new ArrayList<>(
            List.of(created("one", 0, 0, 5), created("two", 1, 6, 9), created("three", 2, 7, 12), maybe("four")));
    private final Map<String, Register> registers = new HashMap<>(Map.of(REGISTER, new Register("c", 3, 103)));
    private final Map<String, String> nodes =
            new HashMap<>(Map.of(path(0), "one", path(1), "two", path(2), "three", path(3), "four"));

    private static RegisterOperation operation(
            long session, Kind kind, long invoked, long ended, String value, int version) {
        return new RegisterOperation(
                "c" + session,
                session,
                kind,
                REGISTER,
                invoked,
                ended,
                value,
                version,
                version < 0 ? -1 : 100 + version,
                -1);
    }

    private static Creation created(String value, int number, long invoked, long ended) {
        return new Creation("c", Outcome.ACKNOWLEDGED, value, path(number), invoked, ended);
    }

    private static Creation maybe(String value) {
        return new Creation("c", Outcome.UNKNOWN, value, null, 20, Long.MAX_VALUE);
    }

    private static String path(int number) {
        return "/w/seq/n-%010d".formatted(number);
    }

    private Verdict verdict() {
        var history = new History();
        operations.forEach(history::add);
        return HistoryAudit.of(history, creations, new FinalState(registers, nodes));
    }

    private void finds(String count, String words) {
        assertThat(verdict().text()).containsPattern("(?m)^" + count + " +[1-9]");
        assertThat(verdict().findings())
                .anySatisfy(finding -> assertThat(finding).contains(words));
    }

    @Test
    void nothing_is_wrong_with_a_correct_window() {
        assertThat(verdict().findings()).isEmpty();
        assertThat(verdict().isClean()).isTrue();
        assertThat(verdict().text())
                .containsPattern("operations with an answer +10\n")
                .containsPattern("writes acknowledged +5\n")
                .containsPattern("unknown +2\n");
    }

    @Test
    void an_acknowledged_write_that_finally_is_not_there_is_lost() {
        registers.put(REGISTER, new Register("a", 1, 101));
        finds("lost", "finally there is only version 1");
    }

    @Test
    void an_acknowledged_write_whose_version_another_has_is_lost() {
        operations.set(2, operation(2, Kind.WRITE, 12, 20, "lost", 2));
        finds("lost", "holds 'lost'");
    }

    @Test
    void a_register_that_is_gone_is_lost() {
        registers.clear();
        finds("lost", "is gone");
    }

    @Test
    void an_acknowledged_creation_without_a_node_is_lost() {
        nodes.remove(path(1));
        finds("lost", "but there is nothing");
        finds("other contradictions", "there is no number 1");
    }

    @Test
    void an_acknowledged_creation_whose_node_is_anothers_is_lost() {
        nodes.put(path(1), "four");
        finds("lost", "but there is four");
    }

    @Test
    void a_write_with_two_versions_is_duplicated() {
        registers.put(REGISTER, new Register("c", 4, 104));
        finds("duplicated", "is version 4 too");
    }

    @Test
    void a_creation_with_two_nodes_is_duplicated() {
        nodes.put(path(4), "four");
        finds("duplicated", "'four' at");
    }

    @Test
    void a_synced_read_without_what_was_known_before_is_stale() {
        operations.set(3, operation(4, Kind.SYNC_READ, 21, 30, "a", 1));
        finds("stale after sync", "though version 2 was known");
    }

    @Test
    void a_plain_read_may_lag_but_not_behind_its_own_session() {
        operations.set(4, operation(5, Kind.READ, 31, 32, "a", 1));
        assertThat(verdict().isClean()).isTrue();
        operations.set(4, operation(1, Kind.READ, 31, 32, "a", 1));
        finds("plain reads behind their own session", "session 1");
    }

    @Test
    void a_sessions_own_write_is_among_what_it_reads() {
        operations.add(3, operation(2, Kind.READ, 22, 23, "a", 1));
        finds("plain reads behind their own session", "session 2");
    }

    @Test
    void a_refused_write_that_is_read_was_executed() {
        operations.add(operation(4, Kind.READ, 50, 51, "x", 3));
        operations.set(6, operation(3, Kind.MAYBE_WRITE, 40, Long.MAX_VALUE, "other", -1));
        operations.remove(7);
        registers.put(REGISTER, new Register("x", 3, 103));
        finds("other contradictions", "refused, yet executed");
    }

    @Test
    void a_refused_creation_that_has_a_node_was_executed() {
        creations.set(3, new Creation("c", Outcome.REFUSED, "four", null, 20, 25));
        finds("other contradictions", "refused, yet executed");
    }

    @Test
    void a_node_that_nobody_created_is_found() {
        creations.remove(3);
        finds("other contradictions", "nobody's: 'four'");
    }

    @Test
    void a_later_creation_with_a_smaller_number_is_found() {
        creations.set(0, created("one", 1, 0, 5));
        creations.set(1, created("two", 0, 6, 9));
        nodes.put(path(0), "two");
        nodes.put(path(1), "one");
        finds("other contradictions", "out of order");
    }

    @Test
    void what_only_the_checkers_find_counts_too() {
        operations.set(0, operation(1, Kind.WRITE, 0, 10, "a", 2));
        operations.set(1, operation(2, Kind.READ, 1, 21, "b", 1));
        operations.set(2, operation(2, Kind.WRITE, 12, 20, "b", 1));
        operations.subList(3, 5).clear();
        finds("other contradictions", "took effect before");
    }
}
