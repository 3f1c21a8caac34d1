package io.troupe.recipes;

import akka.actor.typed.ActorRef;
import io.troupe.client.CoordinatorException;
import io.troupe.client.Event;
import io.troupe.client.WatchListener;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what a watch tells, as messages to an actor that learns of its session's end elsewhere.
 *
 * @param actor is told
 * @param stirred for each event
 * @param refused for a watch that the node has refused
 * @param <C> what the actor takes
 */
public record WatchMessages<C>(
        ActorRef<C> actor, Function<Event, C> stirred, Function<CoordinatorException.Refused, C> refused)
        implements WatchListener {
    @Override
    public void onEvent(Event event) {
        actor.tell(stirred.apply(event));
    }

    @Override
    public void onEnd(@Nullable CoordinatorException cause) {
        if (cause instanceof CoordinatorException.Refused refusal) {
            actor.tell(refused.apply(refusal));
        }
    }
}
