package io.troupe.examples;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.Session;
import io.troupe.client.SessionSettings;
import io.troupe.client.SessionState;
import io.troupe.recipes.Recipes;
import java.time.Duration;
import java.util.List;

/**
 * What the examples by actors share: an actor system with remoting, and a session in the ensemble, which is closed when the process
 * ends, so that whatever it held is free at once.
 */
final class Application {
    /** So long others wait for one that was killed. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final String name;
    private final ActorSystem<Void> system;
    private final Session session;

    private Application(String name, ActorSystem<Void> system, Session session) {
        this.name = name;
        this.system = system;
        this.session = session;
    }

    /** Opens a session at the nodes that the property {@code contacts} names. */
    static Application start(String name) {
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(), "example", ConfigFactory.parseString("""
                        akka.actor.provider = remote
                        akka.remote.warn-about-direct-use = off
                        akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                        """).withFallback(ConfigFactory.load()));
        List<String> contacts = List.of(System.getProperty("contacts", "").split(","));
        Session session = CoordinatorClient.create(system, contacts)
                .open(SessionSettings.DEFAULT.withTimeout(TIMEOUT))
                .toCompletableFuture()
                .join();
        Application application = new Application(name, system, session);
        CoordinatedShutdown.get(system)
                .addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "close the session", session::close);
        session.onState(application::onState);
        return application;
    }

    /** What a session held is somebody else's once it has expired: an application begins anew then, most simply as a new process. */
    private void onState(SessionState state) {
        if (state == SessionState.EXPIRED) {
            say("the session has expired");
            new Thread(() -> System.exit(1)).start();
        }
    }

    /** Prints a line. */
    void say(String text) {
        System.out.println(name + ": " + text);
    }

    ActorSystem<Void> system() {
        return system;
    }

    Recipes recipes() {
        return Recipes.in(session, system);
    }

    /** Ends the process. */
    void stop() {
        system.terminate();
    }
}
