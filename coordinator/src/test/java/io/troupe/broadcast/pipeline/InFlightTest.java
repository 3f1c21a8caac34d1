package io.troupe.broadcast.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.ensemble.Zxid;
import io.troupe.env.Clock;
import io.troupe.request.Batch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private long nowMillis = 5_000;
    private final InFlight inFlight = new InFlight(new Clock() {
        @Override
        public long monotonicNanos() {
            return TimeUnit.MILLISECONDS.toNanos(nowMillis);
        }

        @Override
        public long wallMillis() {
            throw new AssertionError("the time of day may jump");
        }

        @Override
        public void alarm(long nanos, Runnable task) {
            throw new AssertionError("arithmetic waits for nothing");
        }
    });
    private final Batch first = Sections.batch(0, Zxid.of(1, 1), 1);
    private final Batch second = Sections.batch(Zxid.of(1, 1), Zxid.of(1, 2), 3);

    @Test
    void givesBatchesBackInTheOrderInWhichTheyWereProposed() {
        inFlight.add(first);
        inFlight.add(second);

        assertThat(inFlight.first()).isSameAs(first);
        assertThat(inFlight.removeFirst()).isSameAs(first);
        assertThat(inFlight.removeFirst()).isSameAs(second);
        assertThat(inFlight.isEmpty()).isTrue();
    }

    @Test
    void countsBatchesAndBytes() {
        inFlight.add(first);
        inFlight.add(second);
        assertThat(inFlight.batches()).isEqualTo(2);
        assertThat(inFlight.bytes()).isEqualTo(first.image().length + second.image().length);

        inFlight.removeFirst();

        assertThat(inFlight.batches()).isEqualTo(1);
        assertThat(inFlight.bytes()).isEqualTo(second.image().length);
    }

    @Test
    void tellsTheAgeOfTheOldest() {
        assertThat(inFlight.oldestAgeMillis()).isZero();
        inFlight.add(first);
        nowMillis += 30;
        inFlight.add(second);
        nowMillis += 12;
        assertThat(inFlight.oldestAgeMillis()).isEqualTo(42);

        inFlight.removeFirst();

        assertThat(inFlight.oldestAgeMillis()).isEqualTo(12);
    }
}
