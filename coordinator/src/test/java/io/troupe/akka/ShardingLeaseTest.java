package io.troupe.akka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.JoinSeedNodes;
import io.troupe.client.CoordinatorClient;
import io.troupe.client.Created;
import io.troupe.client.Ensemble;
import io.troupe.client.Session;
import io.troupe.request.CreateMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cluster sharding with a lease at an ensemble: a shard runs where its lease is, and nowhere while somebody else has that. */
class ShardingLeaseTest {
    private static final EntityTypeKey<String> ORDERS = EntityTypeKey.create(String.class, "orders");
    private static final String ENTITY = "order-1";
    private static final String LEASE = "/akka/leases/app-shard-orders-0";

    /** Where an entity has got messages, by message. */
    private static final Map<String, String> GOT = new ConcurrentHashMap<>();

    private static Ensemble ensemble;
    private static Session witness;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        ensemble = Ensemble.start(directory, 1, "");
        witness = get(CoordinatorClient.create(ensemble.application(), ensemble.places())
                .open());
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

    private static ActorSystem<?> member() {
        ActorSystem<?> member = ensemble.application("""
                akka.actor.provider = cluster
                akka.cluster.jmx.multi-mbeans-in-same-jvm = on
                akka.cluster.sharding {
                  use-lease = shard.lease, lease-retry-interval = 1s, retry-interval = 500ms, number-of-shards = 1
                }
                troupe.lease.contact-points = ["%s"]
                shard.lease = ${troupe.lease} { heartbeat-timeout = 6s }
                """.formatted(ensemble.place(0)));
        ClusterSharding.get(member).init(Entity.of(ORDERS, context -> orders(address(member))));
        return member;
    }

    private static Behavior<String> orders(String at) {
        return Behaviors.receive(String.class)
                .onAnyMessage(message -> {
                    GOT.put(message, at);
                    return Behaviors.same();
                })
                .build();
    }

    private static String address(ActorSystem<?> member) {
        return Cluster.get(member).selfMember().address().hostPort();
    }

    private static void ask(ActorSystem<?> from, String message) {
        ClusterSharding.get(from).entityRefFor(ORDERS, ENTITY).tell(message);
    }

    private static String owner() {
        return get(witness.getData(LEASE)).text();
    }

    @Test
    void aShardRunsWhereItsLeaseIs() {
        get(witness.create("/akka", CreateMode.PERSISTENT));
        get(witness.create("/akka/leases", CreateMode.PERSISTENT));
        Created foreign =
                get(witness.create(LEASE, "somebody else".getBytes(StandardCharsets.UTF_8), CreateMode.EPHEMERAL));
        ActorSystem<?> one = member();
        ActorSystem<?> other = member();
        List.of(one, other)
                .forEach(member -> Cluster.get(member)
                        .manager()
                        .tell(new JoinSeedNodes(
                                List.of(Cluster.get(one).selfMember().address()))));

        ask(one, "first");
        // It is asked for, in vain: somebody watches it.
        await().atMost(Ensemble.PATIENCE)
                .until(() -> ensemble.frontend(0).status().watches() > 0);
        assertThat(GOT).isEmpty();
        get(witness.delete(foreign.path()));
        await().atMost(Ensemble.PATIENCE).until(() -> GOT.containsKey("first"));
        String first = GOT.get("first");
        assertThat(owner()).isEqualTo(first);

        ActorSystem<?> holder = address(one).equals(first) ? one : other;
        ActorSystem<?> heir = holder == one ? other : one;
        String successor = address(heir);
        holder.terminate();
        get(holder.getWhenTerminated());
        ask(heir, "second");
        await().atMost(Ensemble.PATIENCE).until(() -> GOT.containsKey("second"));

        assertThat(GOT).containsEntry("second", successor);
        assertThat(owner()).isEqualTo(successor);
    }
}
