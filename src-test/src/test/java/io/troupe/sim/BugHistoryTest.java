package io.troupe.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The history of bugs names what exists: tests that hold them, and every pinned seed. */
class BugHistoryTest {
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> MODULES = List.of("coordinator", "node-app", "src-test");
    private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");
    private static final Pattern PINNED = Pattern.compile("\\*\\*(\\d+)\\*\\*");
    private static final Pattern PINNED_OF_RECIPES = Pattern.compile("\\*\\*recipes (\\d+)\\*\\*");
    private static final Pattern COUNT = Pattern.compile("(?m)^\\| (.*) \\| (\\d+) \\|$");

    private static String history() throws IOException {
        return Files.readString(TOP.resolve("docs").resolve("bugs.md"), UTF_8);
    }

    /** The text of every test class by its name. */
    private static Map<String, String> testClasses() throws IOException {
        Map<String, String> texts = new HashMap<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(TOP.resolve(module).resolve("src/test/java"))) {
                files.filter(file -> file.toString().endsWith("Test.java")).forEach(file -> {
                    String name = file.getFileName().toString();
                    texts.put(name.substring(0, name.length() - ".java".length()), text(file));
                });
            }
        }
        return texts;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void every_test_that_it_names_is_there() throws IOException {
        Map<String, String> classes = testClasses();
        List<String> gone = NAMED_TEST
                .matcher(history())
                .results()
                .filter(test -> !Pattern.compile("\\b(void|ArchRule) " + test.group(2) + "\\b")
                        .matcher(classes.getOrDefault(test.group(1), ""))
                        .find())
                .map(test -> test.group(1) + "." + test.group(2))
                .toList();

        assertThat(gone).isEmpty();
    }

    @Test
    void every_pinned_seed_is_in_it() throws IOException {
        assertThat(PINNED.matcher(history()).results().map(seed -> Long.valueOf(seed.group(1))))
                .containsExactlyInAnyOrderElementsOf(RegressionSeeds.SEEDS.keySet());
        assertThat(PINNED_OF_RECIPES.matcher(history()).results().map(seed -> Long.valueOf(seed.group(1))))
                .containsExactlyInAnyOrderElementsOf(RegressionSeeds.OF_RECIPES.keySet());
    }

    @Test
    void its_table_counts_every_bug() throws IOException {
        String history = history();
        int bugs = history.split("(?m)^### ").length - 1;
        List<Integer> counts = COUNT.matcher(history)
                .results()
                .map(row -> Integer.valueOf(row.group(2)))
                .toList();

        assertThat(counts).last().isEqualTo(bugs);
        assertThat(counts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(2 * bugs);
    }
}
