package io.troupe.heartbeat;

import java.time.Duration;

/**
 * Times of the heartbeat actor.
 *
 * @param beat interval between beats to each peer
 * @param suspectAfter the least silence that makes a peer suspect
 * @param suspectAtMost the silence that makes a peer suspect whatever its history
 * @param warmUp how long after its start a cold JVM is expected to stand still at times: at first only {@code suspectAtMost} makes it
 *     suspect, towards the end {@code suspectAfter}; zero to expect no such thing
 * @param tick granularity of session expiry
 * @param reaping of containers and TTL nodes
 */
public record HeartbeatSettings(
        Duration beat, Duration suspectAfter, Duration suspectAtMost, Duration warmUp, Duration tick, Reaping reaping) {
    public static final HeartbeatSettings DEFAULT = new HeartbeatSettings(
            Duration.ofMillis(50),
            Duration.ofMillis(400),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            new Reaping(Duration.ofSeconds(60), 10_000, Duration.ZERO));

    /**
     * How abandoned containers and TTL nodes are reaped (contract 2.11).
     *
     * @param every interval between looks for them
     * @param perMinute how many at most, spread over the minute
     * @param neverUsedAfter how long after its last change a container that never had a child is abandoned; zero for never
     */
    public record Reaping(Duration every, int perMinute, Duration neverUsedAfter) {}
}
