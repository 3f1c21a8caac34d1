package io.troupe.election;

import java.time.Duration;

/**
 * Times of the election actor.
 *
 * @param resend how long a vote may go unanswered before it is sent again
 * @param settle how long a quorum's agreement waits for a voter that is silent but not known to be down
 * @param isolatedAfter how long a node looks without hearing of anybody before it doubts its own remoting
 */
public record ElectionSettings(Duration resend, Duration settle, Duration isolatedAfter) {
    /** The same times, except how long a node must hear of nobody. */
    public ElectionSettings isolatedAfter(Duration longer) {
        return new ElectionSettings(resend, settle, longer);
    }

    public static final ElectionSettings DEFAULT =
            new ElectionSettings(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofSeconds(20));
}
