package io.troupe.conformance;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.Session;
import io.troupe.client.SessionSettings;
import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import io.troupe.recipes.Recipes;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session of an Akka application with its recipes, and Curator at the other end. */
@ExtendWith(EnsembleExtension.class)
abstract class BesideCurator {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private CuratorClients curator;
    ActorSystem<Void> system;
    Recipes recipes;
    private EnsembleProcesses ensemble;
    String base;

    @BeforeEach
    void open(EnsembleProcesses running, TestInfo test) {
        ensemble = running;
        curator = new CuratorClients(running);
        base = "/recipes/" + test.getTestMethod().orElseThrow().getName();
        system = ActorSystem.create(
                Behaviors.empty(), "app", ConfigFactory.parseString("""
                akka.actor.provider = remote
                akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                akka.remote.warn-about-direct-use = off
                akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                """).withFallback(ConfigFactory.load()));
        recipes = Recipes.in(session(), system);
    }

    @AfterEach
    void close() {
        curator.close();
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }

    Session session() {
        var places = ensemble.servers().stream()
                .map(server -> server.address().host() + ":" + server.address().peerPort())
                .toList();
        return get(CoordinatorClient.create(system, places)
                .open(SessionSettings.DEFAULT
                        .withTimeout(Duration.ofSeconds(20))
                        .withDeadline(PATIENCE)));
    }

    CuratorFramework framework(int sessionMillis) throws InterruptedException {
        return curator.open(sessionMillis);
    }

    static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** The two clients are connected to different servers: before this, Curator's may not see what ours has done. */
    static void catchUp(CuratorFramework framework) throws Exception {
        framework.getZookeeperClient().getZooKeeper().sync("/");
    }

    /** Children of a znode below the base, as Curator sees them. */
    static int count(CuratorFramework framework, String path) throws Exception {
        catchUp(framework);
        var stat = framework.checkExists().forPath(path);
        return stat == null ? 0 : stat.getNumChildren();
    }
}
