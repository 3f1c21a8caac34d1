package io.troupe.client;

import java.util.concurrent.CompletionStage;

/**
 * What was read, and its next change.
 *
 * @param value as it was read
 * @param changed completes with the first change after that, or with {@link Event.Gap} where there may have been one; fails when the
 *     session ends before. Cancelling it ({@code toCompletableFuture().cancel(true)}) ends the watch
 */
public record Watched<T>(T value, CompletionStage<Event> changed) {}
