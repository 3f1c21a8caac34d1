package io.troupe.client;

import java.time.Duration;
import java.util.Optional;

/** How nodes are asked for a session, each in its turn: the more rounds in vain, the more patience with each, and the longer the pauses. */
final class Rounds {
    private final SessionSettings settings;
    private int asked;
    private Duration backoff;
    private Duration patience;

    Rounds(SessionSettings settings) {
        this.settings = settings;
        this.backoff = settings.leastBackoff();
        this.patience = settings.connectTimeout();
    }

    /** One more is asked; how long to wait for it. */
    Duration ask() {
        asked++;
        return patience;
    }

    /** It was in vain. How long to wait before the next one of so many; empty for not at all. */
    Optional<Duration> pause(int nodes) {
        if (asked < nodes) {
            return Optional.empty();
        }
        asked = 0;
        Duration pause = backoff;
        backoff = shorter(backoff.multipliedBy(2), settings.mostBackoff());
        patience = shorter(patience.multipliedBy(2), settings.timeout());
        return Optional.of(pause);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** One has given it. */
    void found() {
        asked = 0;
        backoff = settings.leastBackoff();
        patience = settings.connectTimeout();
    }
}
