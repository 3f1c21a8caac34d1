package io.troupe.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code troupe audit} over files as the node leaves them, packed ones among them. */
class AuditCommandTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path data;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @BeforeEach
    void files() throws IOException {
        Path directory = Files.createDirectory(data.resolve("audit"));
        Path old = directory.resolve("audit-25520.2026-11-21.0.log.gz");
        try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(old))) {
            packed.write("2026-11-21T09:00:00Z\tuser=bob\toperation=delete\tznode=/app/x\tresult=success\n"
                    .getBytes(StandardCharsets.UTF_8));
        }
        Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2026-11-21T09:00:00Z")));
        Path now = Files.writeString(directory.resolve("audit-25520.log"), """
                2026-11-22T11:00:00Z\tuser=10.0.0.7,eve\toperation=getData\tznode=/app\tresult=failure\terror=no_auth
                2026-11-22T11:59:30Z\tuser=bob\toperation=setAcl\tznode=/other\tresult=success
                2026-11-22T11:59:59Z\tuser=bo""");
        Files.setLastModifiedTime(now, FileTime.from(NOW));
    }

    private List<String> run(int status, String... arguments) {
        AuditCommand command = new AuditCommand(
                Clock.fixed(NOW, ZoneOffset.UTC),
                new PrintStream(output, true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8));
        assertThat(new CommandLine(command).execute(arguments))
                .as(errors.toString(StandardCharsets.UTF_8))
                .isEqualTo(status);
        return output.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void allIsPrintedInItsOrderButNotHalfALine() {
        assertThat(run(0, data.toString()))
                .extracting(line -> line.substring(0, 19))
                .containsExactly("2026-11-21T09:00:00", "2026-11-22T11:00:00", "2026-11-22T11:59:30");
    }

    @Test
    void whoAsksForAPathAndARefusalGetsThatAsJson() {
        assertThat(run(0, "--path", "/app", "--result", "failure", "--user", "eve", "--json", data.toString()))
                .containsExactly("{\"at\":\"2026-11-22T11:00:00Z\",\"user\":\"10.0.0.7,eve\",\"operation\":\"getData\","
                        + "\"znode\":\"/app\",\"result\":\"failure\",\"error\":\"no_auth\"}");
    }

    @Test
    void aSpanOrAMomentSaysSinceWhen() {
        assertThat(run(0, "--since", "2m", data.toString()))
                .singleElement()
                .asString()
                .contains("setAcl");
        output.reset();
        assertThat(run(0, "--since", "2026-11-22T00:00:00Z", data.toString())).hasSize(2);
    }

    @Test
    void mistakesAreExplained() {
        run(2, "--since", "yesterday", data.toString());
        run(1, data.resolve("nowhere").toString());
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .contains("--since yesterday: write", "nowhere does not exist; name a data directory");
    }
}
