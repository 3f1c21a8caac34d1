package io.troupe.app.config;

import java.util.Locale;

/**
 * One of ZooKeeper's settings as the operator wrote it.
 *
 * @param place file and line; empty for a system property
 */
record Entry(String key, String value, String place) {
    private static final String IS = " = ";

    /** A setting given as {@code -Dkey=value}. */
    static Entry ofProperty(String key, String value) {
        return new Entry(key, value, "");
    }

    /** Whether this is what {@link #shown} says of some entry, and not the place of a key of our own. */
    static boolean isShown(String place) {
        return place.contains(IS);
    }

    /** Place, key and value, for messages; a password's value is not shown. */
    String shown() {
        boolean secret = key.toLowerCase(Locale.ROOT).endsWith("password");
        return (place.isEmpty() ? "-D" : place + ": ") + key + IS + (secret ? "***" : value);
    }
}
