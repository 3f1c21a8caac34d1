package io.troupe.clients;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client for Node.js that is written in JavaScript alone, installed here from its registry. */
@ExtendWith(EnsembleExtension.class)
class NodeClientTest {
    private static final Path SOURCES = Path.of("clients", "node").toAbsolutePath();
    private static final Path INSTALLED = ForeignProgram.HOME.resolve("node");
    private static final Duration INSTALLATION = Duration.ofMinutes(2);

    /** What npm calls its failures when the checked-in files, and not the machine, are to blame. */
    private static final List<String> OUR_FAULT = List.of("EUSAGE", "EINTEGRITY", "ETARGET", "EJSONPARSE");

    @Test
    void aSessionInJavaScriptWorksAndSurvivesTheDeathOfTheLeader(EnsembleProcesses ensemble) throws Exception {
        assumeTrue(
                ForeignProgram.run("node-installed", List.of("node", "--version"), INSTALLATION) == 0
                        && ForeignProgram.run("npm-installed", List.of("npm", "--version"), INSTALLATION) == 0,
                "node or npm is not installed, so no client in JavaScript was tried; on Debian:"
                        + " apt-get install nodejs npm");
        install();
        LeaderDies.during(
                "session-in-js", List.of("node", INSTALLED.resolve("session.js").toString()), ensemble);
    }

    private static void install() throws IOException {
        Files.createDirectories(INSTALLED);
        for (var file : List.of("package.json", "package-lock.json", "session.js")) {
            Files.copy(SOURCES.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        var command = List.of(
                "npm",
                "--prefix",
                INSTALLED.toString(),
                "ci",
                "--ignore-scripts",
                "--prefer-offline",
                "--no-audit",
                "--no-fund",
                "--fetch-retries=1",
                "--fetch-timeout=20000");
        try (var npm = ForeignProgram.start("npm", command)) {
            var status = npm.awaitExit(INSTALLATION);
            var said = String.join("\n", npm.said());
            if (status != 0 && OUR_FAULT.stream().anyMatch(said::contains)) {
                throw new IllegalStateException("what " + SOURCES + " asks for cannot be installed:\n" + said);
            }
            assumeTrue(
                    status == 0,
                    () -> "npm's registry cannot be reached, so no client in JavaScript was tried; npm said:\n" + said);
        }
    }
}
