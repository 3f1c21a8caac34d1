package io.troupe.app.config;

/**
 * One of ZooKeeper's settings as the operator wrote it.
 *
 * @param place file and line; empty for a system property
 */
record Entry(String key, String value, String place) {
    /** A setting given as {@code -Dkey=value}. */
    static Entry ofProperty(String key, String value) {
        return new Entry(key, value, "");
    }

    /** Place, key and value, for messages. */
    String shown() {
        return (place.isEmpty() ? "-D" : place + ": ") + key + " = " + value;
    }
}
