package io.troupe.node;

/**
 * Why a node ended.
 *
 * @param kind what happened
 * @param cause one line for the operator: what, where, and the remedy
 */
public record ExitReason(Kind kind, String cause) {
    /** What can end a node, and the exit status that tells it. */
    public enum Kind {
        /** Asked to stop. */
        STOPPED(0),
        /** Anything without a status of its own. */
        FAILED(1),
        BAD_CONFIGURATION(2),
        /** The JVM's own status with {@code -XX:+ExitOnOutOfMemoryError}; listed so that nothing else takes it. */
        OUT_OF_MEMORY(3),
        DATA_DIRECTORY_UNUSABLE(4),
        DATA_DIRECTORY_IN_USE(5),
        NEWER_DATA_FORMAT(6),
        /** A write or fsync failed; what was not acknowledged may be lost, what was is not. */
        DISK_FAILED(7),
        /** This node's tree differs from the leader's. */
        DIVERGED(8),
        PORT_IN_USE(9),
        /** The other members run a release that this one cannot speak with. */
        INCOMPATIBLE_RELEASE(10);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /** The process's exit status. */
        public int status() {
            return status;
        }
    }
}
