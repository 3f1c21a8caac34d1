package io.troupe.akka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import akka.discovery.Discovery;
import akka.discovery.Lookup;
import akka.discovery.ServiceDiscovery;
import akka.discovery.ServiceDiscovery.DiscoveryTimeoutException;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.Ensemble;
import io.troupe.client.Session;
import io.troupe.client.SessionSettings;
import io.troupe.recipes.Recipes;
import io.troupe.recipes.Registration;
import io.troupe.recipes.ServiceInstance;
import io.troupe.recipes.ServiceRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Akka's discovery of what is in the registry. */
class TroupeServiceDiscoveryTest {
    private static Ensemble ensemble;
    private static ActorSystem<?> seeker;
    private static ServiceDiscovery discovery;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        ensemble = Ensemble.start(directory, 1, "");
        seeker = seeker(ensemble.place(0));
        discovery = Discovery.get(seeker).discovery();
    }

    private static ActorSystem<?> seeker(String place) {
        return ensemble.application("""
                akka.discovery.method = troupe
                akka.discovery.troupe.contact-points = ["%s"]
                """.formatted(place));
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return Objects.requireNonNull(stage.toCompletableFuture()
                .orTimeout(Ensemble.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join());
    }

    /** A process that gives services. */
    private static ServiceRegistry giver(ActorSystem<?> system, Duration timeout) {
        Session session = get(
                CoordinatorClient.create(system, ensemble.places()).open(SessionSettings.DEFAULT.withTimeout(timeout)));
        return Recipes.in(session, system).services("/services");
    }

    private static List<String> found(Lookup lookup) {
        return get(discovery.lookup(lookup, Ensemble.PATIENCE)).getAddresses().stream()
                .map(target ->
                        target.host() + target.getPort().map(port -> ":" + port).orElse(""))
                .sorted()
                .toList();
    }

    private static void awaitFound(String service, String... expected) {
        await().atMost(Ensemble.PATIENCE)
                .untilAsserted(() -> assertThat(found(Lookup.create(service))).containsExactly(expected));
    }

    @Test
    void instancesAreFoundWhileTheyAreEnabledAndTheirProcessLives() {
        assertThat(found(Lookup.create("greeter"))).isEmpty();
        ServiceRegistry ours = giver(ensemble.application(), Duration.ofSeconds(20));
        Registration first = ours.register(ServiceInstance.of("greeter", "a", "10.0.0.1", 80));
        awaitFound("greeter", "10.0.0.1:80");
        ServiceRegistry theirs = giver(ensemble.application(), Duration.ofSeconds(4));
        theirs.register(ServiceInstance.of("greeter", "b", "10.0.0.2", 0));
        awaitFound("greeter", "10.0.0.1:80", "10.0.0.2");

        get(first.setEnabled(false));
        awaitFound("greeter", "10.0.0.2");
        get(first.setEnabled(true));
        awaitFound("greeter", "10.0.0.1:80", "10.0.0.2");
        ensemble.terminateLast();
        awaitFound("greeter", "10.0.0.1:80");
        get(first.unregister());
        awaitFound("greeter");
    }

    @Test
    void portsAndProtocolsAreThoseOfThePayload() {
        ServiceRegistry services = giver(ensemble.application(), Duration.ofSeconds(20));
        services.register(ServiceInstance.of("ports", "a", "10.0.0.1", 80)
                .withPayload("{\"ports\": {\"management\": 8558}, \"protocol\": \"tcp\"}"));
        services.register(ServiceInstance.of("ports", "b", "10.0.0.2", 81).withPayload("{\"protocol\": \"udp\"}"));
        services.register(ServiceInstance.of("ports", "c", "10.0.0.3", 82));
        services.register(ServiceInstance.of("ports", "d", "10.0.0.3", 82));
        awaitFound("ports", "10.0.0.1:80", "10.0.0.2:81", "10.0.0.3:82");

        Lookup lookup = Lookup.create("ports");
        assertThat(found(lookup.withPortName("management"))).containsExactly("10.0.0.1:8558");
        assertThat(found(lookup.withPortName("unknown"))).isEmpty();
        assertThat(found(lookup.withProtocol("tcp"))).containsExactly("10.0.0.1:80", "10.0.0.3:82");
        assertThat(found(Lookup.parseSrv("_management._tcp.ports"))).containsExactly("10.0.0.1:8558");
        assertThat(found(Lookup.parseSrv("_management._udp.ports"))).isEmpty();
    }

    @Test
    void whatIsNotKnownInTimeFails() {
        ServiceDiscovery nowhere = Discovery.get(seeker("127.0.0.1:1")).discovery();
        assertThat(failure(nowhere.lookup("greeter", Duration.ofMillis(200))))
                .isInstanceOf(DiscoveryTimeoutException.class)
                .hasMessageContaining("greeter");
    }

    @Test
    void aNameThatCannotBeIsRefused() {
        assertThat(failure(discovery.lookup("a/b", Ensemble.PATIENCE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("slash");
    }

    private static Throwable failure(CompletionStage<?> stage) {
        try {
            get(stage);
        } catch (CompletionException e) {
            return Objects.requireNonNull(e.getCause());
        }
        throw new AssertionError("did not fail");
    }
}
