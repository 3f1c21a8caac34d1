package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.troupe.app.clientport.Episodes.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** However many connections go wrong, the log stays short. */
class EpisodesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();
    private final Episodes episodes = new Episodes(clock);
    private final Logger logger = (Logger) LoggerFactory.getLogger(ClientPort.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    private List<String> lines() {
        List<String> lines =
                log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        log.list.clear();
        return lines;
    }

    private void tell(int times) {
        for (int i = 0; i < times; i++) {
            episodes.tell(Kind.DROPPED, "/10.0.0." + i, "sent rubbish");
        }
    }

    @Test
    void fewAreToldOneByOne() {
        tell(Episodes.LINES);
        assertThat(lines()).hasSize(Episodes.LINES).contains("client /10.0.0.9: sent rubbish");
        clock.advance(MINUTE);
        episodes.tick();
        assertThat(lines()).isEmpty();
    }

    @Test
    void manyAreCountedUntilThereAreFewAgain() {
        tell(5_000);
        assertThat(lines()).hasSize(Episodes.LINES + 1);
        clock.advance(MINUTE);
        episodes.tick();
        assertThat(lines())
                .singleElement()
                .asString()
                .isEqualTo(
                        "5000 clients were dropped for what they sent or did not send within a minute, the last of them"
                                + " /10.0.0.4999: sent rubbish");

        tell(3_000);
        assertThat(lines()).isEmpty();
        clock.advance(MINUTE);
        tell(1);
        assertThat(lines()).singleElement().asString().startsWith("3000 clients were dropped");
        clock.advance(MINUTE);
        episodes.tick();
        assertThat(lines()).singleElement().asString().startsWith("1 clients were dropped");
        tell(1);
        assertThat(lines()).containsExactly("client /10.0.0.0: sent rubbish");
    }

    @Test
    void onesOfAnotherKindAreToldAllTheSame() {
        tell(100);
        lines();
        episodes.tell(Kind.REFUSED, "/10.0.0.1", "refused, there are too many");
        assertThat(lines()).containsExactly("client /10.0.0.1: refused, there are too many");
    }
}
