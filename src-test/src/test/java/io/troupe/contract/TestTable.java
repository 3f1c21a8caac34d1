package io.troupe.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A table in docs/ that says which test shows which point, made of a list of points and of the tests' annotations. */
public final class TestTable {
    /** Of the checkout. */
    public static final Path TOP = Path.of("..").toAbsolutePath().normalize();

    private static final List<String> MODULES = List.of("coordinator", "node-app", "src-test");
    private static final Pattern NAME = Pattern.compile("\"([\\w.]+)\"");

    /**
     * A row.
     *
     * @param text what must hold
     * @param open what of it has no test yet, and why; or nothing
     */
    public record Point(String text, String open) {
        /** Whether all of it can be shown. */
        public boolean isCovered() {
            return open.isEmpty();
        }
    }

    private TestTable() {}

    /** The points by name, in the order of a resource with a line {@code name | text [| open: why]} for each. */
    public static Map<String, Point> points(String resource) throws IOException {
        Map<String, Point> points = new LinkedHashMap<>();
        try (InputStream in = TestTable.class.getResourceAsStream(resource)) {
            assertThat(in).as(resource).isNotNull();
            new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> {
                        String[] parts = line.split(" \\| ", -1);
                        String open = parts.length > 2 ? parts[2].replaceFirst("^open: ", "") : "";
                        assertThat(points.put(parts[0], new Point(parts[1], open)))
                                .as("%s stands in %s once", parts[0], resource)
                                .isNull();
                    });
        }
        return points;
    }

    /**
     * The tests of all modules by the names that their annotation gives them, as {@code Class.method}, or {@code Class} where
     * all of it is marked.
     *
     * @param annotation {@code Covers} or {@code Shows}
     */
    public static Map<String, SortedSet<String>> tests(String annotation) throws IOException {
        Map<String, SortedSet<String>> tests = new TreeMap<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(TOP.resolve(module).resolve("src/test/java"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
                    collect(file, annotation, tests);
                }
            }
        }
        return tests;
    }

    private static void collect(Path file, String annotation, Map<String, SortedSet<String>> tests) throws IOException {
        String source = Files.readString(file);
        String type = file.getFileName().toString().replace(".java", "");
        List<MatchResult> found = Pattern.compile(
                        "@" + annotation
                                + "\\(\\{?([^)]*?)}?\\)\\s+(?:@\\w+\\([^)]*\\)\\s+)*(?:final |static |public )*(?:class|void) (\\w+)")
                .matcher(source)
                .results()
                .toList();
        assertThat(found)
                .as("@%s stands before a method or class, among annotations with values, in %s", annotation, file)
                .hasSize((int) Pattern.compile("^\\s*@" + annotation + "\\(", Pattern.MULTILINE)
                        .matcher(source)
                        .results()
                        .count());
        for (MatchResult match : found) {
            String test = match.group(2).equals(type) ? type : type + "." + match.group(2);
            NAME.matcher(match.group(1))
                    .results()
                    .forEach(name -> tests.computeIfAbsent(name.group(1), key -> new TreeSet<>())
                            .add(test));
        }
    }

    /** Fails unless docs/ has the table as it should be; writes it first where {@code -Dtroupe.docs.write=true}. */
    public static void assertWritten(String name, String table) throws IOException {
        Path file = TOP.resolve("docs").resolve(name);
        if (Boolean.getBoolean("troupe.docs.write")) {
            Files.writeString(file, table);
        }
        assertThat(Files.readString(file))
                .as("docs/%s is stale: run this test with -Dtroupe.docs.write=true", name)
                .isEqualTo(table);
    }
}
