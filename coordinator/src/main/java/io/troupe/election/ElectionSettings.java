package io.troupe.election;

import java.time.Duration;

/**
 * Times of the election actor.
 *
 * @param resend how long a vote may go unanswered before it is sent again
 * @param settle how long a quorum's agreement waits for a voter that is silent but not known to be down
 */
public record ElectionSettings(Duration resend, Duration settle) {
    public static final ElectionSettings DEFAULT = new ElectionSettings(Duration.ofMillis(100), Duration.ofMillis(200));
}
