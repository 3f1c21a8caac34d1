package io.troupe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.Covers;
import io.troupe.process.EnsembleProcesses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The same random requests sent to Apache ZooKeeper and to Troupe, both started from the same {@code zoo.cfg}, have the same
 * replies, errors, zxids, Stats and events, byte by byte where no number is the server's own choice. {@code
 * -Dtroupe.test.differential.sequences=N} sets how many sequences are tried, {@code -Dtroupe.test.differential.seed=N} which one
 * is first.
 */
class DifferentialTest {
    private static final int SEQUENCES = Integer.getInteger("troupe.test.differential.sequences", 3000);

    /** Of ensembles of three, where each write costs more. */
    private static final int ENSEMBLE_SEQUENCES = SEQUENCES / 20;

    private static final long FIRST_SEED = Long.getLong("troupe.test.differential.seed", 1);

    /** So many that a fault shows its pattern; sessions that a difference left open may cause further ones. */
    private static final int MOST_REPORTED = 5;

    /** So many that none of the intended differences is missed by chance. */
    private static final int ENOUGH = 2000;

    @Test
    @Covers({
        "1.1.1", "1.1.2", "1.2.3", "1.3.1", "1.3.2", "1.4.1", "1.4.2", "1.5.2", "1.5.4", "1.6.2", "1.6.3", "1.6.6",
                "1.7.1",
        "1.7.2", "1.7.3", "1.7.4", "1.8.1", "1.8.2", "1.8.3", "2.1.1", "2.1.2", "2.2.1", "2.2.2", "2.2.3", "2.2.4",
                "2.4.1",
        "2.4.2", "2.4.3", "2.4.4", "2.4.5", "2.4.6", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.6.1", "2.6.2", "2.6.3",
                "2.6.4",
        "2.7.1", "2.7.2", "2.7.3", "2.7.4", "2.9.1", "2.9.2", "2.9.3", "2.9.4", "2.9.5", "2.9.6", "2.12.1", "2.12.2",
                "3.1.1",
        "3.1.2", "3.3.1", "3.3.2", "3.5.1", "3.6.1", "3.6.2", "4.1.1", "4.2.1", "4.3.1", "4.4.1", "4.4.2", "4.4.3",
                "5.1"
    })
    void standaloneServersAnswerAlike() throws Exception {
        Set<ProtocolDifference> seen = run(1, SEQUENCES);
        if (SEQUENCES >= ENOUGH) {
            assertThat(seen)
                    .as("a difference listed but not found is none any more")
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(ProtocolDifference.values())
                            .filter(ProtocolDifference::isFoundByChance)
                            .toList());
        }
    }

    @Test
    @Covers({"1.6.2", "1.7.1", "1.7.2", "2.8.1"})
    void ensemblesAnswerAlike() throws Exception {
        run(3, ENSEMBLE_SEQUENCES);
    }

    private static Set<ProtocolDifference> run(int servers, int sequences) throws Exception {
        Set<ProtocolDifference> seen = EnumSet.noneOf(ProtocolDifference.class);
        List<String> differences = new ArrayList<>();
        try (EnsembleProcesses theirs = EnsembleProcesses.prepare(new SameConfiguration(false), servers);
                EnsembleProcesses ours = EnsembleProcesses.prepare(new SameConfiguration(true), servers)) {
            theirs.startAll();
            ours.startAll();
            for (long seed :
                    LongStream.range(FIRST_SEED, FIRST_SEED + sequences).toArray()) {
                try {
                    new Sequence(seed, ports(theirs), ports(ours), seen).run();
                } catch (AssertionError | IOException difference) {
                    differences.add(String.valueOf(difference.getMessage()));
                }
                if (differences.size() == MOST_REPORTED) {
                    break;
                }
            }
        }
        assertThat(differences).isEmpty();
        return seen;
    }

    private static List<Integer> ports(EnsembleProcesses ensemble) {
        return ensemble.servers().stream()
                .map(server -> server.address().clientPort())
                .collect(Collectors.toList());
    }
}
