package io.troupe.app.clientport;

import io.troupe.env.Clock;
import io.troupe.node.ClientLoad;

/** How fast sessions may be asked for (contract 1.5): each takes a token, and tokens come back at a fixed rate. Thread-safe. */
final class TokenBucket {
    private final ClientLoad.ConnectRate rate;
    private final Clock clock;
    private long tokens;
    private long filledMillis;

    TokenBucket(ClientLoad.ConnectRate rate, Clock clock) {
        this.rate = rate;
        this.clock = clock;
        this.tokens = rate.tokens();
        this.filledMillis = clock.monotonicMillis();
    }

    /** Takes a token; false when there is none. */
    synchronized boolean take() {
        if (rate.tokens() == 0) {
            return true;
        }
        long every = rate.fillEvery().toMillis();
        long intervals = (clock.monotonicMillis() - filledMillis) / every;
        filledMillis += intervals * every;
        tokens = Math.min(rate.tokens(), tokens + Math.min(intervals, rate.tokens()) * rate.fillCount());
        if (tokens == 0) {
            return false;
        }
        tokens--;
        return true;
    }
}
