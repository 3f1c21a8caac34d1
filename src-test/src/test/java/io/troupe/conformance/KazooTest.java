package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that shares no code with the official one: Python's kazoo, as Debian packages it. */
@ExtendWith(EnsembleExtension.class)
class KazooTest {
    private static final String PYTHON = "/usr/bin/python3";

    /** How the script, which ends itself after a minute, asks for the death of the server it is connected to. */
    private static final String KILL = "kill server at port ";

    @Test
    void aKazooSessionWorksAndSurvivesTheDeathOfItsServer(EnsembleProcesses ensemble) throws Exception {
        assumeTrue(
                kazooIsInstalled(),
                "kazoo is not installed, so no client outside Java was tried; on Debian: apt-get install python3-kazoo");
        var process = new ProcessBuilder(PYTHON, script().toString(), ensemble.connectString())
                .redirectErrorStream(true)
                .start();
        var said = new ArrayList<String>();
        try (var fromScript = process.inputReader(UTF_8);
                var toScript = process.outputWriter(UTF_8)) {
            for (var line = fromScript.readLine(); line != null; line = fromScript.readLine()) {
                said.add(line);
                if (line.startsWith(KILL)) {
                    ensemble.serverAt(Integer.parseInt(line.substring(KILL.length())))
                            .kill();
                    toScript.write("killed\n");
                    toScript.flush();
                }
            }
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as(() -> "it said:\n" + String.join("\n", said))
                .isZero();
        assertThat(said).contains("all checks passed").anyMatch(line -> line.startsWith(KILL));
    }

    private static boolean kazooIsInstalled() {
        try {
            return new ProcessBuilder(List.of(PYTHON, "-c", "import kazoo"))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noPython) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Path script() throws URISyntaxException {
        var resource = KazooTest.class.getResource("/conformance/kazoo_session.py");
        if (resource == null) {
            throw new IllegalStateException("conformance/kazoo_session.py is not on the class path");
        }
        return Path.of(resource.toURI());
    }
}
