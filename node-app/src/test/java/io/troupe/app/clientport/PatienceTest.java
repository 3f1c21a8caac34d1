package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {
    private final TestClock clock = new TestClock();
    private final Patience patience = new Patience(clock, 60_000);

    /** In seconds. */
    @ParameterizedTest
    @CsvSource({"GREETING, 60", "OPENING, 90", "OPEN, 90", "UPGRADING, 90", "LEAVING, 90"})
    void everyPhaseHasItsLimit(ConnectionPhase phase, int seconds) {
        patience.sessionTimeout(90_000);
        clock.advance(Duration.ofSeconds(seconds));
        assertThat(patience.isOver(phase)).isFalse();
        clock.advance(Duration.ofMillis(1));

        assertThat(patience.isOver(phase)).isTrue();
    }

    @Test
    void aSignOfLifeBeginsItAnew() {
        patience.sessionTimeout(90_000);
        clock.advance(Duration.ofSeconds(80));
        patience.renew();
        clock.advance(Duration.ofSeconds(80));

        assertThat(patience.isOver(ConnectionPhase.OPEN)).isFalse();
        assertThat(patience.endsAtMillis(ConnectionPhase.OPEN)).isEqualTo(clock.wallMillis() + 10_000);
    }

    @Test
    void nothingIsExpectedOfAClosedConnection() {
        clock.advance(Duration.ofDays(1));

        assertThat(EnumSet.allOf(ConnectionPhase.class).stream().filter(phase -> !patience.isOver(phase)))
                .containsExactly(ConnectionPhase.CLOSED);
    }

    @Test
    void whatWasMissedIsNamed() {
        patience.sessionTimeout(90_000);
        clock.advance(Duration.ofSeconds(95));

        assertThat(patience.reproach(ConnectionPhase.GREETING)).isEqualTo("sent no handshake within 60000 ms");
        assertThat(patience.reproach(ConnectionPhase.OPENING)).contains("was silent for 95", "being opened");
        assertThat(patience.reproach(ConnectionPhase.UPGRADING)).contains("being opened");
        assertThat(patience.reproach(ConnectionPhase.LEAVING)).contains("being closed");
        assertThat(patience.reproach(ConnectionPhase.OPEN)).contains("longer than its session timeout");
        assertThat(patience.reproach(ConnectionPhase.ENDING)).isEqualTo("did not take its last bytes within 5000 ms");
    }
}
