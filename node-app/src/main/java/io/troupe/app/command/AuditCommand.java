package io.troupe.app.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.troupe.app.audit.AuditEvent;
import io.troupe.app.audit.AuditFiles;
import io.troupe.app.audit.AuditFilter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe audit DIR}: what the audit log of a node tells. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the events of a node's audit log, the oldest first.",
            "",
            "The node may run meanwhile. Each node has a log of its own, of the clients that are connected to it."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {" 0:printed, however few", " 1:there is no log, or it cannot be read", " 2:bad command line"})
public final class AuditCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(paramLabel = "DIR", description = "data directory, directory of audit logs, or one such file")
    @Nullable
    Path place;

    @Option(names = "--path", description = "of this znode and of all below")
    @Nullable
    String path;

    @Option(names = "--user", description = "of this user, as the events name him")
    @Nullable
    String user;

    @Option(names = "--operation", description = "of this kind: create, delete, setData, setAcl, authenticate, …")
    @Nullable
    String operation;

    @Option(names = "--since", description = "from 2026-11-22T06:00:00Z on, or of the last 90s, 30m, 2h or 7d")
    @Nullable
    String since;

    @Option(names = "--result", description = "success or failure")
    @Nullable
    String result;

    @Option(names = "--json", description = "one JSON object a line")
    boolean json;

    private final Clock clock;
    private final PrintStream output;
    private final PrintStream errors;

    /** A command that can be run once. */
    public AuditCommand(Clock clock, PrintStream output, PrintStream errors) {
        this.clock = clock;
        this.output = output;
        this.errors = errors;
    }

    @Override
    public Integer call() {
        Instant from;
        try {
            from = since == null ? null : moment(since);
        } catch (DateTimeParseException e) {
            errors.println(
                    "troupe audit: --since " + since + ": write a moment, 2026-11-22T06:00:00Z, or 90s, 30m, 2h, 7d");
            return BAD_USAGE;
        }
        AuditFilter filter = new AuditFilter(path, user, operation, from, result);
        try {
            for (Path file : AuditFiles.in(Objects.requireNonNull(place))) {
                if (from == null || !Files.getLastModifiedTime(file).toInstant().isBefore(from)) {
                    AuditFiles.read(file, event -> {
                        if (filter.test(event)) {
                            output.println(json ? json(event) : event.line());
                        }
                    });
                }
            }
        } catch (IOException | UncheckedIOException e) {
            errors.println("troupe audit: " + e.getMessage());
            return FAILED;
        }
        return 0;
    }

    private Instant moment(String written) {
        if (written.matches("\\d{1,9}[smhd]")) {
            String amount = written.toUpperCase(Locale.ROOT);
            return clock.instant().minus(Duration.parse(amount.endsWith("D") ? "P" + amount : "PT" + amount));
        }
        return Instant.parse(written);
    }

    private static String json(AuditEvent event) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("at", event.at().toString());
        fields.putAll(event.fields());
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts by name are JSON", e);
        }
    }
}
