package io.troupe.app.audit;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One line of the audit log: a moment, then ZooKeeper's fields under its names and in its order (contract 7.4), and what ours adds
 * behind them. A field without a value is left out.
 *
 * @param at when
 * @param fields in the order in which they are written
 */
public record AuditEvent(Instant at, Map<String, String> fields) {
    /** Those that there are, in their order; {@code scheme} what was proven, {@code error} why a request was refused, {@code count} how many are meant. */
    static final List<String> NAMES = List.of(
            "session", "user", "ip", "operation", "znode", "znode_type", "acl", "result", "scheme", "error", "count");

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final char SEPARATOR = '\t';

    public AuditEvent {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String name : NAMES) {
            String value = fields.getOrDefault(name, "");
            if (!value.isEmpty()) {
                // Clients choose some of these; a line is one line all the same.
                ordered.put(name, CONTROL.matcher(value).replaceAll("?"));
            }
        }
        at = at.truncatedTo(ChronoUnit.MILLIS);
        fields = ordered;
    }

    /** Empty where it has none. */
    public String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /** As it stands in the file. */
    public String line() {
        StringBuilder line = new StringBuilder(128).append(at);
        fields.forEach(
                (name, value) -> line.append(SEPARATOR).append(name).append('=').append(value));
        return line.toString();
    }

    /** What a line says; empty for one that is none, such as the last of a file whose writer was killed. */
    public static Optional<AuditEvent> parse(String line) {
        String[] parts = line.split(String.valueOf(SEPARATOR), -1);
        try {
            Instant at = Instant.parse(parts[0]);
            Map<String, String> fields = new LinkedHashMap<>();
            for (int i = 1; i < parts.length; i++) {
                int equals = parts[i].indexOf('=');
                if (equals <= 0) {
                    return Optional.empty();
                }
                fields.put(parts[i].substring(0, equals), parts[i].substring(equals + 1));
            }
            return fields.containsKey("operation") ? Optional.of(new AuditEvent(at, fields)) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
