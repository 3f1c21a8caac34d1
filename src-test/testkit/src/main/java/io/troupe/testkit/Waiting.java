package io.troupe.testkit;

import io.troupe.env.Clock;
import io.troupe.env.system.SystemClock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what nodes publish about themselves, which they tell nobody of. */
final class Waiting {
    /** For an election and a synchronization on a busy host; whoever waits goes on as soon as they have happened. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private Waiting() {}

    /**
     * @param what completes the sentence "… for 60 s in vain: "
     * @throws IllegalStateException when it does not happen, or the thread is interrupted, which then remains so
     */
    static void until(Supplier<String> what, BooleanSupplier condition) {
        untilPresent(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /** As {@link #until}, for something that is there at last. */
    static <T> T untilPresent(Supplier<String> what, Supplier<Optional<T>> condition) {
        try (SystemClock clock = new SystemClock()) {
            long end = clock.monotonicNanos() + PATIENCE.toNanos();
            Optional<T> found = condition.get();
            while (found.isEmpty()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new IllegalStateException("interrupted while waiting: " + what.get());
                }
                if (clock.monotonicNanos() > end) {
                    throw new IllegalStateException("waited for " + PATIENCE.toSeconds() + " s in vain: " + what.get());
                }
                pause(clock);
                found = condition.get();
            }
            return found.get();
        }
    }

    private static void pause(Clock clock) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        clock.alarm(LOOK_EVERY.toNanos(), () -> over.complete(null));
        over.join();
    }
}
