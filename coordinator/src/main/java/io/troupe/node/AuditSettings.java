package io.troupe.node;

/**
 * What is written to the audit log.
 *
 * @param directory of its files; empty for the directory {@code audit} of the data directory
 */
public record AuditSettings(Level level, String directory) {
    public static final AuditSettings DEFAULT = new AuditSettings(Level.SECURITY, "");

    /** How much is written. */
    public enum Level {
        /** Nothing. */
        OFF,
        /** Who proved to be whom or failed to, what was refused, changes of access lists and members, and what was asked over HTTP. */
        SECURITY,
        /** Besides, sessions and every change of a znode. */
        ALL
    }
}
