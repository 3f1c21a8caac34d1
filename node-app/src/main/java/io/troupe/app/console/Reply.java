package io.troupe.app.console;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request.
 *
 * @param contentType null where there is no body
 */
record Reply(int status, @Nullable String contentType, byte[] body, Map<String, String> headers) {
    private static final byte[] NOTHING = new byte[0];

    /** A handler that has answered by itself. */
    static final Reply STREAMED = new Reply(0, null, NOTHING, Map.of());

    /** Whether its handler has answered by itself. */
    boolean streamed() {
        return status == 0;
    }

    static Reply json(Object value) {
        return json(200, value);
    }

    static Reply json(int status, Object value) {
        return new Reply(status, "application/json", Json.bytes(value), Map.of());
    }

    static Reply text(int status, String text) {
        return new Reply(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Reply html(String text) {
        return new Reply(200, "text/html; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Reply empty() {
        return empty(204);
    }

    static Reply empty(int status) {
        return new Reply(status, null, NOTHING, Map.of());
    }

    /** The same without one header, if it has it. */
    Reply without(String header) {
        Map<String, String> others = new LinkedHashMap<>(headers);
        others.remove(header);
        return new Reply(status, contentType, body, others);
    }

    /** The same with one more header. */
    Reply with(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new Reply(status, contentType, body, all);
    }
}
