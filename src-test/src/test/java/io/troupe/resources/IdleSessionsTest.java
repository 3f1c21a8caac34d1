package io.troupe.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.process.Footprint;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ten thousand sessions that do nothing but live. */
class IdleSessionsTest {
    private static final int SESSIONS = Trial.FULL ? 10_000 : 4_500;
    private static final int TIMEOUT = Trial.FULL ? 10_000 : 6_000;
    private static final int HEAP_MEBIBYTES = 256;

    /** Heap of a server for each session of the ensemble, a third of which are connected to it. */
    private static final long BYTES_EACH = 2_500;

    private static final long LEFT_BYTES = 8 << 20;

    /** Short of what would make a client give up its connection, on a host that is busy with other things. */
    private static final int SLOWEST_MILLIS = 8_000;

    @Test
    void theyCostLittleAndGoWithoutATrace() throws Exception {
        try (Trial trial = Trial.start(HEAP_MEBIBYTES);
                Crowd crowd = new Crowd(trial.ensemble())) {
            List<Footprint> before = trial.footprints("before");
            trial.bystandersBeginAnew();
            crowd.join(SESSIONS, TIMEOUT);
            await().atMost(Trial.PATIENCE).until(() -> crowd.open() == SESSIONS);

            await("longer than their timeout")
                    .pollDelay(Duration.ofMillis(TIMEOUT * 3L / 2))
                    .atMost(Trial.PATIENCE)
                    .until(() -> true);
            assertThat(crowd.open()).isEqualTo(SESSIONS);
            List<Footprint> during = trial.footprints("during");
            for (int i = 0; i < during.size(); i++) {
                assertThat(during.get(i).sessions())
                        .isEqualTo(SESSIONS + before.get(i).sessions());
                assertThat(during.get(i).heapBytes() - before.get(i).heapBytes())
                        .isLessThan(SESSIONS * BYTES_EACH);
            }

            long sessions = before.get(0).sessions();
            crowd.vanish();
            List<Footprint> after = trial.footprints("after", print -> print.sessions() == sessions);
            for (int i = 0; i < after.size(); i++) {
                assertThat(after.get(i).heapBytes()).isLessThan(before.get(i).heapBytes() + LEFT_BYTES);
                assertThat(after.get(i).descriptors()).isLessThan(before.get(i).descriptors() + 10);
            }
            trial.assertUndisturbed(SLOWEST_MILLIS);
        }
    }
}
