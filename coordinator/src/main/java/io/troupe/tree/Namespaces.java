package io.troupe.tree;

import io.troupe.metrics.Metrics;
import io.troupe.metrics.Summary;
import org.jspecify.annotations.Nullable;

/**
 * One summary for each top-level namespace, the first part of a path. Asked on every request, it finds a summary without making a
 * string of the namespace. One thread only.
 */
final class Namespaces {
    /** Namespaces beyond this many are not told apart any more: their summaries would fill memory and dashboards. */
    static final int MOST = 512;

    /** Slots; a power of two, twice as many as namespaces, so that a free one is always near. */
    private static final int SLOTS = 1024;

    private final Metrics metrics;
    private final String suffix;
    private final @Nullable String[] names = new @Nullable String[SLOTS];
    private final @Nullable Summary[] summaries = new @Nullable Summary[SLOTS];
    private int known;

    /** Summaries called {@code <namespace>_<name>}. */
    Namespaces(Metrics metrics, String name) {
        this.metrics = metrics;
        this.suffix = "_" + name;
    }

    /** The namespace of a path, empty for the root and for what is no path. */
    static String of(String path) {
        return path.isEmpty() || path.charAt(0) != '/' ? "" : path.substring(1, end(path));
    }

    private static int end(String path) {
        int slash = path.indexOf('/', 1);
        return slash < 0 ? path.length() : slash;
    }

    /** One more measurement for the namespace of this path. */
    void add(String path, long value) {
        if (path.length() < 2 || path.charAt(0) != '/') {
            return;
        }
        int end = end(path);
        int hash = 0;
        for (int i = 1; i < end; i++) {
            hash = 31 * hash + path.charAt(i);
        }
        int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
        for (String name = names[slot]; name != null; name = names[slot]) {
            Summary summary = summaries[slot];
            if (summary != null && name.length() == end - 1 && path.startsWith(name, 1)) {
                summary.add(value);
                return;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        if (known < MOST) {
            known++;
            String name = path.substring(1, end);
            Summary summary = metrics.summary(name + suffix);
            names[slot] = name;
            summaries[slot] = summary;
            summary.add(value);
        }
    }
}
