package io.troupe.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.app.console.Happenings.Happening;
import io.troupe.app.console.Happenings.Seen;
import io.troupe.app.console.Happenings.Weight;
import io.troupe.edge.NodeStatus;
import io.troupe.ensemble.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which changes of node 1 are told, and in which words. */
class HappeningsTest {
    private final Happenings happenings = new Happenings();

    private static Seen seen(boolean serving, int leader, long epoch, int sessions) {
        NodeStatus status = new NodeStatus(
                1,
                serving ? Role.FOLLOWING : Role.LOOKING,
                serving ? "following" : "looking",
                serving,
                false,
                epoch,
                leader,
                0,
                0,
                0,
                0,
                0,
                0,
                sessions,
                0,
                0,
                0,
                0,
                0,
                0,
                null);
        return new Seen(status, 0, 0, 0, 0, 0, false);
    }

    private static Seen counts(long expired, long slow, long resets, long refused, long snapshots, boolean full) {
        return new Seen(null, expired, slow, resets, refused, snapshots, full);
    }

    private List<String> told() {
        return happenings.after(0).stream().map(Happening::text).toList();
    }

    @Test
    void what_was_there_at_first_is_no_news() {
        happenings.look(1, seen(true, 2, 5, 3));
        happenings.look(2, seen(true, 2, 5, 3));

        assertThat(told()).isEmpty();
    }

    @Test
    void a_lost_leader_and_the_next_one_are_told() {
        happenings.look(1, seen(true, 3, 5, 0));
        happenings.look(2, seen(false, 0, 5, 0));
        happenings.look(3, seen(true, 2, 6, 0));

        assertThat(told())
                .containsExactly(
                        "This node lets its clients wait: it is looking",
                        "This node serves clients: it follows node 2, epoch 6");
        assertThat(happenings.after(0).get(0).weight()).isEqualTo(Weight.BAD);
    }

    @Test
    void a_leader_that_changes_unseen_between_two_looks_is_told() {
        happenings.look(1, seen(true, 3, 5, 0));
        happenings.look(2, seen(true, 2, 6, 0));

        assertThat(told()).containsExactly("Node 2 leads, epoch 6");
    }

    @Test
    void sessions_that_come_and_go_are_counted() {
        happenings.look(1, seen(true, 3, 5, 4));
        happenings.look(2, seen(true, 3, 5, 5));
        happenings.look(3, seen(true, 3, 5, 3));

        assertThat(told()).containsExactly("1 session more, 5 in all", "2 sessions fewer, 3 in all");
    }

    @Test
    void troubles_are_told_once_each() {
        happenings.look(1, counts(0, 0, 0, 0, 0, false));
        happenings.look(2, counts(2, 1, 1, 3, 1, true));
        happenings.look(3, counts(2, 1, 1, 3, 1, true));

        assertThat(told()).hasSize(6).anyMatch(text -> text.startsWith("2 sessions expired"));
        happenings.look(4, counts(2, 1, 1, 3, 1, false));
        assertThat(told()).hasSize(7).contains("There is room on the disk again");
    }

    @Test
    void numbers_go_on_when_the_oldest_are_forgotten() {
        for (int i = 0; i < 250; i++) {
            happenings.add(i, Weight.INFO, "node", "text");
        }

        assertThat(happenings.after(0)).hasSize(200);
        assertThat(happenings.after(248).stream().map(Happening::id)).containsExactly(249L, 250L);
        assertThat(happenings.last()).isEqualTo(250);
    }
}
