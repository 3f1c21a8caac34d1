package io.troupe.actorport;

import java.util.Optional;

/** How many clients a node takes on, those of its other ports among them. Thread-safe. */
public interface Admission {
    /** Any number. */
    Admission UNLIMITED = new Admission() {
        @Override
        public Optional<String> refusal(String host, boolean renewed) {
            return Optional.empty();
        }

        @Override
        public void release(String host) {
            // Nobody counts.
        }
    };

    /**
     * Why a client may not have a connection; empty if it may, and then it must be {@link #release}d.
     *
     * @param host where answers to it go, an address or a name; empty for the node's own actor system
     * @param renewed whether it goes on with a session
     */
    Optional<String> refusal(String host, boolean renewed);

    /** A connection of a client there is over. */
    void release(String host);
}
