package io.troupe.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A bug that can be put back: a unified diff against the sources, headed by lines {@code Key: value}.
 *
 * @param name of its file, without the suffix; begins with the scenario's number, as in {@code s07-...}
 * @param bug what it breaks, in a sentence
 * @param tests those that must fail with it, as {@code package.Class#method}
 * @param seeds options of the simulator with which a seed must fail, empty where none was found
 * @param hunks by file, relative to the top of the checkout
 */
record Mutation(String name, String bug, List<String> tests, List<String> seeds, Map<String, List<Hunk>> hunks) {
    /**
     * A change of one place.
     *
     * @param before lines that stand there
     * @param after lines to stand there instead
     */
    record Hunk(List<String> before, List<String> after) {}

    private static final String SUFFIX = ".patch";

    /** All there are, in the order of their names. */
    static List<Mutation> all(Path directory) throws IOException {
        List<Mutation> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
                all.add(parse(file.getFileName().toString().replace(SUFFIX, ""), Files.readAllLines(file)));
            }
        }
        return all;
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException naming it, when a line means nothing
     */
    static Mutation parse(String name, List<String> lines) {
        StringBuilder bug = new StringBuilder();
        List<String> tests = new ArrayList<>();
        List<String> seeds = new ArrayList<>();
        Map<String, List<Hunk>> hunks = new LinkedHashMap<>();
        List<Hunk> ofFile = new ArrayList<>();
        Hunk hunk = new Hunk(List.of(), List.of());
        for (String line : lines) {
            if (line.startsWith("Bug: ")) {
                bug.append(line.substring("Bug: ".length()));
            } else if (line.startsWith("Test: ")) {
                tests.add(line.substring("Test: ".length()));
            } else if (line.startsWith("Seed: ")) {
                seeds.add(line.substring("Seed: ".length()));
            } else if (line.startsWith("--- a/")) {
                ofFile = hunks.computeIfAbsent(line.substring("--- a/".length()), file -> new ArrayList<>());
            } else if (line.startsWith("@@ ")) {
                hunk = new Hunk(new ArrayList<>(), new ArrayList<>());
                ofFile.add(hunk);
            } else if (!line.startsWith("+++ b/") && !ofFile.isEmpty()) {
                add(hunk, name, line);
            } else if (!line.isBlank() && !line.startsWith("+++ b/")) {
                throw new IllegalArgumentException(name + SUFFIX + ": this line means nothing: " + line);
            }
        }
        return new Mutation(name, bug.toString(), tests, seeds, hunks);
    }

    private static void add(Hunk hunk, String name, String line) {
        String text = line.isEmpty() ? "" : line.substring(1);
        if (line.isEmpty() || line.startsWith(" ")) {
            hunk.before().add(text);
            hunk.after().add(text);
        } else if (line.startsWith("-")) {
            hunk.before().add(text);
        } else if (line.startsWith("+")) {
            hunk.after().add(text);
        } else {
            throw new IllegalArgumentException(name + SUFFIX + ": not a line of a unified diff: " + line);
        }
    }

    /** The scenario, as in {@code S7}. */
    String scenario() {
        return "S" + Integer.parseInt(name.substring(1, 3));
    }

    /**
     * The sources with the bug in them, by file. Line numbers count for nothing: what a hunk replaces must stand in its file
     * exactly once, so that a change elsewhere in the file does no harm.
     *
     * @throws IllegalArgumentException naming the mutation and the file, when it no longer applies
     */
    Map<String, String> apply(Path top) throws IOException {
        Map<String, String> mutated = new LinkedHashMap<>();
        for (Map.Entry<String, List<Hunk>> file : hunks.entrySet()) {
            String source = Files.readString(top.resolve(file.getKey()));
            for (Hunk hunk : file.getValue()) {
                source = replaceOnce(source, hunk, file.getKey());
            }
            mutated.put(file.getKey(), source);
        }
        return mutated;
    }

    private String replaceOnce(String source, Hunk hunk, String file) {
        // From the beginning of a line to the end of one.
        String before = "\n" + String.join("\n", hunk.before()) + "\n";
        String after = "\n" + String.join("\n", hunk.after()) + "\n";
        int at = source.indexOf(before);
        if (at < 0 || source.indexOf(before, at + 1) >= 0) {
            throw new IllegalArgumentException(
                    "%s%s no longer applies: what it replaces stands %s in %s; make it anew against the present sources:%n%s"
                            .formatted(name, SUFFIX, at < 0 ? "nowhere" : "more than once", file, before));
        }
        return source.substring(0, at) + after + source.substring(at + before.length());
    }
}
