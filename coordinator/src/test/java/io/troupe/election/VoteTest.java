package io.troupe.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The order of votes: contract 9.1 and 9.6 item 7. */
class VoteTest {
    @Test
    void a_later_epoch_beats_a_longer_log() {
        assertThat(new Vote(1, 5, 1).beats(new Vote(3, 4, 1000))).isTrue();
        assertThat(new Vote(3, 4, 1000).beats(new Vote(1, 5, 1))).isFalse();
    }

    @Test
    void of_two_logs_in_one_epoch_the_longer_wins_whatever_the_ids() {
        assertThat(new Vote(1, 5, 8).beats(new Vote(3, 5, 7))).isTrue();
    }

    @Test
    void among_equals_the_greatest_id_wins_and_nobody_beats_itself() {
        assertThat(new Vote(3, 5, 7).beats(new Vote(2, 5, 7))).isTrue();
        assertThat(new Vote(3, 5, 7).beats(new Vote(3, 5, 7))).isFalse();
    }

    @Test
    void zxids_beyond_the_sign_bit_are_large_not_negative() {
        assertThat(new Vote(1, 5, 0x8000_0000_0000_0001L).beats(new Vote(2, 5, 0x7fff_ffff_0000_0001L)))
                .isTrue();
    }

    @Test
    void the_order_is_total_so_that_all_nodes_sort_alike() {
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i < 81; i++) {
            votes.add(new Vote(1 + i % 3, i / 27, i / 9 % 3));
        }
        List<Vote> expected = votes.stream().sorted().toList();
        Collections.shuffle(votes, new Random(7));

        assertThat(votes.stream().sorted().toList()).isEqualTo(expected);
    }
}
