package io.troupe.app.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where results, errors and what happens meanwhile are printed. Events may be told by any thread. */
final class Output {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String PLAIN = "\u001b[0m";
    /** Back to the beginning of the line, and nothing on it. */
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter results;
    private final PrintWriter errors;
    private final Consumer<String> watches;
    private final Consumer<String> changes;
    private final boolean json;
    private final boolean terminal;
    private final boolean colours;
    private final AtomicBoolean printsEvents = new AtomicBoolean(true);
    private boolean inProgress;

    /**
     * Everything goes to its own place.
     *
     * @param watches takes a line for each watch that fires
     * @param changes takes a line for each change of the connection
     */
    Output(
            PrintWriter results,
            PrintWriter errors,
            Consumer<String> watches,
            Consumer<String> changes,
            ShellSettings settings) {
        this.results = results;
        this.errors = errors;
        this.watches = watches;
        this.changes = changes;
        this.json = settings.json();
        this.terminal = settings.terminal();
        this.colours = settings.colours();
    }

    void print(Result result) {
        if (json) {
            results.println(json(result.fields()));
        } else {
            result.lines().forEach(results::println);
        }
        results.flush();
    }

    /** With JSON, an error is the result of its command. */
    void print(String command, CommandException failure) {
        if (json) {
            results.println(json(Result.of(command)
                    .with("error", failure.code())
                    .with("message", failure.getMessage())
                    .with("remedy", failure.remedy())
                    .fields()));
            results.flush();
        } else {
            errors.println(coloured(RED, failure.text()));
            errors.flush();
        }
    }

    /** The connection is in another state. */
    void changed(Result event) {
        tell(event, changes);
    }

    /** A watch that fired; printed unless {@code printwatches off}. */
    void watched(Result event) {
        if (printsEvents.get()) {
            tell(event, watches);
        }
    }

    private void tell(Result event, Consumer<String> to) {
        if (json) {
            to.accept(json(event.fields()));
        } else {
            event.lines().forEach(line -> to.accept(coloured(YELLOW, line)));
        }
    }

    void printEvents(boolean print) {
        printsEvents.set(print);
    }

    boolean printsEvents() {
        return printsEvents.get();
    }

    /** How far long work has come; only on a terminal, on one line that is written over. */
    void progress(String text) {
        if (terminal && !json) {
            inProgress = true;
            errors.print(CLEAR + text);
            errors.flush();
        }
    }

    void endProgress() {
        if (inProgress) {
            inProgress = false;
            errors.print(CLEAR);
            errors.flush();
        }
    }

    private String coloured(String colour, String text) {
        return colours ? colour + text + PLAIN : text;
    }

    private static String json(Map<String, @Nullable Object> fields) {
        try {
            return JSON.writeValueAsString(new LinkedHashMap<>(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
