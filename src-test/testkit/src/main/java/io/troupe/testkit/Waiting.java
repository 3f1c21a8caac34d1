package io.troupe.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
        CountDownLatch never = new CountDownLatch(1);
        for (long look = 0; look < PATIENCE.dividedBy(LOOK_EVERY); look++) {
            Optional<T> found = condition.get();
            if (found.isPresent()) {
                return found.get();
            }
            try {
                never.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting: " + what.get(), e);
            }
        }
        throw new IllegalStateException("waited for " + PATIENCE.toSeconds() + " s in vain: " + what.get());
    }
}
