package io.troupe.broadcast.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Shows;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfirmRoundsTest {
    private final ConfirmRounds<String> rounds = new ConfirmRounds<>();

    @Test
    void beginsARoundForTheFirstQuestion() {
        assertThat(rounds.ask("a")).isTrue();
        assertThat(rounds.underWay()).isFalse();

        rounds.begin();

        assertThat(rounds.underWay()).isTrue();
        assertThat(rounds.hasWaiting()).isFalse();
    }

    @Test
    void letsQuestionsThatComeDuringARoundWaitForTheNext() {
        rounds.ask("a");
        rounds.begin();

        assertThat(rounds.ask("b")).isFalse();
        assertThat(rounds.ask("c")).isFalse();
        assertThat(rounds.end()).containsExactly("a");
        assertThat(rounds.hasWaiting()).isTrue();
        rounds.begin();

        assertThat(rounds.end()).containsExactly("b", "c");
    }

    @Test
    void countsConfirmationsOfTheRoundUnderWay() {
        rounds.ask("a");
        long round = rounds.begin();

        rounds.confirm(round, 2, 102);
        rounds.confirm(round, 3, 103);
        rounds.confirm(round, 3, 103);

        assertThat(rounds.confirmed()).isEqualTo(Map.of(2, 102L, 3, 103L));
    }

    @Test
    @Shows("S21")
    void doesNotCountConfirmationsOfAnEarlierRound() {
        rounds.ask("a");
        long first = rounds.begin();
        rounds.confirm(first, 2, 102);
        rounds.end();
        rounds.ask("b");
        long second = rounds.begin();

        rounds.confirm(first, 3, 103);

        assertThat(second).isGreaterThan(first);
        assertThat(rounds.round()).isEqualTo(second);
        assertThat(rounds.confirmed()).isEmpty();
    }

    @Test
    void doesNotCountConfirmationsThatComeWhenTheRoundHasEnded() {
        rounds.ask("a");
        long round = rounds.begin();
        rounds.end();

        rounds.confirm(round, 2, 102);

        assertThat(rounds.confirmed()).isEmpty();
        assertThat(rounds.underWay()).isFalse();
    }
}
