package io.troupe.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.contract.TestTable.Point;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every point of the contract has a test, and docs/conformance.md says which; {@code -Dtroupe.docs.write=true} writes it anew.
 */
class ContractTableTest {
    private static final String HEAD = """
            # What clients and operators may rely on, and which test shows it

            Generated from `src-test/src/test/resources/conformance/contract-points.txt` and the tests' `@Covers`; do not edit.
            After a change: `mvn -pl src-test -am test -Dtest=ContractTableTest -Dsurefire.failIfNoSpecifiedTests=false
            -Dtroupe.docs.write=true`. A test is named with its class alone where the whole class is about the point.
            `DifferentialTest` compares thousands of random sequences with Apache ZooKeeper itself; what differs on purpose stands in
            [differences.md](differences.md).

            | point | what must hold | tests |
            |---|---|---|
            """;

    @Test
    void everyPointHasATestAndTheTableSaysWhich() throws IOException {
        Map<String, Point> points = TestTable.points("/conformance/contract-points.txt");
        Map<String, SortedSet<String>> tests = TestTable.tests("Covers");

        assertThat(points.keySet())
                .as("points that @Covers names must stand in contract-points.txt")
                .containsAll(tests.keySet());
        points.forEach((id, point) -> assertThat(tests.containsKey(id))
                .as(
                        point.isCovered()
                                ? "point %s has no test: write one with @Covers(\"%s\")"
                                : "point %s has a test now: take its 'open' out of contract-points.txt",
                        id,
                        id)
                .isEqualTo(point.isCovered()));
        TestTable.assertWritten("conformance.md", table(points, tests));
    }

    private static String table(Map<String, Point> points, Map<String, SortedSet<String>> tests) {
        List<String> rows = new ArrayList<>();
        points.forEach((id, point) -> {
            String shown = point.isCovered()
                    ? String.join(", ", tests.getOrDefault(id, new TreeSet<>()))
                    : "*not covered yet: " + point.open() + "*";
            rows.add("| " + id + " | " + point.text() + " | " + shown + " |\n");
        });
        return HEAD + String.join("", rows);
    }
}
