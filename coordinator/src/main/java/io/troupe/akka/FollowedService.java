package io.troupe.akka;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.stream.RestartSettings;
import akka.stream.javadsl.RestartSource;
import akka.stream.javadsl.Source;
import io.troupe.recipes.ServiceInstance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The instances of a service, as they were known last; followed in another session when one is over. Thread-safe. */
final class FollowedService {
    private static final RestartSettings AGAIN =
            RestartSettings.create(Duration.ofMillis(100), Duration.ofSeconds(5), 0.2);

    private final CompletableFuture<List<ServiceInstance>> first = new CompletableFuture<>();
    private volatile List<ServiceInstance> latest = List.of();

    /**
     * Follows it as long as the actor system lives.
     *
     * @param changes in the session of the moment
     */
    FollowedService(ActorSystem<?> system, Supplier<CompletionStage<Source<List<ServiceInstance>, NotUsed>>> changes) {
        RestartSource.withBackoff(AGAIN, () -> Source.completionStageSource(changes.get()))
                .runForeach(this::take, system);
    }

    private void take(List<ServiceInstance> instances) {
        latest = instances;
        first.complete(instances);
    }

    /** Completes once they are known for the first time. */
    CompletionStage<List<ServiceInstance>> known() {
        return first.thenApply(instances -> latest);
    }
}
