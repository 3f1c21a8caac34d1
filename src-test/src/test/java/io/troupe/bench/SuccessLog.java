package io.troupe.bench;

import java.util.ArrayList;
import java.util.List;

/** When writes succeeded, and which did not. Thread-safe. */
final class SuccessLog {
    private final List<Long> successes = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();

    private record Failure(int server, long nanos) {}

    synchronized void succeeded(long nanos) {
        successes.add(nanos);
    }

    /** A request of a client of {@code server} failed, or its connection ended before the answer. */
    synchronized void failed(int server, long nanos) {
        failures.add(new Failure(server, nanos));
    }

    /** Whether writes succeeded from {@code from} to {@code to} without a pause longer than {@code tolerated}. */
    synchronized boolean steady(long from, long to, long tolerated) {
        long next = to;
        for (int i = successes.size() - 1; i >= 0 && next > from; i--) {
            if (next - successes.get(i) > tolerated) {
                return false;
            }
            next = successes.get(i);
        }
        return next <= from;
    }

    /** The longest time without a success that ended after {@code from}. */
    synchronized long longestGap(long from) {
        long longest = 0;
        for (int i = successes.size() - 1; i > 0 && successes.get(i) > from; i--) {
            longest = Math.max(longest, successes.get(i) - successes.get(i - 1));
        }
        return longest;
    }

    /** Failures since {@code from} of clients of other servers than {@code server}. */
    synchronized long failuresElsewhere(int server, long from) {
        return failures.stream()
                .filter(f -> f.server() != server && f.nanos() >= from)
                .count();
    }
}
