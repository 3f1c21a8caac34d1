package io.troupe.app.clientport;

import io.troupe.env.Clock;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of connections that end otherwise than they should, each in a line of its own while they are few. Once there are many of a kind
 * in a minute only their number is told, every minute until there are few again: whoever can connect must not be able to fill the disk
 * of the log. Thread-safe.
 */
final class Episodes {
    /** Lines of a kind in a minute before they are only counted. */
    static final int LINES = 10;

    private static final Logger LOG = LoggerFactory.getLogger(ClientPort.class);
    private static final long WINDOW_MILLIS = 60_000;

    private final Clock clock;
    private final Map<Kind, Window> windows = new EnumMap<>(Kind.class);

    /** What happens to a connection. */
    enum Kind {
        /** It was one too many. */
        REFUSED("were refused"),
        /** The node ended it. */
        ENDED("had their connection closed by this node"),
        /** What its client sent, or did not send, was no good. */
        DROPPED("were dropped for what they sent or did not send"),
        /** The client ended it. */
        LEFT("hung up without closing their session");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** What there was of one kind since a moment. */
    private static final class Window {
        private long sinceMillis;
        private long count;
        /** Whether there were too many in the window before. */
        private boolean goesOn;

        private String last = "";
    }

    Episodes(Clock clock) {
        this.clock = clock;
    }

    /**
     * Something has happened to a connection.
     *
     * @param client its address
     * @param what completes the sentence "client …: "
     */
    void tell(Kind kind, Object client, String what) {
        boolean inFull;
        synchronized (this) {
            Window window = windows.computeIfAbsent(kind, k -> new Window());
            roll(kind, window);
            if (window.count == 0) {
                window.sinceMillis = clock.monotonicMillis();
            }
            window.count++;
            window.last = client + ": " + what;
            inFull = !window.goesOn && window.count <= LINES;
            if (!window.goesOn && window.count == LINES + 1) {
                LOG.warn(
                        "more than {} clients {} within a minute; from here on they are only counted",
                        LINES,
                        kind.words);
            }
        }
        if (inFull) {
            LOG.info("client {}: {}", client, what);
        }
    }

    /** Tells of what has been counted, when it is time. */
    synchronized void tick() {
        windows.forEach(this::roll);
    }

    private void roll(Kind kind, Window window) {
        if (window.count == 0 || clock.monotonicMillis() - window.sinceMillis < WINDOW_MILLIS) {
            return;
        }
        boolean many = window.count > LINES;
        if (many || window.goesOn) {
            LOG.warn("{} clients {} within a minute, the last of them {}", window.count, kind.words, window.last);
        }
        window.goesOn = many;
        window.count = 0;
    }
}
