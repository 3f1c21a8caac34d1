package io.troupe.app.config;

import java.util.List;

/** Where one of ZooKeeper's keys is read from (contract 6.1). */
enum Kind {
    /** The configuration file, as it stands. */
    FILE,
    /** The configuration file, with or without {@code zookeeper.}, or a system property with it. */
    PROPERTY,
    /** A system property without {@code zookeeper.}; in the file such a key has no effect. */
    JVM;

    private static final String PREFIX = "zookeeper.";

    List<String> spellingsInFile(String key) {
        return switch (this) {
            case FILE -> List.of(key);
            case PROPERTY -> List.of(key, PREFIX + key);
            case JVM -> List.of();
        };
    }

    List<String> spellingsOfProperty(String key) {
        return switch (this) {
            case FILE -> List.of();
            case PROPERTY -> List.of(PREFIX + key);
            case JVM -> List.of(key);
        };
    }
}
