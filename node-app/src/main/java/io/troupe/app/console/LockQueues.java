package io.troupe.app.console;

import io.troupe.edge.TreeReport.SessionReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the queues that recipes for locks, elections and the like make: sequential ephemerals below one parent, of which the one with the
 * lowest number has what the others wait for. Which recipe made one is guessed by the names that ZooKeeper's, Curator's, kazoo's and
 * Troupe's give; a mere sequence may be something else, such as a list of services. Pure.
 */
final class LockQueues {
    /** The tree appends ten digits, whatever the name before them ends with. */
    private static final Pattern SEQUENTIAL = Pattern.compile("(.*)(\\d{10})");

    private LockQueues() {}

    /**
     * A place in a queue.
     *
     * @param shared whether it is content to hold it together with its likes, as the readers of a read-write lock
     * @param holds whether it has what those behind it wait for
     */
    record Entry(String name, long number, long session, boolean shared, boolean holds) {}

    /** A queue: what it seems to be, and who stands in it, in order. */
    record Queue(String path, String kind, List<Entry> entries) {
        int waiting() {
            return (int) entries.stream().filter(entry -> !entry.holds()).count();
        }
    }

    /** All of them, those with the most waiting first. */
    static List<Queue> of(List<SessionReport> sessions) {
        Map<String, List<Entry>> byParent = new HashMap<>();
        for (SessionReport session : sessions) {
            for (String path : session.ephemerals()) {
                int slash = path.lastIndexOf('/');
                String name = path.substring(slash + 1);
                Matcher sequential = SEQUENTIAL.matcher(name);
                if (sequential.matches()) {
                    String parent = slash == 0 ? "/" : path.substring(0, slash);
                    byParent.computeIfAbsent(parent, p -> new ArrayList<>())
                            .add(new Entry(
                                    name,
                                    Long.parseLong(sequential.group(2)),
                                    session.sessionId(),
                                    isShared(sequential.group(1)),
                                    false));
                }
            }
        }
        List<Queue> queues = new ArrayList<>();
        byParent.forEach((parent, entries) -> queues.add(new Queue(parent, kind(entries), inOrder(entries))));
        queues.sort(Comparator.comparing(Queue::waiting).reversed().thenComparing(Queue::path));
        return queues;
    }

    private static boolean isShared(String name) {
        return name.contains("__READ__") || name.contains("__rlock__") || name.endsWith("read-");
    }

    private static List<Entry> inOrder(List<Entry> entries) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::number));
        List<Entry> told = new ArrayList<>();
        boolean holding = true;
        for (Entry entry : sorted) {
            holding =
                    told.isEmpty() || (holding && entry.shared() && told.get(0).shared());
            told.add(new Entry(entry.name(), entry.number(), entry.session(), entry.shared(), holding));
        }
        return told;
    }

    private static String kind(List<Entry> entries) {
        for (Entry entry : entries) {
            String name = entry.name().toLowerCase(Locale.ROOT);
            if (entry.shared() || name.contains("__writ__") || name.contains("write-")) {
                return "read-write lock";
            } else if (name.contains("latch-") || name.contains("election") || name.startsWith("n_")) {
                return "election";
            } else if (name.contains("lease-")) {
                return "semaphore";
            } else if (name.contains("lock")) {
                return "lock";
            }
        }
        return "sequence";
    }
}
