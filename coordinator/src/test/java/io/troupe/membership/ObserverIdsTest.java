package io.troupe.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.ensemble.Member;
import io.troupe.ensemble.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which ids nodes that join are offered. */
class ObserverIdsTest {
    private static final Set<Integer> NOBODY = Set.of();

    private final ObserverIds ids = new ObserverIds();

    private static Membership listing(int... nodes) {
        return new Membership(
                "e", 0, IntStream.of(nodes).mapToObj(ObserverIdsTest::member).toList(), null);
    }

    private static Member member(int node) {
        return new Member(node, "h" + node, 1, "h" + node, 2181, node);
    }

    private int offer(String host, Membership members) {
        return ids.offer(host, 1, members, NOBODY).orElse(0);
    }

    @Test
    void ids_above_all_that_are_known_come_first() {
        assertThat(offer("a", listing(1, 7))).isEqualTo(8);
        assertThat(offer("b", listing(1, 7))).isEqualTo(9);
        assertThat(ids.offer("c", 1, listing(1, 7), Set.of(20)).orElseThrow()).isEqualTo(21);
    }

    @Test
    void a_place_that_is_listed_gets_its_id_back_and_one_that_was_offered_one_gets_the_same() {
        assertThat(offer("H7", listing(1, 7))).isEqualTo(7);
        assertThat(offer("a", listing(1))).isEqualTo(2);
        assertThat(offer("a", listing(1))).isEqualTo(2);
        assertThat(ids.offer("a", 2, listing(1), NOBODY).orElseThrow()).isEqualTo(3);
    }

    @Test
    void an_offer_that_another_was_listed_with_meanwhile_is_replaced() {
        assertThat(offer("a", listing(1))).isEqualTo(2);
        assertThat(offer("a", listing(1, 2))).isEqualTo(3);
    }

    @Test
    void an_id_under_which_an_unlisted_node_runs_is_not_offered() {
        ids.inUse("left", 1, 5);

        assertThat(offer("a", listing(1))).isEqualTo(6);
        assertThat(offer("left", listing(1))).isEqualTo(5);
    }

    @Test
    void when_there_is_none_above_the_gaps_are_filled_and_then_the_oldest_offer_is_void() {
        int[] most =
                IntStream.rangeClosed(1, 254).filter(id -> id != 3 && id != 9).toArray();
        assertThat(offer("a", listing(most))).isEqualTo(3);
        assertThat(offer("b", listing(most))).isEqualTo(9);
        assertThat(offer("c", listing(most))).isEqualTo(3);
        assertThat(offer("a", listing(most))).isEqualTo(9);
    }

    @Test
    void there_may_be_none_left() {
        List<Member> all = new ArrayList<>();
        IntStream.rangeClosed(1, 254).mapToObj(ObserverIdsTest::member).forEach(all::add);

        assertThat(offer("a", new Membership("e", 0, all, null))).isZero();
    }
}
