package io.troupe.app.console;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * An answer of server-sent events: what is written goes out as fast as its reader takes it. Ends when the reader is gone, or leaves
 * too much unread. Thread-safe.
 */
final class EventStream {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final long mostUnsent;
    private final StringBuilder unsent = new StringBuilder();
    private boolean writing;
    private boolean ending;
    private boolean ended;

    /**
     * One that has not begun.
     *
     * @param mostUnsent characters that its reader may leave unread
     */
    EventStream(Request request, Response response, Callback callback, long mostUnsent) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.mostUnsent = mostUnsent;
    }

    /** {@code action} runs once the request is over, for whatever reason, whether the stream has begun or not. */
    void onEnd(Runnable action) {
        // Without anything to write nobody would notice that the reader has gone.
        request.addFailureListener(failure -> fail(failure));
        Request.addCompletionListener(request, failure -> {
            synchronized (this) {
                ended = true;
            }
            action.run();
        });
    }

    /** Begins the answer. */
    void begin() {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        // Proxies hold back what they take for a page otherwise.
        response.getHeaders().put("X-Accel-Buffering", "no");
    }

    /** Writes this text, which ends with an empty line. */
    void write(String text) {
        boolean overrun;
        synchronized (this) {
            if (ending || ended) {
                return;
            }
            unsent.append(text);
            overrun = unsent.length() > mostUnsent;
        }
        if (overrun) {
            tooSlow();
        } else {
            pump();
        }
    }

    /** Ends at once: the reader does not keep up. He comes back with the last id that he has seen. */
    void tooSlow() {
        fail(new EOFException("the reader of a stream of events is too slow"));
    }

    /** Whether nothing reaches the reader any more. */
    synchronized boolean ended() {
        return ending || ended;
    }

    /** Ends behind what was written. */
    void end() {
        synchronized (this) {
            ending = true;
        }
        pump();
    }

    private void pump() {
        byte[] piece;
        boolean last;
        synchronized (this) {
            if (writing || ended || (unsent.length() == 0 && !ending)) {
                return;
            }
            piece = unsent.toString().getBytes(StandardCharsets.UTF_8);
            unsent.setLength(0);
            last = ending;
            ended = last;
            writing = true;
        }
        response.write(last, ByteBuffer.wrap(piece), last ? callback : Callback.from(this::written, this::fail));
    }

    private void written() {
        synchronized (this) {
            writing = false;
        }
        pump();
    }

    private void fail(Throwable failure) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        callback.failed(failure);
    }
}
