package io.troupe.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.troupe.contract.Shows;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Foreign applications that coordinate themselves by the production client and its recipes, under seeded faults of nodes, applications
 * and the network between them: nothing is believed held by two, tokens grow, nothing acknowledged is lost or done twice, every change
 * is told, and everybody gets everything in the end. How many seeds are run is set by {@code -Dtroupe.sim.recipes}.
 */
class RecipeSimulationTest {
    /** Many short runs see more than few long ones. */
    private static final Duration SHORT = Duration.ofSeconds(20);
    /** As on the command line. */
    private static final Duration USUAL = Duration.ofSeconds(60);

    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final int SEEDS = Integer.getInteger("troupe.sim.recipes", 80);

    private static SeedRange seeds(long first, long count, Duration span) {
        return new SeedRange(first, count, 0, Set.of(), span, RecipeSimulation::run);
    }

    private static void mustHold(Simulation.Outcome outcome, Duration span) {
        if (outcome.failure() != null) {
            fail("seed %d: %s%nreplay: src-test/simulate --recipes --seconds %d --seed %d --trace"
                    .formatted(outcome.seed(), outcome.failure(), span.toSeconds(), outcome.seed()));
        }
    }

    @Test
    @Shows({"S25", "S27"})
    void recipes_hold_what_they_promise_under_every_seed() {
        Totals totals = new Totals();
        AtomicLong operations = new AtomicLong();
        AtomicLong leases = new AtomicLong();
        seeds(1, SEEDS, SHORT).runAll(THREADS, outcome -> {
            totals.add(outcome);
            mustHold(outcome, SHORT);
            operations.addAndGet(outcome.operations());
            leases.addAndGet(outcome.writes());
        });
        assertThat(operations).as("operations").hasValueGreaterThan(100L * SEEDS);
        assertThat(leases).as("leases").hasValueGreaterThan(40L * SEEDS);
        assertThat(totals.faults())
                .containsKeys(
                        FaultKind.KILL_LEADER,
                        FaultKind.APPLICATION_STANDS_STILL,
                        FaultKind.APPLICATION_DIES,
                        FaultKind.APPLICATION_CUT_OFF,
                        FaultKind.APPLICATION_CUT_FROM_NODE,
                        FaultKind.BAD_REMOTING);
    }

    /** One line for each bug that these simulations have found; see {@link RegressionSeeds}. */
    @Test
    void seeds_that_once_found_a_bug_hold() {
        for (long seed : RegressionSeeds.OF_RECIPES.keySet()) {
            for (Duration span : List.of(SHORT, USUAL)) {
                seeds(seed, 1, span).runAll(1, outcome -> mustHold(outcome, span));
            }
        }
    }

    @Test
    void one_seed_is_one_run_whatever_runs_beside_it() {
        Set<Long> alone = new HashSet<>();
        Set<Long> together = new HashSet<>();
        seeds(1, 3, SHORT).runAll(1, outcome -> alone.add(outcome.hash()));
        seeds(1, 3, SHORT).runAll(3, outcome -> together.add(outcome.hash()));
        assertThat(together).hasSize(3).isEqualTo(alone);
    }
}
