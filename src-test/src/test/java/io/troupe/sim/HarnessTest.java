package io.troupe.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulator's judges, on a coordinator that is right but for one planted bug. */
class HarnessTest {
    private static final Duration SPAN = Duration.ofSeconds(30);

    private static Simulation.Outcome run(long seed, ToyCoordinator.Bug bug) {
        return Simulation.run(SimOptions.of(seed, 3, Trace.quiet()), new ToyCoordinator(bug), SPAN);
    }

    @Test
    void a_correct_coordinator_passes_every_seed() {
        for (long seed = 1; seed <= 12; seed++) {
            Simulation.Outcome outcome = run(seed, ToyCoordinator.Bug.NONE);
            assertThat(outcome.failure()).as("seed %d", seed).isNull();
            assertThat(outcome.writes()).isGreaterThan(100);
            assertThat(outcome.faults().values().stream().mapToInt(n -> n).sum())
                    .isGreaterThanOrEqualTo(10);
        }
    }

    @Test
    void one_seed_is_one_run() {
        Set<Long> hashes = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            hashes.add(run(1, ToyCoordinator.Bug.NONE).hash());
        }
        assertThat(hashes).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void every_planted_bug_is_noticed(ToyCoordinator.Bug bug) {
        List<String> failures = new ArrayList<>();
        for (long seed = 1; seed <= 8 && failures.isEmpty(); seed++) {
            String failure = run(seed, bug).failure();
            if (failure != null) {
                failures.add(failure);
            }
        }
        assertThat(failures).singleElement().asString().contains(symptom(bug));
    }

    private static String symptom(ToyCoordinator.Bug bug) {
        return switch (bug) {
            case FORGETS_WRITES -> "one version, two writes";
            case EXECUTES_TWICE -> "twice";
            case READS_STALE -> "/r/";
            case HALF_A_MULTI -> "half a multi";
            case EVENT_AFTER_REPLY -> "after a reply";
            case EVENT_LOST -> "no event";
            case EXPIRES_EARLY -> "expired";
            case KEEPS_EPHEMERALS -> "outlives";
            case REUSES_NUMBERS -> "/q/n-";
            case SWAPS_REPLIES -> "expected";
            case NONE -> "nothing";
        };
    }
}
