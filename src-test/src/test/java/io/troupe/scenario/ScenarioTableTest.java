package io.troupe.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.troupe.contract.TestTable;
import io.troupe.contract.TestTable.Point;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every named scenario has a test, and a bug that can be put back and that the test finds; docs/scenarios.md says which. {@code
 * -Dtroupe.docs.write=true} writes it anew. That the bugs are found {@code src-test/mutate} shows, which takes minutes.
 */
class ScenarioTableTest {
    private static final int MAY_STAY_OPEN = 1;

    private static final String HEAD = """
            # The named scenarios, and the bugs that their tests find

            Generated from `src-test/src/test/resources/scenarios.txt`, the tests' `@Shows` and the patches in `src-test/mutations`; do
            not edit. After a change: `mvn -pl src-test -am test -Dtest=ScenarioTableTest -Dsurefire.failIfNoSpecifiedTests=false
            -Dtroupe.docs.write=true`.

            A check that never failed proves nothing. So each scenario has at least one *mutation*: a patch that puts the bug back.
            `src-test/mutate`, in a built tree, compiles each in a temporary directory and runs the tests and seeds named here, all of
            which must fail; `src-test/mutate 7 31` tries those of two scenarios, `--search 100` also looks for the first seed of the
            simulator that fails. A seed stands here where the simulator finds the bug by itself, without having been told what to do.
            It belongs to this version of the sources: a change of the protocol may make another seed the first. A test is named with
            its class alone where all of it is about the scenario. Bugs that Troupe itself has had are in [bugs.md](bugs.md).

            | scenario | what must hold | tests | mutation | what fails with it |
            |---|---|---|---|---|
            """;

    private static final String FOOT = """

            Numbers in brackets are those under which others have met the bug.

            ## What putting the bugs back has shown

            Tests that passed with their bug put back, and were made to fail:

            - S2 stopped losing power at the 12th change of the disk, before synchronization had begun.
            - S5 lost the last message of a burst, so that none came behind the gap.
            - S6 left no question of an earlier term open; now an fsync outlives the connection for which it was asked.
            - S8 looked at the disk only after another record had overwritten what should have been cut off.
            - S11 looked when the node had healed: it had given up its history and taken the leader's.
            - S13 and S14 never encoded a snapshot while the tree went on changing; now a follower that stood still catches up at
              once. `ReplicasTest` changed nothing between the beginning of a snapshot and its first slice.
            - S18 left it to one seed what a write survives that was not synced.
            - S21 and S40 healed before they looked: a write of the old epoch came with the new one, a disk was listed anew.
            - S22 lost power with one snapshot, behind which the log is not purged; it takes two.
            - S24 lost power in one way only; and no unit test purged up to every position of the log.
            - Watches that are registered anew, and the digest of what the ensemble keeps for itself, had no unit test.
            """;

    @Test
    void everyScenarioHasATestAndAMutation() throws IOException {
        Map<String, Point> scenarios = TestTable.points("/scenarios.txt");
        Map<String, SortedSet<String>> tests = TestTable.tests("Shows");
        Map<String, List<Mutation>> mutations = mutations();

        assertThat(scenarios.keySet())
                .as("scenarios that @Shows and patches name must stand in scenarios.txt")
                .containsAll(tests.keySet())
                .containsAll(mutations.keySet());
        scenarios.keySet().forEach(name -> {
            assertThat(tests)
                    .as("%s has no test: write one with @Shows(\"%s\")", name, name)
                    .containsKey(name);
            assertThat(mutations)
                    .as("%s has no mutation: put one into src-test/mutations", name)
                    .containsKey(name);
        });
        assertThat(scenarios.values().stream().filter(s -> !s.isCovered()))
                .as("scenarios of which a part has to wait")
                .hasSizeLessThanOrEqualTo(MAY_STAY_OPEN);
        TestTable.assertWritten("scenarios.md", table(scenarios, tests, mutations));
    }

    @Test
    void everyMutationAppliesAndNamesTestsOfItsScenario() throws IOException {
        Map<String, SortedSet<String>> tests = TestTable.tests("Shows");
        for (List<Mutation> ofOne : mutations().values()) {
            for (Mutation mutation : ofOne) {
                assertThatCode(() -> assertThat(mutation.apply(TestTable.TOP)).isNotEmpty())
                        .doesNotThrowAnyException();
                assertThat(mutation.bug())
                        .as("%s says what it breaks", mutation.name())
                        .isNotBlank();
                assertThat(mutation.tests())
                        .as("%s names a test", mutation.name())
                        .isNotEmpty();
                SortedSet<String> known = tests.getOrDefault(mutation.scenario(), new TreeSet<>());
                assertThat(mutation.tests().stream().map(ScenarioTableTest::shortName))
                        .as("tests of %s, which must have @Shows(\"%s\")", mutation.name(), mutation.scenario())
                        .allMatch(test -> known.contains(test) || known.contains(test.replaceFirst("\\..*", "")));
            }
        }
    }

    private static Map<String, List<Mutation>> mutations() throws IOException {
        return Mutation.all(TestTable.TOP.resolve("src-test").resolve("mutations")).stream()
                .collect(Collectors.groupingBy(Mutation::scenario, TreeMap::new, Collectors.toList()));
    }

    /** {@code a.b.Class$Nested#method(long)} as {@code Class.method}. */
    private static String shortName(String test) {
        return test.replaceFirst("\\(.*", "")
                .replaceFirst("\\$\\w+", "")
                .replaceFirst("^.*\\.(\\w+)(#|$)", "$1.")
                .replaceFirst("\\.$", "");
    }

    private static String table(
            Map<String, Point> scenarios, Map<String, SortedSet<String>> tests, Map<String, List<Mutation>> mutations) {
        List<String> rows = new ArrayList<>();
        scenarios.forEach((name, scenario) -> {
            String cells = "| " + name + " | " + scenario.text()
                    + (scenario.isCovered() ? "" : " (*open: " + scenario.open() + "*)") + " | "
                    + String.join(", ", tests.getOrDefault(name, new TreeSet<>())) + " | ";
            for (Mutation mutation : mutations.getOrDefault(name, List.of())) {
                rows.add(cells + "`" + mutation.name() + "`: " + mutation.bug() + " | " + whatFails(mutation) + " |\n");
                cells = "| | | | ";
            }
        });
        return HEAD + String.join("", rows) + FOOT;
    }

    private static String whatFails(Mutation mutation) {
        Set<String> all = new LinkedHashSet<>();
        mutation.tests().forEach(test -> all.add(shortName(test)));
        mutation.seeds().forEach(seed -> all.add("seed " + seed));
        return String.join(", ", all);
    }
}
