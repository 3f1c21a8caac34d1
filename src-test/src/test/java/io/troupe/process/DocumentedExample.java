package io.troupe.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One command of a block without a language in the README or in docs: such a block is what a terminal shows. Where a line of it begins
 * with {@code $}, those are the commands and the others what they print; else every line is a command.
 *
 * @param place file and line
 * @param command for bash
 * @param typed lines behind prompts of {@code troupe shell}
 * @param shown what it prints, without empty lines and {@code ...}, and without the greeting before the first prompt
 */
record DocumentedExample(String place, String command, List<String> typed, List<String> shown) {
    private static final Path TOP = Path.of("..");
    private static final String FENCE = "```";
    private static final String PROMPT = "$ ";
    private static final Pattern SHELL_PROMPT = Pattern.compile("\\[\\S+\\(\\w+\\) \\d+\\] (.*)");

    /** All of them: docs by their names, then the README. */
    static List<DocumentedExample> all() throws IOException {
        List<Path> documents = new ArrayList<>();
        try (Stream<Path> docs = Files.list(TOP.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        documents.add(TOP.resolve("README.md"));
        List<DocumentedExample> examples = new ArrayList<>();
        for (Path document : documents) {
            examples.addAll(of(TOP.relativize(document).toString(), Files.readAllLines(document)));
        }
        return examples;
    }

    /** Those of one document. */
    static List<DocumentedExample> of(String document, List<String> lines) {
        List<DocumentedExample> examples = new ArrayList<>();
        int opened = -1;
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).strip().startsWith(FENCE)) {
                continue;
            }
            if (opened < 0) {
                opened = i;
            } else {
                if (lines.get(opened).strip().equals(FENCE)) {
                    examples.addAll(block(document, opened + 2, lines.subList(opened + 1, i)));
                }
                opened = -1;
            }
        }
        return examples;
    }

    private static List<DocumentedExample> block(String document, int first, List<String> lines) {
        boolean prompted = lines.stream().anyMatch(line -> line.strip().startsWith(PROMPT));
        List<DocumentedExample> examples = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            String place = document + ":" + (first + i);
            if (prompted && !line.startsWith(PROMPT)) {
                if (examples.isEmpty()) {
                    throw new IllegalStateException(place + " stands before the first command of its block");
                }
                examples.get(examples.size() - 1).read(line);
            } else if (!line.isEmpty()) {
                StringBuilder command = new StringBuilder(prompted ? line.substring(PROMPT.length()) : line);
                while (lines.get(i).endsWith("\\")) {
                    i++;
                    command.append('\n').append(lines.get(i));
                }
                examples.add(new DocumentedExample(place, command.toString(), new ArrayList<>(), new ArrayList<>()));
            }
        }
        return examples;
    }

    private void read(String line) {
        Matcher prompt = SHELL_PROMPT.matcher(line);
        if (prompt.matches()) {
            if (typed.isEmpty()) {
                shown.clear();
            }
            typed.add(prompt.group(1));
        } else if (!line.isEmpty() && !line.equals("...")) {
            shown.add(line);
        }
    }

    /** Its first word; of {@code bin/troupe} the second too. */
    String program() {
        String[] words = command.replaceFirst("^(?:\\w+=\\S+ )+", "").split("\\s+", 3);
        return words[0].equals("bin/troupe") && words.length > 1 ? words[0] + " " + words[1] : words[0];
    }

    /** Whether it goes on until it is ended. */
    boolean endless() {
        return command.startsWith("curl -N ");
    }

    /** The lines shown that are not printed in their order: {@code …} or {@code ...} is any text, each number any other, each gap any other. */
    List<String> missingIn(List<String> printed) {
        List<String> missing = new ArrayList<>();
        int next = 0;
        for (String line : shown) {
            Pattern wanted = Pattern.compile(Stream.of(plain(line).split("…|\\.\\.\\.", -1))
                    .map(Pattern::quote)
                    .reduce((before, behind) -> before + ".*" + behind)
                    .orElseThrow());
            int found = next;
            while (found < printed.size()
                    && !wanted.matcher(plain(printed.get(found).strip())).matches()) {
                found++;
            }
            if (found == printed.size()) {
                missing.add(line);
            } else {
                next = found + 1;
            }
        }
        return missing;
    }

    private static String plain(String line) {
        return line.replaceAll("0x[0-9a-f]+|\\d+", "0").replaceAll(" +", " ");
    }
}
