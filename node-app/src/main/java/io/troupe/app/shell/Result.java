package io.troupe.app.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** What a command found, as fields for programs and as lines for people. */
final class Result {
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();

    private Result() {}

    static Result of(String command) {
        return new Result().with("command", command);
    }

    static Result of(String command, String path) {
        return of(command).with("path", path);
    }

    /** Something that nobody asked for. */
    static Result event(String kind) {
        return new Result().with("event", kind);
    }

    Result with(String name, @Nullable Object value) {
        fields.put(name, value);
        return this;
    }

    /** The stat as well, where it is wanted. */
    Result withStat(boolean wanted, Stat stat) {
        return wanted ? with("stat", StatText.json(stat)).lines(StatText.lines(stat)) : this;
    }

    Result line(String text) {
        lines.add(text);
        return this;
    }

    Result lines(List<String> more) {
        lines.addAll(more);
        return this;
    }

    Map<String, @Nullable Object> fields() {
        return fields;
    }

    List<String> lines() {
        return lines;
    }
}
