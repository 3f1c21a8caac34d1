package io.troupe.overview;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.env.HandClock;
import io.troupe.overview.ElectionRecord.Election;
import io.troupe.overview.ElectionRecord.Vote;
import org.junit.jupiter.api.Test;

/** What is remembered of elections, and how much at most. */
class ElectionRecordTest {
    private final HandClock clock = new HandClock();
    private final ElectionRecord record = new ElectionRecord(clock);

    private Election latest() {
        return record.latestFirst().get(0);
    }

    @Test
    void an_election_is_told_from_its_cause_to_its_leader() {
        long began = clock.wallMillis();
        record.began("lost the leader");
        record.vote(1, 1, 4, 10, 1, false);
        clock.pass(5);
        record.vote(2, 2, 4, 10, 1, false);
        record.ended(2, "all have spoken");
        clock.pass(7);
        record.established(2, 5);

        assertThat(latest().beganMillis()).isEqualTo(began);
        assertThat(latest().cause()).isEqualTo("lost the leader");
        assertThat(latest().votes())
                .containsExactly(new Vote(began, 1, 1, 4, 10, 1, false), new Vote(began + 5, 2, 2, 4, 10, 1, false));
        assertThat(latest().end()).isEqualTo(new ElectionRecord.End(began + 5, 2, "all have spoken"));
        assertThat(latest().established()).isEqualTo(new ElectionRecord.Established(began + 12, 2, 5));
    }

    @Test
    void a_vote_that_is_sent_again_is_one_vote() {
        record.began("it starts");
        record.vote(1, 3, 4, 10, 1, false);
        long changes = record.changes();
        clock.pass(100);
        record.vote(1, 3, 4, 10, 1, false);

        assertThat(latest().votes()).hasSize(1);
        assertThat(record.changes()).isEqualTo(changes);
    }

    @Test
    void a_vote_that_changes_and_changes_back_is_three() {
        record.began("it starts");
        record.vote(1, 3, 4, 10, 1, false);
        record.vote(1, 2, 4, 10, 1, false);
        record.vote(1, 3, 4, 10, 1, false);

        assertThat(latest().votes()).extracting(Vote::candidate).containsExactly(3, 2, 3);
    }

    @Test
    void votes_without_an_election_and_behind_its_end_are_not_kept() {
        record.vote(1, 3, 4, 10, 1, false);
        assertThat(record.latestFirst()).isEmpty();

        record.began("it starts");
        record.ended(3, "a quorum already follows it");
        record.vote(1, 3, 4, 10, 1, false);
        assertThat(latest().votes()).isEmpty();
    }

    @Test
    void the_oldest_elections_are_forgotten_and_the_latest_come_first() {
        for (int i = 1; i <= ElectionRecord.MOST_ELECTIONS + 3; i++) {
            record.began("cause " + i);
        }

        assertThat(record.latestFirst()).hasSize(ElectionRecord.MOST_ELECTIONS);
        assertThat(latest().number()).isEqualTo(ElectionRecord.MOST_ELECTIONS + 3);
        assertThat(record.latestFirst().get(ElectionRecord.MOST_ELECTIONS - 1).cause())
                .isEqualTo("cause 4");
    }

    @Test
    void of_many_votes_the_latest_are_counted_alone() {
        record.began("it starts");
        for (int i = 0; i < ElectionRecord.MOST_VOTES + 2; i++) {
            record.vote(1, 1 + i % 2, 4, i, 1, false);
        }

        assertThat(latest().votes()).hasSize(ElectionRecord.MOST_VOTES);
        assertThat(latest().votesLeftOut()).isEqualTo(2);
    }

    @Test
    void what_comes_of_one_election_is_noted_once() {
        record.began("it starts");
        record.established(1, 1);
        assertThat(latest().established()).isNull();

        record.ended(2, "all have spoken");
        record.established(2, 5);
        record.established(2, 6);
        assertThat(latest().established())
                .isNotNull()
                .satisfies(since -> assertThat(since.epoch()).isEqualTo(5));
    }
}
