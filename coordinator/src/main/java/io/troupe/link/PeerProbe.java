package io.troupe.link;

/**
 * Notices that another node's process is gone faster than silence could tell: a dead process's sockets close at once. A hint
 * only; nothing is decided on it that a quorum does not confirm.
 */
public interface PeerProbe extends AutoCloseable {
    /** Told, on any thread, what became of a peer's process; turn it into a message at once. */
    @FunctionalInterface
    interface Listener {
        /**
         * {@code up} false: the peer's connection closed, or there was none, and it refuses another; true: it accepted one.
         * Told once after {@link PeerProbe#watch}, and at each change.
         */
        void onReachability(int nodeId, boolean up);
    }

    /** Watches a node from now on, by a new connection; the latest call for a node wins. */
    void watch(int nodeId, String host, int port, Listener listener);

    @Override
    void close();
}
