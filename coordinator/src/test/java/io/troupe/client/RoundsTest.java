package io.troupe.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private final Rounds rounds = new Rounds(SessionSettings.DEFAULT);

    private static Duration millis(int millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void allAreAskedBeforeThereIsAPauseAndBothGrow() {
        assertThat(rounds.ask()).isEqualTo(Duration.ofSeconds(2));
        assertThat(rounds.pause(2)).isEmpty();
        rounds.ask();
        assertThat(rounds.pause(2)).contains(millis(50));
        assertThat(rounds.ask()).isEqualTo(Duration.ofSeconds(4));
        assertThat(rounds.pause(1)).contains(millis(100));
        for (int i = 0; i < 10; i++) {
            rounds.ask();
            rounds.pause(1);
        }
        assertThat(rounds.ask()).isEqualTo(SessionSettings.DEFAULT.timeout());
        assertThat(rounds.pause(1)).contains(SessionSettings.DEFAULT.mostBackoff());

        rounds.found();

        assertThat(rounds.ask()).isEqualTo(Duration.ofSeconds(2));
        assertThat(rounds.pause(1)).contains(millis(50));
    }
}
