package io.troupe.recipes;

import org.jspecify.annotations.Nullable;

/** What one who contends is told. */
public sealed interface Standing {
    /** It is his, until the next standing. */
    record Granted(Lease lease) implements Standing {}

    /** It is not his any more. He contends on, unless he has released it or the session is over; {@link Ended} follows then. */
    record Lost(Loss why) implements Standing {}

    /**
     * He contends no longer, and his znode is gone.
     *
     * @param cause why, mostly a {@link io.troupe.client.CoordinatorException}; null when he wanted it
     */
    record Ended(@Nullable Throwable cause) implements Standing {}
}
