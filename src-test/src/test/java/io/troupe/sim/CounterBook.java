package io.troupe.sim;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Increments of a counter: each makes one number of its own, greater than all that were acknowledged before it was begun. */
final class CounterBook {
    /** One increment, and the greatest number that was known when it was begun. */
    record Increment(String by, long after) {}

    private final Map<Long, Increment> acknowledged = new TreeMap<>();
    private long greatest;
    private long begun;

    Increment begins(String by) {
        begun++;
        return new Increment(by, greatest);
    }

    /** What is wrong with the number that an increment has come to, if anything is. */
    Optional<String> acknowledged(Increment increment, long value) {
        Increment other = acknowledged.put(value, increment);
        greatest = Math.max(greatest, value);
        if (other != null) {
            return Optional.of("%s and %s have both made the counter %d".formatted(other.by(), increment.by(), value));
        }
        return value > increment.after()
                ? Optional.empty()
                : Optional.of("%s has made the counter %d, which had been %d before"
                        .formatted(increment.by(), value, increment.after()));
    }

    /** What is wrong with the number in the end, if anything is. */
    Optional<String> judge(long value) {
        if (value < acknowledged.size() || value < greatest) {
            return Optional.of("the counter is %d after %d acknowledged increments, the greatest to %d"
                    .formatted(value, acknowledged.size(), greatest));
        }
        return value > begun
                ? Optional.of("the counter is %d after %d increments at most".formatted(value, begun))
                : Optional.empty();
    }
}
