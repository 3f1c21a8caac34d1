package io.troupe.nemesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs {@code src-test/nemesis}: every kind of fault at least once, and then until {@code -Dtroupe.test.nemesis.minutes} are
 * over. A kind that this host cannot do is skipped with the remedy.
 */
class NemesisTest {
    private static final String MINUTES = System.getProperty("troupe.test.nemesis.minutes", "1");
    private static final String SEED = System.getProperty("troupe.test.nemesis.seed", "1");

    @TestFactory
    Stream<DynamicTest> everyKindOfFault() throws IOException, InterruptedException {
        var output = new ArrayList<String>();
        var process = new ProcessBuilder("./nemesis", "--minutes", MINUTES, "--seed", SEED)
                .redirectErrorStream(true)
                .start();
        var lastResort = new Thread(process::destroy, "end-nemesis");
        Runtime.getRuntime().addShutdownHook(lastResort);
        try (var lines = process.inputReader(UTF_8)) {
            lines.lines().forEach(line -> {
                System.out.println(line);
                output.add(line);
            });
        }
        var status = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(lastResort);
        return Stream.concat(
                Stream.of(dynamicTest(
                        "nothing is found",
                        () -> assertThat(status).as(String.join("\n", output)).isZero())),
                Stream.of(FaultKind.values()).map(kind -> dynamicTest(kind.toString(), () -> happened(kind, output))));
    }

    private static void happened(FaultKind kind, List<String> output) {
        assertThat(output).as("output").isNotEmpty();
        var last = output.get(output.size() - 1);
        assertThat(last).startsWith("skipped: ");
        if (last.matches(".*(skipped: |, |; )" + kind + "(, | \\().*")) {
            abort(last);
        }
        assertThat(output).anyMatch(line -> line.matches(".* #[0-9]+ " + kind + ": .*"));
    }
}
