package io.troupe.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** Every {@code bin/troupe ...} in the README and in docs is a command line that the program understands. Those that can be are run by DocumentedExamplesTest of the system tests. */
class DocumentedCommandsTest {
    private static final Path TOP = Path.of("..");
    private static final Pattern FENCED = Pattern.compile("^(?:[$] )?(?:\\w+=\\S+ )?bin/troupe (.*)$");
    private static final Pattern INLINE = Pattern.compile("`(?:\\w+=\"[^\"]*\" )?bin/troupe ([^`]*)`");

    /** One line of a document. */
    private record Place(Path file, int line, String command, boolean whole) {
        @Override
        public String toString() {
            return file + ":" + line + ": bin/troupe " + command;
        }
    }

    private static List<Place> places() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(TOP.resolve("README.md")));
        try (Stream<Path> docs = Files.list(TOP.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        List<Place> places = new ArrayList<>();
        for (Path document : documents) {
            boolean fenced = false;
            int number = 0;
            for (String line : Files.readAllLines(document)) {
                number++;
                fenced ^= line.strip().startsWith("```");
                Matcher inBlock = FENCED.matcher(line.strip());
                if (fenced && inBlock.matches()) {
                    places.add(new Place(document, number, inBlock.group(1), true));
                } else if (!fenced) {
                    Matcher inText = INLINE.matcher(line);
                    while (inText.find()) {
                        places.add(new Place(document, number, inText.group(1), false));
                    }
                }
            }
        }
        return places;
    }

    /** What a shell would make of it: without pipes, redirections and comments. */
    private static String[] words(String command) {
        String alone = command.replaceAll("\\s+(?:[|<>#&]|2>).*", "").replaceAll("\\$\\([^)]*\\)", "X");
        return Arrays.stream(alone.strip().split("\\s+"))
                .map(word -> word.replaceAll("[\"']", ""))
                .filter(word -> !word.matches("\\[.*|.*\\]|\u2026|\\.\\.\\."))
                .toArray(String[]::new);
    }

    private static String refusal(Place place) {
        String[] words = words(place.command());
        CommandLine commands = Main.commandLine();
        Map<String, CommandLine> known = commands.getSubcommands();
        if (!words[0].startsWith("-") && !known.containsKey(words[0])) {
            return place + ": no such command";
        }
        try {
            commands.parseArgs(words);
            return "";
        } catch (MissingParameterException e) {
            return place.whole() ? place + ": " + e.getMessage() : "";
        } catch (ParameterException e) {
            return place + ": " + e.getMessage();
        }
    }

    @Test
    void theProgramUnderstandsEveryOne() throws IOException {
        List<Place> places = places();

        assertThat(places).hasSizeGreaterThan(30);
        assertThat(places.stream().map(DocumentedCommandsTest::refusal).filter(text -> !text.isEmpty()))
                .isEmpty();
    }

    @Test
    void everyCommandIsDocumented() throws IOException {
        List<String> documented = places().stream()
                .map(place -> words(place.command())[0])
                .distinct()
                .toList();

        // node-app/dev runs it.
        assertThat(documented)
                .containsAll(Main.commandLine().getSubcommands().keySet().stream()
                        .filter(command -> !command.equals("dev"))
                        .toList());
    }
}
