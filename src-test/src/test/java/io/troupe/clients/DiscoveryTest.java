package io.troupe.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.discovery.Discovery;
import akka.discovery.ServiceDiscovery;
import com.typesafe.config.ConfigFactory;
import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Akka's service discovery by an ensemble, while instances and servers die. */
@ExtendWith(EnsembleExtension.class)
class DiscoveryTest {
    private static final String REGISTRY = "/discovered/services";

    private final Map<Integer, ForeignProgram> instances = new HashMap<>();

    @AfterEach
    void endInstances() {
        instances.values().forEach(ForeignProgram::close);
    }

    @Test
    void lookupsFindThoseWhoLive(EnsembleProcesses ensemble) {
        var places = ensemble.servers().stream()
                .map(server -> server.address().host() + ":" + server.address().peerPort())
                .toList();
        var system = seeker(places);
        try {
            var discovery = Discovery.get(system).discovery();
            assertThat(found(discovery)).isEmpty();
            Stream.of(1, 2, 3).forEach(port -> start(port, places));
            awaitFound(discovery, 1, 2, 3);

            instance(1).kill();
            awaitFound(discovery, 2, 3);

            var leader = ensemble.awaitLeader();
            leader.kill();
            assertThat(found(discovery)).as("at once, while there is no leader").containsExactly(2, 3);
            start(4, places);
            awaitFound(discovery, 2, 3, 4);
            leader.start();
            ensemble.awaitAllServing();

            instance(2).pause();
            awaitFound(discovery, 3, 4);
            instance(2).resume();
            assertThat(instance(2).awaitExit(EnsembleProcesses.PATIENCE)).isZero();
            assertThat(found(discovery)).containsExactly(3, 4);
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
        }
    }

    private static ActorSystem<?> seeker(List<String> places) {
        return ActorSystem.create(
                Behaviors.empty(),
                "seeker",
                ConfigFactory.parseString(AkkaPage.configuration("Discovery")
                                + """
                        akka.actor.provider = remote
                        akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                        akka.remote.warn-about-direct-use = off
                        akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                        akka.discovery.troupe { contact-points = ["%s"], path = "%s" }
                        """.formatted(String.join("\", \"", places), REGISTRY))
                        .withFallback(ConfigFactory.load())
                        .resolve());
    }

    private void start(int port, List<String> places) {
        var command = new ArrayList<>(ForeignProgram.java("128m"));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Greeter.class.getName(),
                REGISTRY,
                Integer.toString(port)));
        command.addAll(places);
        instances.put(port, ForeignProgram.start("greeter-" + port, command));
    }

    private ForeignProgram instance(int port) {
        var instance = instances.get(port);
        if (instance == null) {
            throw new IllegalArgumentException("no instance " + port);
        }
        return instance;
    }

    private static List<Integer> found(ServiceDiscovery discovery) {
        return discovery
                .lookup(Greeter.SERVICE, EnsembleProcesses.PATIENCE)
                .toCompletableFuture()
                .join()
                .getAddresses()
                .stream()
                .map(target -> (Integer) target.getPort().orElseThrow())
                .sorted()
                .toList();
    }

    private static void awaitFound(ServiceDiscovery discovery, Integer... ports) {
        await().atMost(EnsembleProcesses.PATIENCE)
                .untilAsserted(() -> assertThat(found(discovery)).containsExactly(ports));
    }
}
