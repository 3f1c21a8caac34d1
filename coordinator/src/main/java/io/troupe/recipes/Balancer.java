package io.troupe.recipes;

import akka.Done;
import akka.NotUsed;
import akka.stream.KillSwitches;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Chooses among the enabled instances of a service, as they come and go. When the session is over it goes on with those it knew last.
 * Thread-safe.
 */
public final class Balancer implements AutoCloseable {
    private final String name;
    private final Balancing how;
    private final Random random;
    private final AtomicInteger turns = new AtomicInteger();
    private final Map<String, AtomicInteger> underWay = new ConcurrentHashMap<>();
    private final CompletableFuture<Done> ready = new CompletableFuture<>();
    private final UniqueKillSwitch end;
    private volatile Choice choice = new Choice(List.of(), new HashRing(List.of()));

    private record Choice(List<ServiceInstance> instances, HashRing ring) {}

    Balancer(Recipes recipes, String name, Source<List<ServiceInstance>, NotUsed> changes, Balancing how) {
        this.name = name;
        this.how = how;
        this.random = new Random(recipes.ids().get().getLeastSignificantBits());
        this.end = changes.viaMat(KillSwitches.single(), Keep.right())
                .to(Sink.foreach(this::take))
                .run(recipes.system());
    }

    private void take(List<ServiceInstance> all) {
        List<ServiceInstance> usable =
                all.stream().filter(ServiceInstance::enabled).toList();
        choice = new Choice(usable, new HashRing(usable));
        underWay.keySet().retainAll(usable.stream().map(ServiceInstance::id).toList());
        ready.complete(Done.getInstance());
    }

    /** Completes once it knows the instances. */
    public CompletionStage<Done> ready() {
        return ready.minimalCompletionStage();
    }

    /** The next instance to use; empty when there is none, or none is known yet. */
    public Optional<ServiceInstance> next() {
        int turn = turns.getAndIncrement();
        return next(how == Balancing.CONSISTENT_HASHING ? Integer.toString(turn) : "", turn);
    }

    /** The instance to use for this key, which counts with {@link Balancing#CONSISTENT_HASHING} only. */
    public Optional<ServiceInstance> next(String key) {
        return next(key, turns.getAndIncrement());
    }

    private Optional<ServiceInstance> next(String key, int turn) {
        Choice now = choice;
        List<ServiceInstance> instances = now.instances();
        if (instances.isEmpty()) {
            return Optional.empty();
        }
        int size = instances.size();
        return switch (how) {
            case ROUND_ROBIN -> Optional.of(instances.get(Math.floorMod(turn, size)));
            case RANDOM -> Optional.of(instances.get(random.nextInt(size)));
            case LEAST_LOADED ->
                IntStream.range(0, size)
                        .mapToObj(i -> instances.get(Math.floorMod(turn + i, size)))
                        .min(Comparator.comparingInt(instance -> load(instance).get()));
            case CONSISTENT_HASHING -> now.ring().at(key);
        };
    }

    private AtomicInteger load(ServiceInstance instance) {
        return underWay.computeIfAbsent(instance.id(), id -> new AtomicInteger());
    }

    /** Calls the next instance; fails with {@link NoSuchElementException} when there is none. Counts as load until it is answered. */
    public <T> CompletionStage<T> call(Function<ServiceInstance, CompletionStage<T>> call) {
        return call(next(), call);
    }

    /** Calls the instance for this key, as {@link #call(Function)}. */
    public <T> CompletionStage<T> call(String key, Function<ServiceInstance, CompletionStage<T>> call) {
        return call(next(key), call);
    }

    private <T> CompletionStage<T> call(
            Optional<ServiceInstance> chosen, Function<ServiceInstance, CompletionStage<T>> call) {
        if (chosen.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new NoSuchElementException("no instance of " + name + " is registered and enabled"));
        }
        AtomicInteger load = load(chosen.get());
        load.incrementAndGet();
        CompletionStage<T> answer;
        try {
            answer = call.apply(chosen.get());
        } catch (RuntimeException e) {
            load.decrementAndGet();
            return CompletableFuture.failedFuture(e);
        }
        return answer.whenComplete((value, failure) -> load.decrementAndGet());
    }

    /** Follows the instances no longer. */
    @Override
    public void close() {
        end.shutdown();
    }
}
