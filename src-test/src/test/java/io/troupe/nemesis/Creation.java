package io.troupe.nemesis;

import org.jspecify.annotations.Nullable;

/**
 * One creation of a sequential node, with a value that nobody else writes.
 *
 * @param client who did it
 * @param outcome as far as the client knows
 * @param value the node's data
 * @param path that was answered; null unless acknowledged
 * @param invoked when it was sent, in nanoseconds
 * @param ended when the answer arrived; {@link Long#MAX_VALUE} when none did
 */
record Creation(
        String client,
        Outcome outcome,
        String value,
        @Nullable String path,
        long invoked,
        long ended) {
    /** What a client knows of its creation. */
    enum Outcome {
        ACKNOWLEDGED,
        UNKNOWN,
        REFUSED
    }

    /** The number that the server chose; only of acknowledged creations. */
    int number() {
        return path == null ? -1 : number(path);
    }

    /** The number at the end of a sequential node's path. */
    static int number(String path) {
        return Integer.parseInt(path.substring(path.length() - 10));
    }
}
