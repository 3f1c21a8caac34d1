package io.troupe.akka;

import akka.actor.Cancellable;
import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.discovery.Lookup;
import akka.discovery.ServiceDiscovery;
import com.typesafe.config.Config;
import io.troupe.recipes.Recipes;
import io.troupe.recipes.ServiceRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import scala.concurrent.Future;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * Akka's service discovery by a {@link ServiceRegistry}: {@code akka.discovery.method = troupe} of the configuration. Answers with all enabled
 * instances of the service, none where it has none. The first lookup of a name asks the ensemble; from then on changes are watched, and
 * lookups are answered from what is known last, also while no node can be reached. Each name that was ever looked up stays watched.
 *
 * <p>A lookup with a port's name is answered by instances whose payload has it, {@code {"ports": {"management": 8558}}}; with a protocol by
 * those whose payload has the same {@code "protocol"} or none. Thread-safe.
 */
public final class TroupeServiceDiscovery extends ServiceDiscovery {
    private static final String CONFIG = "akka.discovery.troupe";

    private final ActorSystem<?> system;
    private final SharedSessions sessions;
    private final SharedSessions.Kind kind;
    private final String path;
    private final ConcurrentHashMap<String, FollowedService> followed = new ConcurrentHashMap<>();

    /**
     * Called by Akka.
     *
     * @throws IllegalArgumentException when something is wrong with its configuration
     */
    public TroupeServiceDiscovery(ExtendedActorSystem system) {
        Config config = system.settings().config().getConfig(CONFIG);
        this.system = Adapter.toTyped(system);
        this.sessions = SharedSessions.of(this.system);
        this.path = config.getString("path");
        this.kind =
                new SharedSessions.Kind(config.getStringList("contact-points"), config.getDuration("session-timeout"));
        sessions.session(kind);
    }

    @Override
    public Future<Resolved> lookup(Lookup lookup, FiniteDuration resolveTimeout) {
        return FutureConverters.asScala(lookup(lookup, Duration.ofNanos(resolveTimeout.toNanos())));
    }

    /** Fails with {@link ServiceDiscovery.DiscoveryTimeoutException} when nothing is known in time. */
    @Override
    public CompletionStage<Resolved> lookup(Lookup query, Duration resolveTimeout) {
        String name = query.serviceName();
        if (name.indexOf('/') >= 0) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(
                    "service \"" + name + "\": it is the name of a znode, without a slash"));
        }
        CompletableFuture<Resolved> answer = new CompletableFuture<>();
        Cancellable alarm = system.scheduler()
                .scheduleOnce(
                        resolveTimeout,
                        () -> answer.completeExceptionally(new DiscoveryTimeoutException(
                                "nothing is known of service " + name + " after " + resolveTimeout)),
                        system.executionContext());
        CompletionStage<Resolved> resolved = followed.computeIfAbsent(name, this::follow)
                .known()
                .thenApply(instances -> new Resolved(
                        name,
                        CollectionConverters.asScala(Targets.of(instances, query))
                                .toList()));
        resolved.whenComplete((found, failure) -> {
            alarm.cancel();
            if (failure == null) {
                answer.complete(found);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    private FollowedService follow(String name) {
        return new FollowedService(
                system,
                () -> sessions.session(kind)
                        .thenApply(session ->
                                Recipes.in(session, system).services(path).changes(name)));
    }
}
