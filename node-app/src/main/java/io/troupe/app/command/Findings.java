package io.troupe.app.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** What an inspection finds, printed line by line, for people or as JSON. */
final class Findings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream output;
    private final boolean json;
    private int problems;

    Findings(PrintStream output, boolean json) {
        this.output = output;
        this.json = json;
    }

    /** One thing that was found, with what there is to say of it. */
    static final class Finding {
        private final String kind;
        private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

        Finding(String kind) {
            this.kind = kind;
        }

        Finding with(String name, @Nullable Object value) {
            fields.put(name, value);
            return this;
        }
    }

    void problem(String text) {
        problems++;
        print(new Finding("problem").with("text", text));
    }

    int problems() {
        return problems;
    }

    void print(Finding finding) {
        output.println(json ? json(finding) : text(finding));
    }

    private static String json(Finding finding) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("kind", finding.kind);
        line.putAll(finding.fields);
        try {
            return JSON.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Finding finding) {
        StringJoiner line = new StringJoiner("  ", "%-10s".formatted(finding.kind), "");
        finding.fields.forEach((name, value) -> {
            if (name.equals("text")) {
                line.add(String.valueOf(value));
            } else if (value instanceof List<?> list) {
                list.forEach(entry -> line.add("\n             " + entry));
            } else if (value != null) {
                line.add(name + " " + value);
            }
        });
        return line.toString();
    }
}
