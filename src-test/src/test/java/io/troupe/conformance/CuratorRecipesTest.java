package io.troupe.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.Done;
import io.troupe.recipes.Balancer;
import io.troupe.recipes.Balancing;
import io.troupe.recipes.Barrier;
import io.troupe.recipes.ConfigValue;
import io.troupe.recipes.Counter;
import io.troupe.recipes.DoubleBarrier;
import io.troupe.recipes.Group;
import io.troupe.recipes.LeaderElection;
import io.troupe.recipes.Lease;
import io.troupe.recipes.Lock;
import io.troupe.recipes.Membership;
import io.troupe.recipes.Recipes;
import io.troupe.recipes.Registration;
import io.troupe.recipes.ServiceInstance;
import io.troupe.recipes.ServiceRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.barriers.DistributedBarrier;
import org.apache.curator.framework.recipes.barriers.DistributedDoubleBarrier;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreV2;
import org.apache.curator.framework.recipes.nodes.GroupMember;
import org.apache.curator.framework.recipes.shared.SharedCount;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.junit.jupiter.api.Test;

/** Each recipe with Curator at the other end; queues in {@link CuratorQueuesTest}. */
class CuratorRecipesTest extends BesideCurator {
    @Test
    void aMutexLetsOneInWhoeverAsks() throws Exception {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var threads = Executors.newFixedThreadPool(4);
        try {
            var tasks = new ArrayList<Callable<Integer>>();
            for (var worker = 0; worker < 2; worker++) {
                var theirs = new InterProcessMutex(framework(10_000), base);
                tasks.add(() -> {
                    for (var turn = 0; turn < 10; turn++) {
                        theirs.acquire();
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                        theirs.release();
                    }
                    return 10;
                });
                var ours = Recipes.in(session(), system).mutex(base);
                tasks.add(() -> {
                    for (var turn = 0; turn < 10; turn++) {
                        get(ours.whileHeld(lease -> {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            return CompletableFuture.supplyAsync(inside::decrementAndGet);
                        }));
                    }
                    return 10;
                });
            }
            var turns = 0;
            for (Future<Integer> done : threads.invokeAll(tasks, 120, TimeUnit.SECONDS)) {
                turns += done.get();
            }
            assertThat(turns).isEqualTo(40);
        } finally {
            threads.shutdownNow();
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void aMutexPassesFromOneWhoVanishedAndIsAwaitedByTheOther() throws Exception {
        var dying = framework(4_000);
        new InterProcessMutex(dying, base).acquire();
        var heldBy = dying.getChildren().forPath(base).get(0);
        var token = dying.checkExists().forPath(base + "/" + heldBy).getCzxid();
        CompletableFuture<Lease> waiting = recipes.mutex(base).acquire().toCompletableFuture();
        await().atMost(PATIENCE).until(() -> count(dying, base) == 2);
        assertThat(waiting).isNotDone();

        CuratorClients.vanish(dying);

        Lease lease = get(waiting);
        assertThat(lease.token()).isGreaterThan(token);
        var theirs = new InterProcessMutex(framework(10_000), base);
        assertThat(theirs.acquire(200, TimeUnit.MILLISECONDS)).isFalse();
        get(lease.release());
        assertThat(theirs.acquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        theirs.release();
    }

    @Test
    void aLatchHasOneLeaderOnWhomBothAgree() throws Exception {
        var dying = framework(5_000);
        var theirs = new LeaderLatch(dying, base, "theirs");
        theirs.start();
        assertThat(theirs.await(20, TimeUnit.SECONDS)).isTrue();
        LeaderElection ours = recipes.leaderElection(base, "ours");
        await().atMost(PATIENCE).until(() -> theirs.getParticipants().size() == 2);
        assertThat(ours.isLeader()).isFalse();
        assertThat(get(ours.leader()).orElseThrow().id()).isEqualTo("theirs");

        CuratorClients.vanish(dying);

        get(ours.awaitLead());
        try (var heir = new LeaderLatch(framework(10_000), base, "heir")) {
            heir.start();
            await().atMost(PATIENCE).until(() -> heir.getParticipants().size() == 2);
            assertThat(heir.getLeader().getId()).isEqualTo("ours");
            assertThat(heir.hasLeadership()).isFalse();
            get(ours.resign());
            await().atMost(PATIENCE).until(heir::hasLeadership);
        }
    }

    @Test
    void readersAndWritersWaitForEachOther() throws Exception {
        var framework = framework(10_000);
        var theirs = new InterProcessReadWriteLock(framework, base);
        var ours = recipes.readWriteLock(base);
        theirs.readLock().acquire();
        Lease reading = get(ours.read().acquire());
        CompletableFuture<Lease> writing = ours.write().acquire().toCompletableFuture();
        await().atMost(PATIENCE).until(() -> count(framework, base) == 3);
        assertThat(new InterProcessReadWriteLock(framework, base).readLock().acquire(200, TimeUnit.MILLISECONDS))
                .isFalse();
        get(reading.release());
        assertThat(writing).isNotDone();
        theirs.readLock().release();
        Lease written = get(writing);
        assertThat(theirs.readLock().acquire(200, TimeUnit.MILLISECONDS)).isFalse();
        get(written.release());

        assertThat(theirs.writeLock().acquire(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        CompletableFuture<Lease> late = ours.read().acquire().toCompletableFuture();
        await().atMost(PATIENCE).until(() -> count(framework, base) == 2);
        assertThat(late).isNotDone();
        theirs.writeLock().release();
        get(get(late).release());
    }

    @Test
    void permitsOfASemaphoreAreCountedTogether() throws Exception {
        var framework = framework(10_000);
        var theirs = new InterProcessSemaphoreV2(framework, base, 2);
        Lock ours = recipes.semaphore(base, 2);
        var their = theirs.acquire();
        Lease our = get(ours.acquire());
        assertThat(theirs.acquire(200, TimeUnit.MILLISECONDS)).isNull();
        assertThat(get(ours.tryAcquire(Duration.ofMillis(200)))).isEmpty();
        CompletableFuture<Lease> waiting = ours.acquire().toCompletableFuture();
        await().atMost(PATIENCE).until(() -> count(framework, base + "/leases") == 3);
        assertThat(waiting).isNotDone();

        theirs.returnLease(their);

        get(waiting);
        get(our.release());
        var again = theirs.acquire(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(again).isNotNull();
        theirs.returnLease(again);
        get(get(waiting).release());
        await().atMost(PATIENCE).until(() -> count(framework, base + "/leases") == 0);
    }

    @Test
    void numbersAreCountedTogether() throws Exception {
        var framework = framework(10_000);
        var theirs = new DistributedAtomicLong(framework, base + "/long", new RetryNTimes(100, 10));
        Counter ours = recipes.counter(base + "/long");
        assertThat(get(ours.add(5))).isEqualTo(5);
        assertThat(theirs.add(1L << 40).postValue()).isEqualTo((1L << 40) + 5);
        assertThat(get(ours.increment())).isEqualTo((1L << 40) + 6);

        try (var shared = new SharedCount(framework, base + "/shared", 3)) {
            shared.start();
            assertThat(get(recipes.counter(base + "/shared").increment())).isEqualTo(4);
            await().atMost(PATIENCE).until(() -> shared.getCount() == 4);
            shared.setCount(9);
            assertThat(get(recipes.counter(base + "/shared").increment())).isEqualTo(10);
        }
    }

    @Test
    void aBarrierHoldsBoth() throws Exception {
        var framework = framework(10_000);
        var theirs = new DistributedBarrier(framework, base);
        Barrier ours = recipes.barrier(base);
        theirs.setBarrier();
        CompletableFuture<Done> waiting = ours.await().toCompletableFuture();
        assertThat(get(ours.set())).isFalse();
        assertThat(theirs.waitOnBarrier(100, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(waiting).isNotDone();
        theirs.removeBarrier();
        get(waiting);
        assertThat(get(ours.set())).isTrue();
        catchUp(framework);
        assertThat(theirs.waitOnBarrier(100, TimeUnit.MILLISECONDS)).isFalse();
        get(ours.lift());
        assertThat(theirs.waitOnBarrier(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void bothEnterAndLeaveADoubleBarrierTogether() throws Exception {
        var framework = framework(10_000);
        var theirs = new DistributedDoubleBarrier(framework, base, 2);
        DoubleBarrier ours = recipes.doubleBarrier(base, 2);
        CompletableFuture<Done> entered = ours.enter().toCompletableFuture();
        await().atMost(PATIENCE).until(() -> count(framework, base) == 1);
        assertThat(entered).isNotDone();
        assertThat(theirs.enter(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        get(entered);

        // The other way round Curator's does not wait: it goes when one is left inside.
        CompletableFuture<Done> left = ours.leave().toCompletableFuture();
        await().atMost(PATIENCE).until(() -> count(framework, base) == 2);
        assertThat(left).isNotDone();
        assertThat(theirs.leave(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        get(left);
    }

    @Test
    void membersSeeEachOther() throws Exception {
        Group group = recipes.group(base);
        Membership ours = group.join("ours", "1".getBytes(UTF_8));
        get(ours.joined());
        try (var theirs = new GroupMember(framework(10_000), base, "theirs", "2".getBytes(UTF_8))) {
            theirs.start();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(theirs.getCurrentMembers()).containsOnlyKeys("ours", "theirs"));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(get(group.members()))
                            .extracting(member -> member.id() + member.data().utf8String())
                            .containsExactly("ours1", "theirs2"));
            get(ours.leave());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(theirs.getCurrentMembers()).containsOnlyKeys("theirs"));
        }
    }

    @Test
    void aCacheFollowsAValueThatIsRolledBack() throws Exception {
        var framework = framework(10_000);
        ConfigValue<String> value = recipes.config(base, ConfigValue.Codec.TEXT);
        try (var cache = CuratorCache.build(framework, base, CuratorCache.Options.SINGLE_NODE_CACHE)) {
            cache.start();
            get(value.set("one"));
            get(value.set("two"));
            get(value.rollback(0));
            await().atMost(PATIENCE)
                    .until(() -> cache.get(base)
                            .filter(data ->
                                    data.getStat().getVersion() == 2 && new String(data.getData(), UTF_8).equals("one"))
                            .isPresent());
        }
        framework.setData().forPath(base, "theirs".getBytes(UTF_8));
        await().atMost(PATIENCE)
                .until(() -> get(value.get()).orElseThrow().value().equals("theirs"));
    }

    @Test
    void servicesAreFoundByBoth() throws Exception {
        ServiceRegistry ours = recipes.services(base);
        Registration our = ours.register(ServiceInstance.of("greeter", "ours", "127.0.0.1", 1));
        get(our.registered());
        var their = org.apache.curator.x.discovery.ServiceInstance.<Void>builder()
                .name("greeter")
                .id("theirs")
                .address("127.0.0.1")
                .port(2)
                .build();
        try (var theirs = ServiceDiscoveryBuilder.builder(Void.class)
                        .client(framework(10_000))
                        .basePath(base)
                        .thisInstance(their)
                        .build();
                var provider =
                        theirs.serviceProviderBuilder().serviceName("greeter").build();
                Balancer balancer = ours.balancer("greeter", Balancing.ROUND_ROBIN)) {
            theirs.start();
            provider.start();
            await().atMost(PATIENCE).until(() -> provider.getAllInstances().size() == 2);
            assertThat(theirs.queryForInstance("greeter", "ours").getPort()).isEqualTo(1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(List.of(
                                    balancer.next().orElseThrow().port(),
                                    balancer.next().orElseThrow().port()))
                            .containsExactlyInAnyOrder(1, 2));

            get(our.setEnabled(false));
            await().atMost(PATIENCE).until(() -> provider.getAllInstances().size() == 1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    Stream.generate(balancer::next).limit(2))
                            .allSatisfy(next ->
                                    assertThat(next.orElseThrow().port()).isEqualTo(2)));
            theirs.unregisterService(their);
            await().atMost(PATIENCE).until(() -> balancer.next().isEmpty());
        }
    }
}
