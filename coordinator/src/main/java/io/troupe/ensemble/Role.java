package io.troupe.ensemble;

import java.util.Locale;

/** What a node is at this moment. */
public enum Role {
    /** Without a leader; serves nobody. */
    LOOKING,
    /** A voter that follows an established leader. */
    FOLLOWING,
    /** The leader of the current epoch. */
    LEADING,
    /** A node that learns and serves reads, but does not count for quorums. */
    OBSERVING;

    /** The word ZooKeeper's tools expect in {@code Mode:} lines. */
    public String mode(boolean standalone) {
        return switch (this) {
            case LOOKING -> "looking";
            case FOLLOWING -> "follower";
            case LEADING -> standalone ? "standalone" : "leader";
            case OBSERVING -> "observer";
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
