package io.troupe.app.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.ensemble.Zxid;
import io.troupe.request.Operation;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** One request with what is known of it, and the way for an answer that does not come in one piece. */
final class Exchange {
    private static final int DECIMAL = 10;
    private static final int HEXADECIMAL = 16;
    private static final int PIECE_BYTES = 64 << 10;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Caller caller;
    private final String parameter;
    private final byte[] body;
    private final HttpAudit.Entry entry;
    private final Fields query;

    Exchange(
            Request request,
            Response response,
            Callback callback,
            Caller caller,
            String parameter,
            byte[] body,
            HttpAudit.Entry entry) {
        this.entry = entry;
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.caller = caller;
        this.parameter = parameter;
        this.body = body;
        this.query = Request.extractQueryParameters(request);
    }

    /** Says what is asked of the tree. */
    void asks(Operation operation) {
        entry.asks(operation);
    }

    Caller caller() {
        return caller;
    }

    /** The part of the path that the route leaves open. */
    String parameter() {
        return parameter;
    }

    byte[] body() {
        return body;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(query.getValue(name));
    }

    /** The znode's path that the query names. */
    String path() {
        return checkedPath(query("path").orElseThrow(() -> Problem.badRequest("name a znode: ?path=/…")));
    }

    /** A path from the root; what else is wrong with it the tree says. */
    static String checkedPath(String path) {
        if (!path.startsWith("/")) {
            throw Problem.badRequest("\"" + printable(path) + "\" is no path of a znode: write it from the root, /a/b");
        }
        return path;
    }

    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    boolean flag(String name) {
        return query(name)
                .map(value -> switch (value) {
                    case "", "true" -> true;
                    case "false" -> false;
                    default -> throw Problem.badRequest(name + "=" + printable(value) + ": write true or false");
                })
                .orElse(false);
    }

    int whole(String name, int otherwise, int least, int most) {
        return query(name)
                .map(value -> {
                    long number = number(name, value);
                    if (number < least || number > most) {
                        throw Problem.badRequest(
                                name + "=" + printable(value) + ": write a whole number from " + least + " to " + most);
                    }
                    return (int) number;
                })
                .orElse(otherwise);
    }

    /** A number, in hexadecimal where it begins with 0x. */
    static long number(String name, String written) {
        String text = written.strip();
        boolean hex = text.toLowerCase(Locale.ROOT).startsWith("0x");
        try {
            return hex ? Long.parseUnsignedLong(text.substring(2), HEXADECIMAL) : Long.parseLong(text, DECIMAL);
        } catch (NumberFormatException e) {
            throw Problem.badRequest(
                    name + "=" + printable(written) + ": write a whole number, or " + Zxid.hex(HEXADECIMAL));
        }
    }

    /** The version that a znode must have, from the query or the header {@code If-Match}; -1 for any. */
    int version() {
        Optional<String> match = header(HttpHeader.IF_MATCH.asString());
        if (match.isEmpty() || query("version").isPresent()) {
            return whole("version", -1, -1, Integer.MAX_VALUE);
        }
        String tag = match.get().strip();
        if (tag.equals("*")) {
            return -1;
        }
        long version = number("If-Match", tag.replaceAll("^\"|\"$", ""));
        if (version < 0 || version > Integer.MAX_VALUE) {
            throw Problem.badRequest("If-Match: " + printable(tag) + ": write the version in quotes, \"3\", or *");
        }
        return (int) version;
    }

    /** The body, which no form of a web page can send as this type. */
    ObjectNode json() {
        String type = header("Content-Type").orElse("");
        if (!type.toLowerCase(Locale.ROOT).matches("application/json\\s*(;.*)?")) {
            throw Problem.of(
                    415,
                    "content-type",
                    "The body is of another type",
                    "send JSON with the header Content-Type: application/json");
        }
        return Json.object(body);
    }

    /** The answer may take its time: that nothing is written meanwhile does not end the request. */
    void takesLong() {
        request.addIdleTimeoutListener(timeout -> false);
    }

    /** {@code action} runs once the request is over, for whatever reason. */
    void onEnd(Runnable action) {
        Request.addCompletionListener(request, failure -> action.run());
    }

    /** Answers with the content of a file, as fast as its reader takes it; nothing else is answered then. */
    void send(Map<String, String> headers, long bytes, InputStream content) {
        response.setStatus(200);
        headers.forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/octet-stream");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        ByteBufferPool.Sized buffers =
                new ByteBufferPool.Sized(request.getComponents().getByteBufferPool(), false, PIECE_BYTES);
        Content.copy(Content.Source.from(buffers, content), response, callback);
    }

    /** Answers by events from now on; nothing else is answered then. */
    EventStream events(long mostUnsentBytes) {
        return new EventStream(request, response, callback, mostUnsentBytes);
    }
}
