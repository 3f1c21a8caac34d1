package io.troupe.recipes;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The order of those who contend, by the numbers of their znodes, and whom each waits for; both as Curator has them. */
final class Line {
    static final String LOCK = "lock-";
    static final String LATCH = "latch-";
    static final String READ = "__READ__";
    static final String WRITE = "__WRIT__";
    static final String LEASE = "lease-";

    private Line() {}

    /** Whom one waits for. */
    @FunctionalInterface
    interface Rule {
        /**
         * The znode that must change before it can be the turn of {@code own}; empty when it is.
         *
         * @param names of all children of the directory, {@code own} among them
         */
        Optional<String> blocker(String directory, List<String> names, String own);
    }

    /** One at a time: each waits for the one before him. */
    static Rule alone(String lockName) {
        return (directory, names, own) -> before(directory, sorted(names, lockName), own);
    }

    /** Nobody else, neither readers nor writers. */
    static Rule writer() {
        return (directory, names, own) -> before(directory, sorted(names, READ, WRITE), own);
    }

    /** No writer who came before; of several the last one, so that the others' leaving wakes nobody. */
    static Rule reader() {
        return (directory, names, own) -> {
            List<String> order = sorted(names, READ, WRITE);
            return order.subList(0, order.indexOf(own)).stream()
                    .filter(name -> name.contains(WRITE))
                    .reduce((earlier, later) -> later)
                    .map(name -> directory + "/" + name);
        };
    }

    /** No more than so many. Whoever waits looks at all, so only one at a time may. */
    static Rule atMost(int most) {
        return (directory, names, own) -> names.size() <= most ? Optional.empty() : Optional.of(directory);
    }

    private static Optional<String> before(String directory, List<String> order, String own) {
        int place = order.indexOf(own);
        return place == 0 ? Optional.empty() : Optional.of(directory + "/" + order.get(place - 1));
    }

    /** By what stands behind the last of these names in them; by the whole name where there is none. */
    static List<String> sorted(List<String> names, String... lockNames) {
        return names.stream()
                .sorted(Comparator.comparing(name -> number(name, lockNames)))
                .toList();
    }

    private static String number(String name, String... lockNames) {
        String number = name;
        for (String lockName : lockNames) {
            int index = number.lastIndexOf(lockName);
            number = index < 0 ? number : number.substring(index + lockName.length());
        }
        return number;
    }
}
