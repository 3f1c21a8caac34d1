package io.troupe.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.app.console.LockQueues.Entry;
import io.troupe.app.console.LockQueues.Queue;
import io.troupe.edge.TreeReport.SessionReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which ephemerals are taken for a queue, and who is said to hold what. */
class LockQueuesTest {
    private final List<SessionReport> sessions = new ArrayList<>();

    private void session(long id, String... ephemerals) {
        sessions.add(new SessionReport(id, 10_000, Arrays.asList(ephemerals), false));
    }

    private List<Queue> queues() {
        return LockQueues.of(sessions);
    }

    private static List<Boolean> holds(Queue queue) {
        return queue.entries().stream().map(Entry::holds).toList();
    }

    @Test
    void the_lowest_number_holds_whatever_stands_before_it() {
        session(1, "/locks/a/_c_f00d-lock-0000000007");
        session(2, "/locks/a/_c_beef-lock-0000000003");

        assertThat(queues()).singleElement().satisfies(queue -> {
            assertThat(queue.path()).isEqualTo("/locks/a");
            assertThat(queue.kind()).isEqualTo("lock");
            assertThat(queue.entries().stream().map(Entry::session)).containsExactly(2L, 1L);
            assertThat(holds(queue)).containsExactly(true, false);
            assertThat(queue.waiting()).isEqualTo(1);
        });
    }

    @Test
    void readers_hold_together_until_a_writer_stands_between() {
        session(
                1,
                "/rw/x-__READ__0000000001",
                "/rw/x-__READ__0000000002",
                "/rw/x-__WRIT__0000000003",
                "/rw/x-__READ__0000000004");

        assertThat(queues()).singleElement().satisfies(queue -> {
            assertThat(queue.kind()).isEqualTo("read-write lock");
            assertThat(holds(queue)).containsExactly(true, true, false, false);
        });
    }

    @Test
    void a_writer_in_front_holds_alone() {
        session(1, "/rw/x-__WRIT__0000000001", "/rw/x-__READ__0000000002");

        assertThat(holds(queues().get(0))).containsExactly(true, false);
    }

    @Test
    void names_without_a_number_are_no_queue() {
        session(1, "/services/host-4", "/services/host-17", "/build-2026");

        assertThat(queues()).isEmpty();
    }

    @Test
    void the_longest_queue_comes_first_and_kinds_are_guessed() {
        session(1, "/elect/latch-0000000001", "/sema/lease-0000000001", "/other/m-0000000001", "/0000000009");
        session(2, "/elect/latch-0000000002");

        assertThat(queues().stream().map(queue -> queue.path() + " " + queue.kind()))
                .containsExactly("/elect election", "/ sequence", "/other sequence", "/sema semaphore");
    }
}
