package io.troupe.clients;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.SessionSettings;
import io.troupe.recipes.Recipes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** An application that holds a lock and looks all the time whether it does: its arguments are the lock's path and the nodes' places. */
public final class LockHolder {
    static final String HELD = "holds it";
    static final String LOST = "has heard that it is lost: ";
    static final String AFTER_PAUSE = "after a pause it is held: ";

    private static final long PAUSE = Duration.ofSeconds(2).toNanos();
    private static final long BETWEEN = Duration.ofMillis(1).toNanos();

    private LockHolder() {}

    public static void main(String[] arguments) {
        var system = ActorSystem.create(
                Behaviors.empty(), "holder", ConfigFactory.parseString("""
                akka.actor.provider = remote
                akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                akka.remote.warn-about-direct-use = off
                """).withFallback(ConfigFactory.load()));
        var places = List.of(arguments).subList(1, arguments.length);
        var session = CoordinatorClient.create(system, places)
                .open(SessionSettings.DEFAULT.withTimeout(Duration.ofSeconds(4)))
                .toCompletableFuture()
                .join();
        var lease = Recipes.in(session, system)
                .mutex(arguments[0])
                .acquire()
                .toCompletableFuture()
                .join();
        lease.lost().thenAccept(why -> System.out.println(LOST + why));
        System.out.println(HELD);
        var last = System.nanoTime();
        while (!session.state().isFinal()) {
            if (System.nanoTime() - last > PAUSE) {
                System.out.println(AFTER_PAUSE + lease.isHeld());
            }
            last = System.nanoTime();
            LockSupport.parkNanos(BETWEEN);
        }
        system.terminate();
    }
}
