package io.troupe.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.app.console.History.Sample;
import io.troupe.app.console.History.Totals;
import org.junit.jupiter.api.Test;

/** What counts become in each second. */
class HistoryTest {
    private static final long SECOND = 1_000_000_000L;

    private final History history = new History();

    private static Totals totals(long second, long count, long time, long zxid) {
        return new Totals(second * SECOND, second * 1_000, count, time, 2 * count, 4 * time, count, time, zxid, 3, 5);
    }

    private Sample latest() {
        return history.latest().orElseThrow();
    }

    @Test
    void the_first_look_is_no_second() {
        history.add(totals(1, 10, 20, 5));

        assertThat(history.samples()).isEmpty();
    }

    @Test
    void rates_and_means_are_those_of_the_time_between() {
        history.add(totals(1, 10, 20, 5));
        history.add(totals(3, 30, 80, 25));

        assertThat(latest()).isEqualTo(new Sample(3_000, 10, 3.0, 20, 6.0, 10, 3.0, 10, 3, 5));
    }

    @Test
    void without_requests_there_is_no_time_that_they_took() {
        history.add(totals(1, 10, 20, 5));
        history.add(totals(2, 10, 20, 5));

        assertThat(latest().reads()).isZero();
        assertThat(latest().readMillis()).isNull();
        assertThat(latest().fsyncMillis()).isNull();
    }

    @Test
    void counts_that_were_reset_and_new_epochs_are_no_work() {
        history.add(totals(1, 10, 20, 5));
        history.add(totals(2, 0, 0, 1L << Integer.SIZE));

        assertThat(latest().reads()).isZero();
        assertThat(latest().changes()).isZero();
    }

    @Test
    void the_oldest_seconds_are_forgotten() {
        for (int second = 0; second <= History.MOST_SAMPLES + 1; second++) {
            history.add(totals(second, second, 0, 0));
        }

        assertThat(history.samples()).hasSize(History.MOST_SAMPLES);
        assertThat(history.samples().get(0).atMillis()).isEqualTo(2_000);
    }
}
