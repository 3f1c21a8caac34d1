package io.troupe.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/troupe shell} as it is packaged: with libraries of its own, quiet, and with statuses that a script can use. */
class ShellTest {
    @TempDir
    private Path directory;

    private record Ended(int status, String output, String errors) {}

    private Ended shell(String input, String... words) throws Exception {
        var command = new ArrayList<>(List.of(
                TroupeProgram.packagedDistribution().resolve("bin/troupe").toString(), "shell"));
        command.addAll(List.of(words));
        var output = directory.resolve("output");
        var errors = directory.resolve("errors");
        var builder = new ProcessBuilder(command)
                .redirectInput(
                        Files.writeString(directory.resolve("input"), input).toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        assertThat(process.waitFor(EnsembleProcesses.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        return new Ended(process.exitValue(), Files.readString(output), Files.readString(errors));
    }

    @Test
    void speaksToAServerAndEndsWithAStatus() throws Exception {
        try (var ensemble =
                EnsembleProcesses.prepare(new TroupeProgram(TroupeProgram.packagedDistribution(), Tuning.TEST), 1)) {
            ensemble.startAll();
            var server = ensemble.connectString();
            assertThat(shell("create /shell 'two words'\nget /shell\n", "-server", server))
                    .isEqualTo(new Ended(0, "Created /shell\ntwo words\n", ""));
            var refused = shell("", "-server", server, "delete", "/absent");
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.output()).isEmpty();
            assertThat(refused.errors())
                    .startsWith("Node does not exist: /absent")
                    .hasLineCount(1);
        }
        assertThat(shell("", "lss").status()).isEqualTo(2);
    }

    @Test
    void itsLibrariesAreNotTheServers() throws Exception {
        var lib = TroupeProgram.packagedDistribution().resolve("lib");
        try (var servers = Files.list(lib);
                var shells = Files.list(lib.resolve("shell"))) {
            assertThat(servers.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("jline") || name.matches("zookeeper-\\d.*"));
            assertThat(shells.map(file -> file.getFileName().toString().replaceAll("-\\d.*", "")))
                    .containsExactlyInAnyOrder("jline", "zookeeper");
        }
    }
}
