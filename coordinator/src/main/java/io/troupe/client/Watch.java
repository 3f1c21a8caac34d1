package io.troupe.client;

import akka.Done;
import java.util.concurrent.CompletionStage;

/** A watch of a session, from {@link Session#watch(String, WatchMode, WatchListener)} on. */
public interface Watch {
    /** Completes once changes are told: a read that is asked for after that misses none. Fails where the watch cannot be set. */
    CompletionStage<Done> established();

    /** Ends it: nothing more is told after the stage completes. */
    CompletionStage<Done> cancel();
}
