package io.troupe.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.SessionSettings;
import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import io.troupe.recipes.Lease;
import io.troupe.recipes.Recipes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A process that is stopped while it holds a lock, and goes on when another has it. */
@ExtendWith(EnsembleExtension.class)
class PausedHolderTest {
    private static final String PATH = "/paused/lock";

    @Test
    void itHoldsNothingWhenItGoesOn(EnsembleProcesses ensemble) {
        var places = ensemble.servers().stream()
                .map(server -> server.address().host() + ":" + server.address().peerPort())
                .toList();
        var system = ActorSystem.create(
                Behaviors.empty(), "other", ConfigFactory.parseString("""
                akka.actor.provider = remote
                akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                akka.remote.warn-about-direct-use = off
                akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                """).withFallback(ConfigFactory.load()));
        try (var holder = ForeignProgram.start("lock-holder", command(places))) {
            holder.awaitLine(LockHolder.HELD);
            var session = CoordinatorClient.create(system, places)
                    .open(SessionSettings.DEFAULT.withTimeout(Duration.ofSeconds(20)))
                    .toCompletableFuture()
                    .orTimeout(EnsembleProcesses.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
            CompletableFuture<Lease> waiting =
                    Recipes.in(session, system).mutex(PATH).acquire().toCompletableFuture();
            await().atMost(EnsembleProcesses.PATIENCE)
                    .until(() -> session.sync(PATH)
                                    .thenCompose(done -> session.getChildren(PATH))
                                    .toCompletableFuture()
                                    .join()
                                    .names()
                                    .size()
                            == 2);
            assertThat(waiting).isNotDone();

            holder.pause();
            await().atMost(EnsembleProcesses.PATIENCE).until(waiting::isDone);
            assertThat(waiting.join().isHeld()).isTrue();
            holder.resume();

            holder.awaitLine(LockHolder.AFTER_PAUSE + false);
            assertThat(holder.awaitExit(EnsembleProcesses.PATIENCE)).isZero();
            assertThat(holder.said())
                    .doesNotContain(LockHolder.AFTER_PAUSE + true)
                    .contains(LockHolder.LOST + "SUSPENDED");
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
        }
    }

    private static List<String> command(List<String> places) {
        var command = new ArrayList<>(ForeignProgram.java("128m"));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                LockHolder.class.getName(),
                PATH));
        command.addAll(places);
        return command;
    }
}
