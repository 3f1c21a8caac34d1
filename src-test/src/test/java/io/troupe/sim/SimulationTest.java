package io.troupe.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The real actors under seeded faults. A failure names its seed, its reason and the command that replays it. How many
 * seeds are run is set by {@code -Dtroupe.sim.count}; where they begin, by {@code -Dtroupe.sim.seed}.
 */
class SimulationTest {
    private static final Duration SPAN = Duration.ofSeconds(60);
    private static final long FIRST_SEED = Long.getLong("troupe.sim.seed", 1);
    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final int SEEDS = Integer.getInteger("troupe.sim.count", 2_000);

    private static Simulation.Outcome run(long seed) {
        return new SeedRange(seed, 1, 0, Set.of(), SPAN).run(seed, Trace.quiet());
    }

    private static void mustHold(Simulation.Outcome outcome) {
        if (outcome.failure() != null) {
            fail("seed %d: %s%nreplay: src-test/simulate --seed %d --trace"
                    .formatted(outcome.seed(), outcome.failure(), outcome.seed()));
        }
    }

    @Test
    void every_invariant_holds_under_every_seed() {
        Totals totals = new Totals();
        new SeedRange(FIRST_SEED, SEEDS, 0, Set.of(), SPAN).runAll(THREADS, outcome -> {
            totals.add(outcome);
            mustHold(outcome);
            assertThat(faults(outcome)).as("faults of seed %d", outcome.seed()).isGreaterThanOrEqualTo(10);
            assertThat(outcome.operations())
                    .as("operations of seed %d", outcome.seed())
                    .isGreaterThanOrEqualTo(200);
            assertThat(outcome.simulatedMillis()).isGreaterThanOrEqualTo(SPAN.toMillis());
        });
        assertThat(totals.faults())
                .as("kinds of faults")
                .containsOnlyKeys(Arrays.stream(FaultKind.values())
                        .filter(FaultKind::ofEveryRun)
                        .toArray(FaultKind[]::new));
    }

    private static int faults(Simulation.Outcome outcome) {
        return outcome.faults().values().stream().mapToInt(Integer::intValue).sum();
    }

    /** One line for each bug that simulation has found; see {@link RegressionSeeds}. */
    @Test
    void seeds_that_once_found_a_bug_hold() {
        RegressionSeeds.SEEDS.keySet().forEach(seed -> mustHold(run(seed)));
    }

    @Test
    void one_seed_is_one_run() {
        Set<Long> hashes = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            hashes.add(run(FIRST_SEED).hash());
        }
        assertThat(hashes).hasSize(1);
    }

    @Test
    void worlds_side_by_side_do_what_they_do_alone() {
        Set<Long> alone = new HashSet<>();
        Set<Long> together = new HashSet<>();
        SeedRange seeds = new SeedRange(FIRST_SEED, 8, 0, Set.of(), SPAN);
        seeds.runAll(1, outcome -> alone.add(outcome.hash()));
        seeds.runAll(4, outcome -> together.add(outcome.hash()));
        assertThat(together).hasSize(8).isEqualTo(alone);
    }
}
