package io.troupe.ensemble;

import java.util.Objects;

/**
 * What a node runs, and whom it can speak with. A node speaks the protocols from its oldest to its latest, so two nodes can be in one
 * ensemble when these overlap (decision 053).
 *
 * @param name of the release, for people
 * @param oldestProtocol the oldest protocol between nodes that it speaks
 * @param protocol the latest that it speaks
 */
public record Release(String name, int oldestProtocol, int protocol) {
    /**
     * Raised when a release needs what earlier ones do not understand: a message of another shape, a request or a rule of execution
     * that they do not know. A field that is added, and that may be missing, is no such thing.
     */
    private static final int PROTOCOL = 1;

    private static final int OLDEST_PROTOCOL = 1;

    /** This one. */
    public static final Release OWN = new Release(
            Objects.requireNonNullElse(Release.class.getPackage().getImplementationVersion(), "(not packaged)"),
            OLDEST_PROTOCOL,
            PROTOCOL);

    public Release {
        if (oldestProtocol > protocol) {
            throw new IllegalArgumentException("a release that speaks protocols " + oldestProtocol + " to " + protocol);
        }
    }

    /** Whether both can be in one ensemble. */
    public boolean speaksWith(Release other) {
        return oldestProtocol <= other.protocol && other.oldestProtocol <= protocol;
    }

    /** For people: {@code 1.2.0 (protocols 2 to 3)}. */
    @Override
    public String toString() {
        return oldestProtocol == protocol
                ? "%s (protocol %d)".formatted(name, protocol)
                : "%s (protocols %d to %d)".formatted(name, oldestProtocol, protocol);
    }
}
