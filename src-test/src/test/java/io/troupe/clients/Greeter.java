package io.troupe.clients;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.SessionSettings;
import io.troupe.recipes.Recipes;
import io.troupe.recipes.ServiceInstance;
import java.time.Duration;
import java.util.List;

/** An instance of a service, as long as its process and its session live: its arguments are the registry, its port, and the nodes' places. */
public final class Greeter {
    static final String SERVICE = "greeter";
    static final String REGISTERED = "is registered";

    private Greeter() {}

    public static void main(String[] arguments) {
        var system = ActorSystem.create(
                Behaviors.empty(), SERVICE, ConfigFactory.parseString("""
                akka.actor.provider = remote
                akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                akka.remote.warn-about-direct-use = off
                """).withFallback(ConfigFactory.load()));
        var port = Integer.parseInt(arguments[1]);
        var session = CoordinatorClient.create(system, List.of(arguments).subList(2, arguments.length))
                .open(SessionSettings.DEFAULT.withTimeout(Duration.ofSeconds(4)))
                .toCompletableFuture()
                .join();
        session.onState(state -> {
            if (state.isFinal()) {
                system.terminate();
            }
        });
        Recipes.in(session, system)
                .services(arguments[0])
                .register(ServiceInstance.of(SERVICE, "at-" + port, "127.0.0.1", port))
                .registered()
                .thenRun(() -> System.out.println(REGISTERED));
    }
}
