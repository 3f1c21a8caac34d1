package io.troupe.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
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
    private static final int SEEDS = Integer.getInteger("troupe.sim.count", 300);

    private static Simulation.Outcome run(long seed) {
        return Simulation.run(SimOptions.of(seed, Seeds.nodes(seed), Trace.quiet()), Seeds.PRODUCTION, SPAN);
    }

    private static void mustHold(Simulation.Outcome outcome) {
        if (outcome.failure() != null) {
            fail("seed %d: %s%nreplay: src-test/simulate --seed %d --trace"
                    .formatted(outcome.seed(), outcome.failure(), outcome.seed()));
        }
    }

    @Test
    void every_invariant_holds_under_every_seed() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Simulation.Outcome outcome = run(seed);
            mustHold(outcome);
            assertThat(outcome.faults()).as("faults of seed %d", seed).isGreaterThanOrEqualTo(10);
            assertThat(outcome.writes()).as("writes of seed %d", seed).isGreaterThan(50);
        }
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
}
