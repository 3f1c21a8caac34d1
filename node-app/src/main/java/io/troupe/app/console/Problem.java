package io.troupe.app.console;

import java.util.LinkedHashMap;
import java.util.Map;

/** Why a request came to nothing, as it is told in {@code application/problem+json} (RFC 9457). */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String cause;
    private final String title;
    private final transient Map<String, String> headers;

    private Problem(int status, String cause, String title, String detail, Map<String, String> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.cause = cause;
        this.title = title;
        this.headers = headers;
    }

    /**
     * A problem.
     *
     * @param status of the answer
     * @param cause a word for programs, such as {@code no-node}
     * @param title the same for people
     * @param detail what is wrong with this request, and the remedy
     */
    static Problem of(int status, String cause, String title, String detail) {
        return new Problem(status, cause, title, detail, Map.of());
    }

    /** Something in the request that cannot be used. */
    static Problem badRequest(String detail) {
        return of(400, "bad-request", "The request cannot be used", detail);
    }

    /** The node serves nobody at the moment. */
    static Problem notServing(String detail) {
        return of(503, "not-serving", "The node serves no clients at the moment", detail)
                .with("Retry-After", "1");
    }

    /** The same with a header for the answer. */
    Problem with(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new Problem(status, cause, title, detail(), all);
    }

    int status() {
        return status;
    }

    String cause() {
        return cause;
    }

    String detail() {
        return String.valueOf(getMessage());
    }

    Reply reply() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", title);
        body.put("status", status);
        body.put("detail", detail());
        body.put("cause", cause);
        return new Reply(status, "application/problem+json", Json.bytes(body), headers);
    }
}
