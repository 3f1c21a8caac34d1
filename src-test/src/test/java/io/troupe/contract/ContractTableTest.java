package io.troupe.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every point of the contract has a test, and docs/conformance.md says which; {@code -Dtroupe.docs.write=true} writes it anew.
 */
class ContractTableTest {
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final Path TABLE = TOP.resolve("docs").resolve("conformance.md");
    private static final List<String> MODULES = List.of("coordinator", "node-app", "src-test");

    private static final Pattern COVERS = Pattern.compile("@Covers\\(\\{?([^)]*?)}?\\)\\s+(?:@Shows\\([^)]*\\)\\s+)?"
            + "(?:final |static |public )*(?:class|void) (\\w+)");
    private static final Pattern ID = Pattern.compile("\"([\\d.]+)\"");

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

    /** A row: the text, and why no test is there yet, or nothing. */
    private record Point(String text, String open) {}

    @Test
    void everyPointHasATestAndTheTableSaysWhich() throws IOException {
        Map<String, Point> points = points();
        Map<String, SortedSet<String>> tests = tests();

        assertThat(points.keySet())
                .as("points that @Covers names must stand in contract-points.txt")
                .containsAll(tests.keySet());
        points.forEach((id, point) -> assertThat(tests.containsKey(id))
                .as(
                        point.open().isEmpty()
                                ? "point %s has no test: write one with @Covers(\"%s\")"
                                : "point %s has a test now: take its 'open' out of contract-points.txt",
                        id,
                        id)
                .isEqualTo(point.open().isEmpty()));
        String table = table(points, tests);
        if (Boolean.getBoolean("troupe.docs.write")) {
            Files.writeString(TABLE, table);
        }
        assertThat(Files.readString(TABLE))
                .as("docs/conformance.md is stale: run this test with -Dtroupe.docs.write=true")
                .isEqualTo(table);
    }

    private static Map<String, Point> points() throws IOException {
        Map<String, Point> points = new LinkedHashMap<>();
        try (InputStream in = ContractTableTest.class.getResourceAsStream("/conformance/contract-points.txt")) {
            assertThat(in).isNotNull();
            new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> {
                        String[] parts = line.split(" \\| ", -1);
                        String open = parts.length > 2 ? parts[2].replaceFirst("^open: ", "") : "";
                        assertThat(points.put(parts[0], new Point(parts[1], open)))
                                .as("point %s stands there once", parts[0])
                                .isNull();
                    });
        }
        return points;
    }

    private static Map<String, SortedSet<String>> tests() throws IOException {
        Map<String, SortedSet<String>> tests = new TreeMap<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(TOP.resolve(module).resolve("src/test/java"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
                    collect(file, tests);
                }
            }
        }
        return tests;
    }

    private static void collect(Path file, Map<String, SortedSet<String>> tests) throws IOException {
        String source = Files.readString(file);
        String type = file.getFileName().toString().replace(".java", "");
        List<MatchResult> found = COVERS.matcher(source).results().toList();
        assertThat(found)
                .as("@Covers stands before a method or class, or its @Shows, in %s", file)
                .hasSize((int) Pattern.compile("^\\s*@Covers\\(", Pattern.MULTILINE)
                        .matcher(source)
                        .results()
                        .count());
        for (MatchResult match : found) {
            String test = match.group(2).equals(type) ? type : type + "." + match.group(2);
            ID.matcher(match.group(1))
                    .results()
                    .forEach(id -> tests.computeIfAbsent(id.group(1), key -> new TreeSet<>())
                            .add(test));
        }
    }

    private static String table(Map<String, Point> points, Map<String, SortedSet<String>> tests) {
        List<String> rows = new ArrayList<>();
        points.forEach((id, point) -> {
            String shown = point.open().isEmpty()
                    ? String.join(", ", tests.getOrDefault(id, new TreeSet<>()))
                    : "*not covered yet: " + point.open() + "*";
            rows.add("| " + id + " | " + point.text() + " | " + shown + " |\n");
        });
        return HEAD + String.join("", rows);
    }
}
