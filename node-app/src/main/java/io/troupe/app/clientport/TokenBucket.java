package io.troupe.app.clientport;

import io.troupe.env.Clock;
import io.troupe.env.Entropy;
import io.troupe.node.ClientLoad;

/**
 * How fast sessions may be asked for (contract 1.5): each takes tokens, and tokens come back at a fixed rate. When they run out
 * for long, some are turned away by lot before that (BLUE, Feng et al. 2002): it would be the same ones every time otherwise. Thread-safe.
 */
final class TokenBucket {
    private final ClientLoad.ConnectRate rate;
    private final Clock clock;
    private final Entropy entropy;
    private long tokens;
    private long filledMillis;
    private double probability;
    private long adjustedMillis;

    TokenBucket(ClientLoad.ConnectRate rate, Clock clock, Entropy entropy) {
        this.rate = rate;
        this.clock = clock;
        this.entropy = entropy;
        this.tokens = rate.tokens();
        this.filledMillis = clock.monotonicMillis();
        this.adjustedMillis = filledMillis;
    }

    /** Takes so many tokens; false when there are too few, or when the lot says so. */
    synchronized boolean take(int needed) {
        if (rate.tokens() == 0) {
            return true;
        }
        fill();
        if (rate.dropping().enabled()) {
            adjust();
            if (lot() < probability) {
                return false;
            }
        }
        if (tokens < needed) {
            return false;
        }
        tokens -= needed;
        return true;
    }

    private void fill() {
        long every = rate.fillEvery().toMillis();
        long intervals = (clock.monotonicMillis() - filledMillis) / every;
        filledMillis += intervals * every;
        tokens = Math.min(rate.tokens(), tokens + Math.min(intervals, rate.tokens()) * rate.fillCount());
    }

    private void adjust() {
        ClientLoad.Dropping dropping = rate.dropping();
        long now = clock.monotonicMillis();
        if (now - adjustedMillis < dropping.adjustEvery().toMillis()) {
            return;
        }
        adjustedMillis = now;
        if (tokens == 0) {
            probability = Math.min(1, probability + dropping.increase());
        } else if (tokens > rate.tokens() * dropping.ratio()) {
            probability = Math.max(0, probability - dropping.decrease());
        }
    }

    /** 0 to 1, 1 excluded. */
    private double lot() {
        return (entropy.nextLong() >>> 11) * 0x1.0p-53;
    }

    /** With what probability the next one is turned away though there are tokens. */
    synchronized double dropProbability() {
        return probability;
    }

    /** Tokens that are gone and have not come back. */
    synchronized long deficit() {
        return rate.tokens() - tokens;
    }
}
