package io.troupe.recipes;

import static io.troupe.recipes.Rig.failure;
import static io.troupe.recipes.Rig.get;
import static io.troupe.recipes.Rig.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.recipes.Rig.Party;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services with real nodes, whose instances come, go and fall ill. */
class ServiceRegistryTest {
    @TempDir
    static Path directory;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(directory);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static Set<String> chosen(Balancer balancer, int times) {
        Set<String> ids = new TreeSet<>();
        for (int i = 0; i < times; i++) {
            balancer.next().ifPresent(instance -> ids.add(instance.id()));
        }
        return ids;
    }

    private static ServiceInstance instance(String service, String id) {
        return ServiceInstance.of(service, id, "127.0.0.1", 80);
    }

    @Test
    void instancesComeAndGoWithTheirSessions() {
        Party doomed = rig.party(Duration.ofSeconds(2));
        Party client = rig.party();
        ServiceRegistry services = client.recipes().services("/services");
        Balancer balancer = services.balancer("coming", Balancing.ROUND_ROBIN);
        get(balancer.ready());
        assertThat(balancer.next()).isEmpty();
        assertThat(failure(balancer.call(any -> CompletableFuture.completedFuture(1))))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("coming");
        Registration a = services.register(instance("coming", "a").withPayload("{\"zone\":1}"));
        get(a.registered());
        get(doomed.recipes()
                .services("/services")
                .register(instance("coming", "b"))
                .registered());
        patiently().until(() -> chosen(balancer, 4).equals(Set.of("a", "b")));
        assertThat(get(services.names())).contains("coming");
        assertThat(get(services.instances("coming")).get(0).payload()).isEqualTo("{\"zone\":1}");

        rig.expire(doomed);

        patiently().until(() -> chosen(balancer, 4).equals(Set.of("a")));
        get(a.setEnabled(false));
        patiently().until(() -> chosen(balancer, 4).isEmpty());
        get(a.unregister());
        assertThat(get(services.instances("coming"))).isEmpty();
        balancer.close();
    }

    @Test
    void whoIsIllIsNotUsed() {
        ServiceRegistry services = rig.party().recipes().services("/services");
        AtomicBoolean well = new AtomicBoolean();
        CompletableFuture<Boolean> never = new CompletableFuture<>();
        AtomicBoolean silent = new AtomicBoolean();
        Registration registration = services.register(
                instance("ill", "a"),
                Duration.ofMillis(50),
                () -> silent.get() ? never : CompletableFuture.completedFuture(well.get()));
        Balancer balancer = services.balancer("ill", Balancing.RANDOM);
        get(registration.registered());
        assertThat(get(services.instances("ill")).get(0).enabled()).isFalse();

        well.set(true);
        patiently().until(() -> chosen(balancer, 2).equals(Set.of("a")));
        silent.set(true);
        patiently().until(() -> chosen(balancer, 2).isEmpty());
        silent.set(false);
        patiently().until(() -> chosen(balancer, 2).equals(Set.of("a")));
        get(registration.unregister());
        patiently().until(() -> chosen(balancer, 2).isEmpty());
        balancer.close();
    }

    @Test
    void theLeastLoadedIsTheOneWithTheFewestCalls() {
        ServiceRegistry services = rig.party().recipes().services("/services");
        for (String id : List.of("a", "b", "c")) {
            get(services.register(instance("loaded", id)).registered());
        }
        Balancer balancer = services.balancer("loaded", Balancing.LEAST_LOADED);
        patiently().until(() -> chosen(balancer, 9).size() == 3);
        Map<String, CompletableFuture<String>> calls = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            balancer.call(on -> calls.computeIfAbsent(on.id(), id -> new CompletableFuture<>()));
        }
        assertThat(calls).containsOnlyKeys("a", "b", "c");

        Objects.requireNonNull(calls.get("b")).complete("done");

        CompletionStage<String> next = balancer.call(on -> CompletableFuture.completedFuture(on.id()));
        assertThat(get(next)).isEqualTo("b");
        assertThat(failure(balancer.call(on -> {
                    throw new IllegalStateException(on.id());
                })))
                .hasMessage("b");
        assertThat(balancer.next().orElseThrow().id()).isEqualTo("b");
        balancer.close();
    }

    @Test
    void fewKeysMoveWhenAnInstanceGoes() {
        List<ServiceInstance> all = List.of(instance("s", "a"), instance("s", "b"), instance("s", "c"));
        HashRing before = new HashRing(all);
        HashRing after = new HashRing(all.subList(0, 2));
        Map<String, Integer> keys = new HashMap<>();
        for (int i = 0; i < 3_000; i++) {
            String owner = before.at("key" + i).orElseThrow().id();
            keys.merge(owner, 1, Integer::sum);
            if (!owner.equals("c")) {
                assertThat(after.at("key" + i).orElseThrow().id()).isEqualTo(owner);
            }
        }
        assertThat(keys.values()).hasSize(3).allMatch(count -> count > 600 && count < 1_400);
        assertThat(new HashRing(List.of()).at("key")).isEmpty();
    }

    @Test
    void itReadsAndWritesWhatCuratorDoes() {
        ServiceInstance instance = instance("s", "a").withPayload("{\"@class\":\"x\"}");

        assertThat(new String(ServiceJson.write(instance), StandardCharsets.UTF_8))
                .isEqualTo("{\"name\":\"s\",\"id\":\"a\",\"address\":\"127.0.0.1\",\"port\":80,\"sslPort\":null,"
                        + "\"payload\":{\"@class\":\"x\"},\"registrationTimeUTC\":0,\"serviceType\":\"DYNAMIC\","
                        + "\"uriSpec\":null,\"enabled\":true}");
        assertThat(ServiceJson.read(ServiceJson.write(instance.withEnabled(false))))
                .contains(instance.withEnabled(false));
        assertThat(ServiceJson.read("{\"name\":\"s\",\"id\":\"a\",\"address\":\"h\"}".getBytes(StandardCharsets.UTF_8)))
                .contains(ServiceInstance.of("s", "a", "h", 0));
        assertThat(ServiceJson.read("no json".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThatThrownBy(() -> ServiceJson.write(instance.withPayload("{"))).hasMessageContaining("no JSON");
        assertThatThrownBy(() -> ServiceInstance.of("a/b", "x", "h", 1)).hasMessageContaining("slash");
    }
}
