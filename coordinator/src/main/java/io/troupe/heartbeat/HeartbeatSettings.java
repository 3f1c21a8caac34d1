package io.troupe.heartbeat;

import java.time.Duration;

/**
 * Times of the heartbeat actor.
 *
 * @param beat interval between beats to each peer
 * @param suspectAfter the least silence that makes a peer suspect
 * @param suspectAtMost the silence that makes a peer suspect whatever its history
 * @param reapEvery interval between looks for abandoned containers and TTL nodes
 * @param tick granularity of session expiry
 */
public record HeartbeatSettings(
        Duration beat, Duration suspectAfter, Duration suspectAtMost, Duration tick, Duration reapEvery) {
    public static final HeartbeatSettings DEFAULT = new HeartbeatSettings(
            Duration.ofMillis(50),
            Duration.ofMillis(400),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(60));
}
