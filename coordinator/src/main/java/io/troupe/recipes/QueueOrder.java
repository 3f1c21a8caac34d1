package io.troupe.recipes;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** In which order the znodes of a queue are due, and when; both as Curator has them. */
final class QueueOrder {
    private static final String ITEM = "queue-";
    private static final char AROUND_DUE = '|';
    private static final int HEX = 16;

    /** In the order in which they were put. */
    static final QueueOrder AS_PUT = new QueueOrder(name -> 0);

    /** By the milliseconds since 1970 that their names have; what has none is due at once. */
    static final QueueOrder BY_TIME = new QueueOrder(QueueOrder::millis);

    private final ToLongFunction<String> due;

    private QueueOrder(ToLongFunction<String> due) {
        this.due = due;
    }

    /** What names of znodes have before the number. */
    static String prefix() {
        return ITEM;
    }

    /** The same for those that are due then. */
    static String prefix(Instant due) {
        return ITEM + AROUND_DUE + String.format(Locale.ROOT, "%08X", due.toEpochMilli()) + AROUND_DUE;
    }

    private static long millis(String name) {
        int end = name.lastIndexOf(AROUND_DUE);
        int begin = end > 0 ? name.lastIndexOf(AROUND_DUE, end - 1) : -1;
        if (begin < 0) {
            return 0;
        }
        try {
            return Long.parseLong(name.substring(begin + 1, end), HEX);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Milliseconds since 1970, 0 for at once. */
    long due(String name) {
        return due.applyAsLong(name);
    }

    /** Those that belong to the queue, the first first. */
    List<String> sorted(List<String> names) {
        return names.stream()
                .filter(name -> name.startsWith(ITEM))
                .sorted(Comparator.comparingLong(due).thenComparing(Comparator.naturalOrder()))
                .toList();
    }
}
