package io.troupe.clients;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.SessionSettings;
import io.troupe.recipes.Lease;
import io.troupe.recipes.Lock;
import io.troupe.recipes.Recipes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An application that takes a lock again and again, and passes the critical section while it has it. As a process of its own its arguments are
 * the lock's path, the section's file and the nodes' places, and it ends when it is told something.
 */
public final class Contender implements AutoCloseable {
    static final String BEGUN = "has begun";
    static final String TURNS = "turns: ";

    private final ActorSystem<Void> system;
    private final Lock lock;
    private final CriticalSection section;
    private final AtomicInteger turns = new AtomicInteger();
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private volatile boolean stopping;

    Contender(String path, Path file, List<String> places) {
        system = ActorSystem.create(
                Behaviors.empty(), "contender", ConfigFactory.parseString("""
                akka.actor.provider = remote
                akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                akka.remote.warn-about-direct-use = off
                akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                """).withFallback(ConfigFactory.load()));
        var session = CoordinatorClient.create(system, places)
                .open(SessionSettings.DEFAULT.withTimeout(Duration.ofSeconds(8)).withDeadline(Duration.ofSeconds(50)))
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        lock = Recipes.in(session, system).mutex(path);
        section = new CriticalSection(file);
        next();
    }

    private void next() {
        CompletionStage<Void> turn =
                lock.whileHeld(lease -> CompletableFuture.runAsync(() -> pass(lease), system.executionContext()));
        turn.whenComplete((done, failure) -> {
            if (failure != null) {
                end.completeExceptionally(failure);
            } else if (stopping) {
                end.complete(turns.get());
            } else {
                next();
            }
        });
    }

    private void pass(Lease lease) {
        if (lease.isHeld()) {
            section.pass(lease.token());
            turns.incrementAndGet();
        }
    }

    int turns() {
        return turns.get();
    }

    /** Fails when it was not alone inside. */
    int stop() {
        stopping = true;
        return end.orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        stopping = true;
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }

    public static void main(String[] arguments) throws IOException {
        var places = List.of(arguments).subList(2, arguments.length);
        try (var contender = new Contender(arguments[0], Path.of(arguments[1]), places)) {
            System.out.println(BEGUN);
            if (System.in.read() >= 0) {
                System.out.println(TURNS + contender.stop());
            }
        }
    }
}
